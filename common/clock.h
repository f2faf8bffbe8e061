#ifndef DATELINE_COMMON_CLOCK_H_
#define DATELINE_COMMON_CLOCK_H_

#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace dateline {

// Tells the time. Cores take an absl::Time as an argument; shells take a Clock,
// so that tests can set it. Thread-safe.
class Clock {
 public:
  virtual ~Clock() = default;
  virtual absl::Time Now() const = 0;
};

class SystemClock final : public Clock {
 public:
  absl::Time Now() const override { return absl::Now(); }
};

}  // namespace dateline

#endif  // DATELINE_COMMON_CLOCK_H_

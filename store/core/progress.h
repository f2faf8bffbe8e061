#ifndef DATELINE_STORE_CORE_PROGRESS_H_
#define DATELINE_STORE_CORE_PROGRESS_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"

namespace dateline::store {

// How far long work is and when it will be done, from how fast it was.
class Progress {
 public:
  // `left`: units of work still to be done at the time `begin`.
  Progress(absl::Time begin, int64_t left) : begin_(begin), left_(left) {}

  // Units per second so far; 0 where nothing was done. `left` may have grown
  // for new work, which then looks like work not done.
  double Rate(absl::Time now, int64_t left) const;
  // None where nothing was done.
  std::optional<absl::Duration> Remaining(absl::Time now, int64_t left) const;
  // Of the work there was at the beginning, 0 to 100.
  int Percent(int64_t left) const;

 private:
  const absl::Time begin_;
  const int64_t left_;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_PROGRESS_H_

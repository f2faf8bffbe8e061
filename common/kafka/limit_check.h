#ifndef DATELINE_COMMON_KAFKA_LIMIT_CHECK_H_
#define DATELINE_COMMON_KAFKA_LIMIT_CHECK_H_

#include <cstdint>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "common/kafka/client.h"

namespace dateline::kafka {

// Checks at a service's start that its pages fit the topics: asks the broker
// for their max.message.bytes, waiting for it where it is away, and, where
// CheckPageLimits says that they don't fit, ends the process as SIGTERM would.
// Where the broker doesn't tell, the log says so, and the service goes on.
class LimitCheck {
 public:
  LimitCheck(ClientOptions client, std::vector<std::string> topics,
             int64_t fetched_bytes);
  // Stops asking.
  ~LimitCheck();

  // Stops asking. What was found: OK, or what disagrees.
  absl::Status Stop();

 private:
  void Run();
  absl::Status AskOnce() const;

  const ClientOptions client_;
  const std::vector<std::string> topics_;
  const int64_t fetched_bytes_;
  absl::Notification stop_;
  // Written by the thread, read when it is joined.
  absl::Status found_;
  std::thread thread_;
};

}  // namespace dateline::kafka

#endif  // DATELINE_COMMON_KAFKA_LIMIT_CHECK_H_

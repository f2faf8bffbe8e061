#include "common/kafka/limit_check.h"

#include <signal.h>
#include <unistd.h>

#include <map>
#include <utility>

#include "absl/strings/numbers.h"
#include "common/kafka/admin.h"
#include "common/log.h"
#include "common/page_limits.h"

namespace dateline::kafka {
namespace {

constexpr char kLimit[] = "max.message.bytes";
constexpr absl::Duration kTimeout = absl::Seconds(5);
constexpr absl::Duration kPause = absl::Seconds(1);

}  // namespace

LimitCheck::LimitCheck(ClientOptions client, std::vector<std::string> topics,
                       int64_t fetched_bytes)
    : client_(std::move(client)),
      topics_(std::move(topics)),
      fetched_bytes_(fetched_bytes),
      thread_([this] { Run(); }) {}

LimitCheck::~LimitCheck() { (void)Stop(); }

absl::Status LimitCheck::Stop() {
  if (!stop_.HasBeenNotified()) stop_.Notify();
  if (thread_.joinable()) thread_.join();
  return found_;
}

void LimitCheck::Run() {
  while (!stop_.HasBeenNotified()) {
    const absl::Status status = AskOnce();
    if (absl::IsFailedPrecondition(status)) {
      found_ = status;
      kill(getpid(), SIGTERM);
      return;
    }
    if (!absl::IsUnavailable(status) && !absl::IsNotFound(status)) {
      if (!status.ok()) {
        LogWarning("whether pages fit their topics isn't known",
                   {{"reason", status.message()}});
      }
      return;
    }
    stop_.WaitForNotificationWithTimeout(kPause);
  }
}

absl::Status LimitCheck::AskOnce() const {
  std::map<std::string, int64_t> limits;
  for (const std::string& topic : topics_) {
    const absl::StatusOr<std::map<std::string, std::string>> config =
        DescribeTopic(client_, topic, kTimeout);
    if (!config.ok()) return config.status();
    const auto limit = config->find(kLimit);
    int64_t bytes = 0;
    if (limit != config->end() && absl::SimpleAtoi(limit->second, &bytes)) {
      limits[topic] = bytes;
    }
  }
  return CheckPageLimits(fetched_bytes_, limits,
                         static_cast<int64_t>(kMaxPageBytes));
}

}  // namespace dateline::kafka

#include "store/retry_thread.h"

#include <utility>

#include "common/log.h"

namespace dateline::store {
namespace {

constexpr absl::Duration kPause = absl::Seconds(1);

}  // namespace

RetryThread::RetryThread(std::string name, std::function<absl::Status()> work)
    : name_(std::move(name)), work_(std::move(work)) {}

RetryThread::~RetryThread() { Stop(); }

void RetryThread::Start() {
  thread_ = std::thread([this] { Run(); });
}

void RetryThread::Stop() {
  if (!stop_.HasBeenNotified()) stop_.Notify();
  if (thread_.joinable()) thread_.join();
}

void RetryThread::Run() {
  while (!stopping()) {
    const absl::Status status = work_();
    if (stopping()) return;
    const std::string reason = status.ToString();
    if (reason != last_reason_) {
      LogWarning("waiting to go on", {{"work", name_}, {"reason", reason}});
      last_reason_ = reason;
    }
    stop_.WaitForNotificationWithTimeout(kPause);
  }
}

}  // namespace dateline::store

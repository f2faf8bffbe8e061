#ifndef DATELINE_STORE_RETRY_THREAD_H_
#define DATELINE_STORE_RETRY_THREAD_H_

#include <functional>
#include <string>
#include <thread>

#include "absl/status/status.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace dateline::store {

// A thread that does long work until it is told to stop, and begins it again,
// after a pause, whenever it ends with an error. The log tells each reason
// once, until the work was going again.
class RetryThread {
 public:
  // `work` returns OK only where stopping() became true, and calls Going() once
  // it has got past what may fail.
  RetryThread(std::string name, std::function<absl::Status()> work);
  // Stops.
  ~RetryThread();

  void Start();
  // Waits for the end of the work.
  void Stop();

  // For the work, on its own thread or another.
  bool stopping() const { return stop_.HasBeenNotified(); }
  void Going() { last_reason_.clear(); }

 private:
  void Run();

  const std::string name_;
  const std::function<absl::Status()> work_;
  absl::Notification stop_;
  std::string last_reason_;  // of the thread
  std::thread thread_;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_RETRY_THREAD_H_

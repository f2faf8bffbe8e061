#ifndef DATELINE_COMMON_THREAD_POOL_H_
#define DATELINE_COMMON_THREAD_POOL_H_

#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace dateline {

// A fixed number of threads and a bounded queue, for work that must not run on
// gRPC's threads. Thread-safe.
class ThreadPool {
 public:
  ThreadPool(int threads, size_t max_queued);
  // Runs what is queued, then joins.
  ~ThreadPool();

  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  // False where the queue is full; `work` is not run then.
  [[nodiscard]] bool TrySchedule(std::function<void()> work)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);

  const size_t max_queued_;
  absl::Mutex mutex_;
  std::deque<std::function<void()>> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace dateline

#endif  // DATELINE_COMMON_THREAD_POOL_H_

#ifndef DATELINE_STORE_WATCH_HUB_H_
#define DATELINE_STORE_WATCH_HUB_H_

#include <atomic>
#include <cstddef>
#include <list>
#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/metrics.h"
#include "store/watch.h"

namespace dateline::store {

// Runs watches, each on a thread of its own, since a watch waits: for articles,
// for its reader, for the broker. Thread-safe.
class WatchHub {
 public:
  // `metrics` must outlive this object.
  WatchHub(size_t max_watches, Metrics& metrics);
  // Stops.
  ~WatchHub();

  // Where a watch's answers and its end go. Must outlive the call of Finish,
  // which is the last one.
  class Stream : public WatchSink {
   public:
    virtual void Finish(const absl::Status& status) = 0;
    // From any thread, before Finish: has a Send that waits return.
    virtual void Abort() = 0;
  };

  // Begins a watch whose end is told to `stream`. Where this isn't OK, nothing
  // was begun and `stream` isn't called: kResourceExhausted (too many watches),
  // kUnavailable (stopping).
  absl::Status Start(std::shared_ptr<Watch> watch, Stream& stream)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Ends all watches with kUnavailable, asking clients to go on elsewhere with
  // their tokens, and takes no new ones.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Entry {
    std::shared_ptr<Watch> watch;
    absl::Mutex mutex;
    Stream* stream ABSL_GUARDED_BY(mutex) = nullptr;  // null once finished
    std::thread thread;
    std::atomic<bool> done = false;
  };

  void Run(Entry& entry);
  // Joins those that are done.
  void ReapLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t max_watches_;
  prometheus::Gauge& watches_;
  std::atomic<bool> stopping_ = false;
  absl::Mutex mutex_;
  std::list<Entry> entries_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_WATCH_HUB_H_

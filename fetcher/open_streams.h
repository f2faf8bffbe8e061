#ifndef DATELINE_FETCHER_OPEN_STREAMS_H_
#define DATELINE_FETCHER_OPEN_STREAMS_H_

#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace dateline::fetcher {

// A call that goes on until it is told to end. Thread-safe.
class OpenStream {
 public:
  virtual ~OpenStream() = default;
  // Ends the call as UNAVAILABLE.
  virtual void End() = 0;
};

// The open calls of a service, so that shutdown can end them. Thread-safe.
class OpenStreams {
 public:
  // Ends it at once where EndAll was called already.
  void Add(const std::shared_ptr<OpenStream>& stream)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void EndAll() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::Mutex mutex_;
  std::vector<std::weak_ptr<OpenStream>> streams_ ABSL_GUARDED_BY(mutex_);
  bool ended_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_OPEN_STREAMS_H_

#ifndef DATELINE_STORE_REBUILD_RUNNER_H_
#define DATELINE_STORE_REBUILD_RUNNER_H_

#include <functional>
#include <memory>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/metrics.h"
#include "store/core/rebuild.h"
#include "store/ingest.h"

namespace dateline::store {

// Fills a rebuild from the topic while the old data is served and kept up to
// date, and switches over once it has reached the topic's end. Where the switch
// fails, says so in the log, and the old data stays.
class RebuildRunner {
 public:
  // `pause` stops the ingest of the served repository, `resume` begins it
  // again; both are called on this object's thread, around the switch.
  RebuildRunner(std::unique_ptr<Rebuild> rebuild, ConsumerFactory factory,
                IngestOptions options, std::function<void()> pause,
                std::function<void()> resume);
  // Stops.
  ~RebuildRunner();

  void Start();
  // Before the served ingest is stopped for good.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);

  const std::unique_ptr<Rebuild> rebuild_;
  const std::function<void()> pause_;
  const std::function<void()> resume_;
  // Nobody looks at them: the served ingest has the same names.
  Metrics metrics_;
  absl::Mutex mutex_;
  bool caught_up_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  Ingest ingest_;
  std::thread thread_;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_REBUILD_RUNNER_H_

#ifndef DATELINE_STORE_SQLITE_DAMAGE_LOG_H_
#define DATELINE_STORE_SQLITE_DAMAGE_LOG_H_

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_set.h"
#include "absl/synchronization/mutex.h"

namespace dateline::store {

// Tells the log of articles whose stored bytes are damaged, each once, however
// often it is come upon; of the first thousand. Thread-safe.
class DamageLog {
 public:
  void Tell(const std::vector<std::string>& uids) ABSL_LOCKS_EXCLUDED(mutex_);
  // For another database: what is damaged in that is told anew.
  void Clear() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::Mutex mutex_;
  absl::flat_hash_set<std::string> told_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_SQLITE_DAMAGE_LOG_H_

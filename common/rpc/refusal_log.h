#ifndef DATELINE_COMMON_RPC_REFUSAL_LOG_H_
#define DATELINE_COMMON_RPC_REFUSAL_LOG_H_

#include <cstdint>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace dateline::rpc {

// Logs calls that were refused, a line a second at most: who floods a server
// shall not flood its log. A line says how many refusals since the one before
// it have none. Thread-safe.
class RefusalLog {
 public:
  // `method` is "/package.Service/Method", `client` a name, as Guard has it, or
  // the peer's address.
  void Add(absl::string_view method, absl::string_view client,
           const absl::Status& status, absl::Time now)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  absl::Mutex mutex_;
  absl::Time logged_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
  int64_t unlogged_ ABSL_GUARDED_BY(mutex_) = 0;
};

}  // namespace dateline::rpc

#endif  // DATELINE_COMMON_RPC_REFUSAL_LOG_H_

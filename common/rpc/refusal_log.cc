#include "common/rpc/refusal_log.h"

#include <utility>

#include "common/log.h"

namespace dateline::rpc {
namespace {

constexpr absl::Duration kInterval = absl::Seconds(1);

}  // namespace

void RefusalLog::Add(absl::string_view method, absl::string_view client,
                     const absl::Status& status, absl::Time now) {
  int64_t unlogged = 0;
  {
    absl::MutexLock lock(&mutex_);
    // A clock that was set back logs as well.
    if (now >= logged_ && now - logged_ < kInterval) {
      ++unlogged_;
      return;
    }
    logged_ = now;
    unlogged = std::exchange(unlogged_, 0);
  }
  LogWarning("call refused", {{"method", method},
                              {"client", client},
                              {"error", status.message()},
                              {"refused_unlogged", unlogged}});
}

}  // namespace dateline::rpc

#ifndef DATELINE_COMMON_RPC_GUARD_H_
#define DATELINE_COMMON_RPC_GUARD_H_

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/rpc/client_limits.h"
#include "common/rpc/refusal_log.h"
#include "common/rpc/role.h"
#include "common/rpc/tokens.h"

namespace dateline::rpc {

// What a call says of itself before its request is read.
struct Caller {
  // The values of its `authorization` metadata.
  std::vector<std::string> authorizations = {};
  std::string certificate = {};  // the verified one's subject; may be empty
  std::string address = {};      // "ipv4:127.0.0.1:4711"
};

// Who is who, may do what, and how often. Thread-safe.
class Guard {
 public:
  // Without `tokens` every caller that gets here may call everything.
  Guard(std::unique_ptr<TokensFile> tokens, ClientLimitOptions limits)
      : tokens_(std::move(tokens)), limits_(limits) {}

  // Lets a call of `method`, "/package.Service/Method", in until the slot is
  // destroyed. kUnauthenticated where it has no token or none of ours,
  // kPermissionDenied where its role is too low, both with an ErrorInfo of the
  // domain "dateline"; kResourceExhausted with a RetryInfo where the client
  // asks for too much. A refusal is logged, without the token.
  absl::StatusOr<ClientLimits::Slot> Admit(absl::string_view method,
                                           const Caller& caller,
                                           absl::Time now);

  // The same for a call that may last: `end` is called, at most once and maybe
  // as the slot is being destroyed, where RereadTokens finds that the call's
  // token is gone (kUnauthenticated) or its role too low (kPermissionDenied).
  using End = std::function<void(const absl::Status&)>;
  absl::StatusOr<ClientLimits::Slot> AdmitStream(absl::string_view method,
                                                 const Caller& caller,
                                                 absl::Time now, End end);

  // Takes up a changed file of tokens.
  void RereadTokens();

 private:
  struct Stream {
    std::string method;
    std::string digest;  // of its token
    End end;
  };

  // `token` becomes the caller's.
  absl::StatusOr<ClientLimits::Slot> Admit(absl::string_view method,
                                           const Caller& caller, absl::Time now,
                                           std::optional<Token>& token);
  absl::Status MayGoOn(const Stream& stream) const;
  ClientLimits::Slot Register(std::shared_ptr<const Stream> stream,
                              ClientLimits::Slot slot);

  const std::unique_ptr<TokensFile> tokens_;  // null where there are none
  ClientLimits limits_;
  RefusalLog refusals_;
  absl::Mutex streams_mutex_;
  std::unordered_set<std::shared_ptr<const Stream>> streams_
      ABSL_GUARDED_BY(streams_mutex_);
};

}  // namespace dateline::rpc

#endif  // DATELINE_COMMON_RPC_GUARD_H_

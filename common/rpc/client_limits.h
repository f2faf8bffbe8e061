#ifndef DATELINE_COMMON_RPC_CLIENT_LIMITS_H_
#define DATELINE_COMMON_RPC_CLIENT_LIMITS_H_

#include <memory>
#include <string>
#include <unordered_map>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace dateline::rpc {

// How much one client may ask for; 0 is no bound.
struct ClientLimitOptions {
  double calls_per_second = 0;  // one second's worth may come at once
  int calls_at_once = 0;        // open calls, streams among them
};

// Counts the calls of each client: a token bucket and the calls that are open.
// Forgets clients that have been quiet. Thread-safe; must outlive its slots.
class ClientLimits {
 public:
  // An open call, until it is destroyed.
  using Slot = std::shared_ptr<void>;

  explicit ClientLimits(ClientLimitOptions options) : options_(options) {}

  // A call of `client`; kResourceExhausted with a RetryInfo where it has had
  // its share.
  absl::StatusOr<Slot> Begin(const std::string& client, absl::Time now);

  size_t clients() const;

 private:
  struct Client {
    double tokens = 0;
    absl::Time filled = {};
    int open = 0;
  };

  Client& Find(const std::string& client, absl::Time now)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void Fill(Client& client, absl::Time now) const;
  void ForgetQuietOnes(absl::Time now) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  void End(const std::string& client);

  const ClientLimitOptions options_;
  mutable absl::Mutex mutex_;
  std::unordered_map<std::string, Client> clients_ ABSL_GUARDED_BY(mutex_);
  size_t sweep_at_ ABSL_GUARDED_BY(mutex_) = 1024;
};

}  // namespace dateline::rpc

#endif  // DATELINE_COMMON_RPC_CLIENT_LIMITS_H_

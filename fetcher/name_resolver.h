#ifndef DATELINE_FETCHER_NAME_RESOLVER_H_
#define DATELINE_FETCHER_NAME_RESOLVER_H_

#include <atomic>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/thread_pool.h"
#include "fetcher/core/address.h"

namespace dateline::fetcher {

// Looks up a name, and waits for it. kNotFound where it has no address.
using NameLookUp =
    std::function<absl::StatusOr<std::vector<IpAddress>>(const std::string&)>;

// By the system's resolver (getaddrinfo), in its order.
absl::StatusOr<std::vector<IpAddress>> LookUpInSystem(const std::string& host);

// Looks names up on threads of its own. Thread-safe.
//
// Limitations: answers are not kept; that is left to the system's resolver. A
// look-up can't be given up, so that destruction waits for those under way.
class NameResolver {
 public:
  using Callback = std::function<void(absl::StatusOr<std::vector<IpAddress>>)>;

  explicit NameResolver(NameLookUp look_up);
  // Look-ups that have not begun end as kCancelled.
  ~NameResolver();

  // `callback` is called exactly once, on one of the threads or, as
  // kResourceExhausted where too many wait, before this returns.
  void Resolve(std::string host, Callback callback);

 private:
  const NameLookUp look_up_;
  std::atomic<bool> stopping_ = false;
  ThreadPool pool_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_NAME_RESOLVER_H_

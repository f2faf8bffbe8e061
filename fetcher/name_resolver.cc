#include "fetcher/name_resolver.h"

#include <netdb.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstring>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fetcher/socket_address.h"

namespace dateline::fetcher {
namespace {

// Slow name servers hold up as many names as there are threads.
constexpr int kThreads = 16;
constexpr size_t kMostWaiting = 4096;

}  // namespace

absl::StatusOr<std::vector<IpAddress>> LookUpInSystem(const std::string& host) {
  addrinfo hints = {};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* raw = nullptr;
  const int code = getaddrinfo(host.c_str(), nullptr, &hints, &raw);
  const std::unique_ptr<addrinfo, void (*)(addrinfo*)> found(raw, freeaddrinfo);
  if (code != 0) {
    return absl::NotFoundError(
        absl::StrCat("looking up ", host, ": ", gai_strerror(code)));
  }
  std::vector<IpAddress> addresses;
  for (const addrinfo* at = found.get(); at != nullptr; at = at->ai_next) {
    const std::optional<IpAddress> address = ToIpAddress(*at->ai_addr);
    if (address.has_value()) addresses.push_back(*address);
  }
  return addresses;
}

NameResolver::NameResolver(NameLookUp look_up)
    : look_up_(std::move(look_up)), pool_(kThreads, kMostWaiting) {}

NameResolver::~NameResolver() { stopping_ = true; }

void NameResolver::Resolve(std::string host, Callback callback) {
  const auto shared = std::make_shared<Callback>(std::move(callback));
  const bool scheduled =
      pool_.TrySchedule([this, host = std::move(host), shared] {
        if (stopping_) {
          (*shared)(absl::CancelledError("the fetcher is shutting down"));
        } else {
          (*shared)(look_up_(host));
        }
      });
  if (!scheduled) {
    (*shared)(absl::ResourceExhaustedError("too many names wait"));
  }
}

}  // namespace dateline::fetcher

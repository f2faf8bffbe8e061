#include "fetcher/socket_address.h"

#include <netinet/in.h>

#include <cstring>

namespace dateline::fetcher {

std::optional<IpAddress> ToIpAddress(const sockaddr& address) {
  IpAddress ip;
  if (address.sa_family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &address, sizeof(v4));
    std::memcpy(ip.bytes.data(), &v4.sin_addr, 4);
    return ip;
  }
  if (address.sa_family != AF_INET6) return std::nullopt;
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&address);
  std::memcpy(ip.bytes.data(), &v6->sin6_addr, 16);
  ip.is_v6 = true;
  return ip;
}

}  // namespace dateline::fetcher

#ifndef DATELINE_FETCHER_SOCKET_ADDRESS_H_
#define DATELINE_FETCHER_SOCKET_ADDRESS_H_

#include <sys/socket.h>

#include <optional>

#include "fetcher/core/address.h"

namespace dateline::fetcher {

// Of AF_INET and AF_INET6; `address` must be as long as its family says.
std::optional<IpAddress> ToIpAddress(const sockaddr& address);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_SOCKET_ADDRESS_H_

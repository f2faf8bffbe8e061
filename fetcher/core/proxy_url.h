#ifndef DATELINE_FETCHER_CORE_PROXY_URL_H_
#define DATELINE_FETCHER_CORE_PROXY_URL_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dateline::fetcher {

// An HTTP proxy, "http://HOST:PORT", as libcurl takes it; empty for an empty
// text. kInvalidArgument for anything else: a proxy by SOCKS would resolve
// names itself (socks5h) or hide the address connected to, and credentials in a
// flag are seen by everybody on the machine.
absl::StatusOr<std::string> ParseProxyUrl(absl::string_view text);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_PROXY_URL_H_

#include "fetcher/core/proxy_url.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/url.h"

namespace dateline::fetcher {

absl::StatusOr<std::string> ParseProxyUrl(absl::string_view text) {
  if (text.empty()) return "";
  // What stands before an '@' may be a password.
  const size_t at = text.rfind('@');
  const std::string shown =
      at == absl::string_view::npos
          ? std::string(text)
          : absl::StrCat("(credentials)", text.substr(at));
  const auto refuse = [&shown](absl::string_view why) {
    return absl::InvalidArgumentError(
        absl::StrCat("\"", shown, "\" ", why, "; give http://HOST:PORT"));
  };
  if (absl::StartsWithIgnoreCase(text, "socks")) {
    return refuse("is a SOCKS proxy");
  }
  if (!absl::StartsWithIgnoreCase(text, "http://")) {
    return refuse("is no HTTP proxy");
  }
  const absl::StatusOr<Url> url = ParseUrl(text);
  if (!url.ok()) return refuse("can't be read as a proxy without credentials");
  if (url->path != "/" || !url->query.empty()) return refuse("has a path");
  return absl::StrCat("http://", url->host, ":",
                      url->port.empty() ? "80" : url->port);
}

}  // namespace dateline::fetcher

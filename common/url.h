#ifndef DATELINE_COMMON_URL_H_
#define DATELINE_COMMON_URL_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dateline {

// Parts of an absolute http(s) URL, parsed and serialized by the WHATWG URL
// standard: scheme and host in lower case, IDNA in its ASCII form.
struct Url {
  std::string scheme;  // "http" or "https"
  std::string host;    // "www.example.com", "[::1]"
  std::string port;    // empty where it is the scheme's own
  std::string path;    // begins with "/"
  std::string query;   // without "?"

  // host, or host:port where the port is not the scheme's own: what the
  // frontier is partitioned by.
  std::string HostPort() const;
  std::string ToString() const;
};

// Parses an absolute http(s) URL. kInvalidArgument, with a sentence for people,
// where it is none, is longer than 8,192 bytes, or carries credentials. The
// fragment is dropped.
absl::StatusOr<Url> ParseUrl(absl::string_view text);

// The host of an absolute http(s) URL as Url has it; empty where it is none.
std::string HostOf(absl::string_view url);

// The form by which a page is known: as ParseUrl, without tracking parameters
// (common/tracking_parameters.inc), percent-encoding normalised by RFC 3986
// §6.2.2, an empty query dropped. Canonicalising twice changes nothing.
absl::StatusOr<std::string> CanonicalUrl(absl::string_view text);

// `reference` as a browser would follow it from the page at `base`. Errors as
// ParseUrl; the fragment is dropped.
absl::StatusOr<std::string> ResolveUrl(absl::string_view base,
                                       absl::string_view reference);

// The uid of the page at a canonical URL: the first 16 bytes of its SHA-256 in
// lower-case hexadecimal.
std::string PageUid(absl::string_view canonical_url);

// The registrable domain of a host by the Public Suffix List ("bbc.co.uk" of
// "news.bbc.co.uk"); the host itself where it has none, as an address or
// "localhost".
std::string RegistrableDomain(absl::string_view host);

}  // namespace dateline

#endif  // DATELINE_COMMON_URL_H_

#ifndef DATELINE_FETCHER_CORE_FETCH_RESULT_H_
#define DATELINE_FETCHER_CORE_FETCH_RESULT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dateline/v1/page.pb.h"

namespace dateline::fetcher {

// Why there is no whole answer.
enum class FetchError {
  kNone,
  kCancelled,          // shutdown; not an outcome
  kDns,                // the name has no address
  kConnect,            // no connection
  kTls,                // the certificate or handshake
  kTimeout,            // connect or total time is up
  kStalled,            // too few bytes for too long
  kProtocol,           // not HTTP, or cut off
  kEncoding,           // content encoding broken or unknown
  kTooLarge,           // more decoded body than allowed
  kNoRoom,             // too much of other answers in memory
  kHeadersTooLarge,    // more headers than allowed
  kTooManyRedirects,   // a sixth redirect
  kBadRedirect,        // to no http(s) URL, or without Location
  kAddressRefused,     // not a public address
  kNoContact,          // not loopback, and the user agent names no contact
  kRobots,             // robots.txt forbids it
  kRobotsUnreachable,  // robots.txt could not be had, so nothing is allowed
  kOtherHost,          // a redirect to another host, not followed: `moved_to`
};

// Enough of a body to tell text from the rest.
inline constexpr size_t kBodyStartBytes = 1024;

// What came of asking for one URL, redirects included.
struct FetchResult {
  FetchError error = FetchError::kNone;
  std::string detail;  // for people; empty without error

  std::string url;  // what answered or failed, after redirects
  std::vector<v1::Redirect> redirects;
  std::string moved_to;  // of kOtherHost: absolute http(s) URL
  int status = 0;        // of the last answer; 0 where there was none
  std::vector<v1::HttpHeader> headers;
  std::string body;  // empty with an error
  // What `body` is in, as in RawPage; empty where it is decoded.
  std::vector<std::string> content_codings;
  // With codings, what it begins with once they are undone: kBodyStartBytes.
  std::string body_start;
  // SHA-256 of the decoded body, where the client took it, on its own thread.
  std::string body_sha256;
  int64_t body_bytes = 0;  // decoded bytes received, with an error too
  std::string address;     // last connected to, as text
  absl::Time begin_time;   // when it was asked for
  absl::Time end_time;
};

// What the body begins with, without content codings: at least kBodyStartBytes,
// where it has as many.
absl::string_view BodyStart(const FetchResult& result);

// What an answer takes in memory, about: its body, headers and redirects.
size_t BytesOf(const FetchResult& result);

// The last header of that name, in any case.
std::optional<absl::string_view> FindHttpHeader(
    const std::vector<v1::HttpHeader>& headers, absl::string_view name);

struct ContentType {
  std::string media_type;  // lower case, without parameters
  std::string charset;     // as received, without quotes
};

// Of a Content-Type value (RFC 9110 §8.3). What can't be read is empty: what is
// longer than 128 bytes or no ASCII too.
ContentType ParseContentType(absl::string_view value);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_FETCH_RESULT_H_

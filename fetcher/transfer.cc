#include "fetcher/transfer.h"

#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/url.h"
#include "fetcher/core/robots_state.h"

namespace dateline::fetcher {
namespace {

constexpr long kStallBytesPerSecond = 100;

std::optional<IpAddress> ToIpAddress(const curl_sockaddr& socket_address) {
  IpAddress address;
  if (socket_address.family == AF_INET) {
    sockaddr_in v4;
    std::memcpy(&v4, &socket_address.addr, sizeof(v4));
    std::memcpy(address.bytes.data(), &v4.sin_addr, 4);
    return address;
  }
  if (socket_address.family != AF_INET6) return std::nullopt;
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&socket_address.addr);
  std::memcpy(address.bytes.data(), &v6->sin6_addr, 16);
  address.is_v6 = true;
  return address;
}

bool IsRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 ||
         status == 308;
}

FetchError ErrorOf(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return FetchError::kDns;
    case CURLE_COULDNT_CONNECT:
      return FetchError::kConnect;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_ISSUER_ERROR:
      return FetchError::kTls;
    case CURLE_BAD_CONTENT_ENCODING:
      return FetchError::kEncoding;
    case CURLE_FILESIZE_EXCEEDED:
      return FetchError::kTooLarge;
    case CURLE_OUT_OF_MEMORY:
      // How this libcurl says that a header line is over its own bound.
      return FetchError::kHeadersTooLarge;
    default:
      return FetchError::kProtocol;
  }
}

}  // namespace

Transfer::Transfer(const HttpOptions& options, const Clock& clock, CURL* easy,
                   HttpRequest request, HttpClient::Callback callback)
    : options_(options),
      clock_(clock),
      request_(std::move(request)),
      callback_(std::move(callback)),
      easy_(easy),
      max_body_bytes_(request_.max_body_bytes > 0 ? request_.max_body_bytes
                                                  : options.max_body_bytes),
      start_(absl::Now()),
      hop_url_(request_.url) {
  if (const absl::StatusOr<Url> url = ParseUrl(request_.url); url.ok()) {
    host_ = url->HostPort();
  }
  result_.url = request_.url;
}

Transfer::~Transfer() {
  curl_easy_cleanup(easy_);
  curl_slist_free_all(headers_);
  curl_slist_free_all(resolve_);
}

CURL* Transfer::ReleaseEasy() {
  curl_easy_reset(easy_);
  return std::exchange(easy_, nullptr);
}

void Transfer::Prepare() {
  curl_easy_reset(easy_);
  curl_slist_free_all(std::exchange(headers_, nullptr));
  // Validators are those of the URL asked for, wherever it leads.
  if (!request_.etag.empty()) {
    headers_ = curl_slist_append(
        headers_, absl::StrCat("If-None-Match: ", request_.etag).c_str());
  }
  if (!request_.last_modified.empty()) {
    headers_ = curl_slist_append(
        headers_,
        absl::StrCat("If-Modified-Since: ", request_.last_modified).c_str());
  }
  headers_ = curl_slist_append(
      headers_,
      "Accept: text/html, application/xhtml+xml, application/rss+xml, "
      "application/atom+xml, application/xml;q=0.9, text/*;q=0.8, */*;q=0.1");
  const absl::Duration left = std::max(
      options_.total_timeout - (absl::Now() - start_), absl::Milliseconds(1));
  const auto set = [&](CURLoption option, auto value) {
    curl_easy_setopt(easy_, option, value);
  };
  set(CURLOPT_URL, hop_url_.c_str());
  set(CURLOPT_HTTPHEADER, headers_);
  set(CURLOPT_USERAGENT, options_.user_agent.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_PROXY, "");
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  set(CURLOPT_ACCEPT_ENCODING, "");
  if (!request_.cut_body) {
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(max_body_bytes_));
  }
  SetResolve();
  set(CURLOPT_CONNECTTIMEOUT_MS,
      static_cast<long>(absl::ToInt64Milliseconds(options_.connect_timeout)));
  set(CURLOPT_TIMEOUT_MS, static_cast<long>(absl::ToInt64Milliseconds(left)));
  set(CURLOPT_LOW_SPEED_LIMIT, kStallBytesPerSecond);
  set(CURLOPT_LOW_SPEED_TIME,
      static_cast<long>(absl::ToInt64Seconds(options_.stall_timeout)));
  set(CURLOPT_ERRORBUFFER, error_text_);
  set(CURLOPT_HEADERFUNCTION, &Transfer::OnHeader);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &Transfer::OnBody);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::OnOpenSocket);
  set(CURLOPT_OPENSOCKETDATA, this);
  error_text_[0] = '\0';
  header_bytes_ = 0;
  found_ = FetchError::kNone;
  found_detail_.clear();
  result_.status = 0;
  result_.headers.clear();
  result_.body.clear();
  result_.body_bytes = 0;
  is_cut_ = false;
}

void Transfer::SetResolve() {
  curl_slist_free_all(std::exchange(resolve_, nullptr));
  const absl::StatusOr<Url> url = ParseUrl(hop_url_);
  if (!url.ok()) return;
  const std::optional<std::string> address =
      options_.names.AddressOf(url->host);
  if (!address.has_value()) return;
  std::string port = url->scheme == "https" ? "443" : "80";
  if (!url->port.empty()) port = url->port;
  resolve_ = curl_slist_append(
      nullptr, absl::StrCat(url->host, ":", port, ":", *address).c_str());
  curl_easy_setopt(easy_, CURLOPT_RESOLVE, resolve_);
}

bool Transfer::HopEnded(CURLcode code) {
  result_.url = hop_url_;
  long status = 0;
  curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
  result_.status = static_cast<int>(status);
  char* address = nullptr;
  curl_easy_getinfo(easy_, CURLINFO_PRIMARY_IP, &address);
  if (address != nullptr) result_.address = address;
  if (code != CURLE_OK && !is_cut_) {
    SetError(code);
    return false;
  }
  if (!IsRedirect(result_.status)) return false;
  std::optional<std::string> target = RedirectTarget();
  if (!target.has_value()) return false;
  v1::Redirect& redirect = result_.redirects.emplace_back();
  redirect.set_url(hop_url_);
  redirect.set_status(result_.status);
  start_ += request_.redirect_delay;
  hop_url_ = *std::move(target);
  return true;
}

std::optional<std::string> Transfer::RedirectTarget() {
  if (request_.redirects_before + static_cast<int>(result_.redirects.size()) >=
      options_.max_redirects) {
    result_.error = FetchError::kTooManyRedirects;
    result_.detail = absl::StrCat("more than ", options_.max_redirects);
    return std::nullopt;
  }
  const std::optional<absl::string_view> location =
      FindHttpHeader(result_.headers, "location");
  if (!location.has_value()) {
    result_.error = FetchError::kBadRedirect;
    result_.detail = absl::StrCat(result_.status, " without Location");
    return std::nullopt;
  }
  absl::StatusOr<std::string> target = ResolveUrl(hop_url_, *location);
  const absl::StatusOr<Url> url =
      target.ok() ? ParseUrl(*target) : target.status();
  if (!url.ok()) {
    result_.error = FetchError::kBadRedirect;
    result_.detail = std::string(url.status().message());
  } else if (request_.stay_on_host && url->HostPort() != host_) {
    result_.error = FetchError::kOtherHost;
    result_.detail = *target;
    result_.moved_to = *std::move(target);
  } else if (request_.rules != nullptr &&
             !Allows(*request_.rules, PathAndQueryOf(*target))) {
    result_.error = FetchError::kRobots;
    result_.detail = absl::StrCat("a redirect leads to ", *target);
  } else {
    return *std::move(target);
  }
  return std::nullopt;
}

void Transfer::SetError(CURLcode code) {
  if (found_ != FetchError::kNone) {
    result_.error = found_;
    result_.detail = found_detail_;
    return;
  }
  result_.detail =
      error_text_[0] != '\0' ? error_text_ : curl_easy_strerror(code);
  if (code != CURLE_OPERATION_TIMEDOUT) {
    result_.error = ErrorOf(code);
    return;
  }
  // LOW_SPEED_LIMIT, as libcurl says it.
  result_.error = absl::StrContains(result_.detail, "too slow")
                      ? FetchError::kStalled
                      : FetchError::kTimeout;
}

void Transfer::Deliver() {
  if (result_.error != FetchError::kNone) result_.body.clear();
  result_.end_time = clock_.Now();
  std::exchange(callback_, nullptr)(std::move(result_));
}

void Transfer::Cancel() {
  result_.error = FetchError::kCancelled;
  result_.detail = "the fetcher is shutting down";
  Deliver();
}

size_t Transfer::OnHeader(char* data, size_t size, size_t count, void* self) {
  const absl::string_view line(data, size * count);
  return static_cast<Transfer*>(self)->TakeHeader(line) ? size * count : 0;
}

bool Transfer::TakeHeader(absl::string_view line) {
  if (absl::StartsWith(line, "HTTP/")) {
    // The answer after a 1xx.
    result_.headers.clear();
  }
  header_bytes_ += static_cast<int64_t>(line.size());
  if (header_bytes_ > options_.max_header_bytes) {
    found_ = FetchError::kHeadersTooLarge;
    found_detail_ =
        absl::StrCat("more than ", options_.max_header_bytes, " bytes");
    return false;
  }
  const size_t colon = line.find(':');
  if (colon == absl::string_view::npos || absl::StartsWith(line, "HTTP/")) {
    return true;
  }
  v1::HttpHeader& header = result_.headers.emplace_back();
  // Header names are ASCII (RFC 9110 §5.1); a field of type string takes no
  // other bytes safely.
  std::string name(absl::StripAsciiWhitespace(line.substr(0, colon)));
  name.erase(std::remove_if(name.begin(), name.end(),
                            [](char c) {
                              return !absl::ascii_isprint(
                                  static_cast<unsigned char>(c));
                            }),
             name.end());
  header.set_name(std::move(name));
  header.set_value(
      std::string(absl::StripAsciiWhitespace(line.substr(colon + 1))));
  return true;
}

size_t Transfer::OnBody(char* data, size_t size, size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const size_t bytes = size * count;
  const int64_t left = transfer.max_body_bytes_ - transfer.result_.body_bytes;
  transfer.result_.body_bytes += static_cast<int64_t>(bytes);
  if (static_cast<int64_t>(bytes) > left) {
    if (transfer.request_.cut_body) {
      transfer.is_cut_ = true;
      transfer.result_.body.append(data, static_cast<size_t>(left));
      return 0;
    }
    transfer.found_ = FetchError::kTooLarge;
    transfer.found_detail_ =
        absl::StrCat("more than ", transfer.max_body_bytes_, " bytes");
    return 0;
  }
  transfer.result_.body.append(data, bytes);
  return bytes;
}

curl_socket_t Transfer::OnOpenSocket(void* self, curlsocktype purpose,
                                     curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::optional<IpAddress> ip = ToIpAddress(*address);
  if (purpose != CURLSOCKTYPE_IPCXN || !ip.has_value()) return CURL_SOCKET_BAD;
  const AddressVerdict verdict = Judge(transfer.options_.addresses, *ip);
  if (verdict != AddressVerdict::kAllowed) {
    transfer.found_ = verdict == AddressVerdict::kNoContact
                          ? FetchError::kNoContact
                          : FetchError::kAddressRefused;
    transfer.found_detail_ = ToString(*ip);
    return CURL_SOCKET_BAD;
  }
  return socket(address->family, address->socktype | SOCK_CLOEXEC,
                address->protocol);
}

}  // namespace dateline::fetcher

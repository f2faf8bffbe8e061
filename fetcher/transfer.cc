#include "fetcher/transfer.h"

#include <sys/socket.h>

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/content_coding.h"
#include "common/sha256.h"
#include "common/url.h"
#include "fetcher/core/robots_state.h"
#include "fetcher/socket_address.h"

namespace dateline::fetcher {
namespace {

constexpr long kStallBytesPerSecond = 100;
// So much of a body is taken even where others use the budget up: pages and
// robots.txt don't suffer from a few large ones.
constexpr size_t kSmallBodyBytes = 512 << 10;
constexpr size_t kMostRoomBytes = 1 << 20;

bool IsRedirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 ||
         status == 308;
}

FetchError ErrorOf(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return FetchError::kDns;
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY:
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

Transfer::Transfer(const HttpOptions& options, const Clock& clock,
                   BodyBudget* budget, CURL* easy, HttpRequest request,
                   HttpClient::Callback callback)
    : options_(options),
      clock_(clock),
      budget_(*budget),
      request_(std::move(request)),
      callback_(std::move(callback)),
      easy_(easy),
      max_body_bytes_(request_.max_body_bytes > 0 ? request_.max_body_bytes
                                                  : options.max_body_bytes),
      start_(SteadyClock::now()),
      hop_url_(request_.url) {
  if (const absl::StatusOr<Url> url = ParseUrl(request_.url); url.ok()) {
    host_ = url->HostPort();
  }
  result_.url = request_.url;
}

Transfer::~Transfer() {
  ReleaseBudget();
  curl_easy_cleanup(easy_);
  curl_slist_free_all(headers_);
  curl_slist_free_all(resolve_);
  curl_slist_free_all(connect_to_);
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
  if (!request_.cut_body) {
    headers_ = curl_slist_append(
        headers_, absl::StrCat("Accept-Encoding: ", AcceptedCodings()).c_str());
  }
  const absl::Duration left = std::max(
      options_.total_timeout - absl::FromChrono(SteadyClock::now() - start_),
      absl::Milliseconds(1));
  const auto set = [&](CURLoption option, auto value) {
    curl_easy_setopt(easy_, option, value);
  };
  set(CURLOPT_URL, hop_url_.c_str());
  set(CURLOPT_HTTPHEADER, headers_);
  set(CURLOPT_USERAGENT, options_.user_agent.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  if (request_.cut_body) {
    // Only libcurl can decode a part.
    set(CURLOPT_ACCEPT_ENCODING, "");
  } else {
    set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(max_body_bytes_));
  }
  if (!options_.tls_ca_file.empty()) {
    set(CURLOPT_CAINFO, options_.tls_ca_file.c_str());
  }
  SetProxy();
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
  ReleaseBudget();
}

bool Transfer::Charge(size_t bytes) {
  const bool is_small = charged_ + bytes <= kSmallBodyBytes;
  if (!is_small && budget_.held + bytes > budget_.most) return false;
  charged_ += bytes;
  budget_.held += bytes;
  return true;
}

void Transfer::ReleaseBudget() { budget_.held -= std::exchange(charged_, 0); }

std::string Transfer::HopHost() const { return HostOf(hop_url_); }

bool Transfer::TakeAddresses(
    const absl::StatusOr<std::vector<IpAddress>>& addresses) {
  checked_.reset();
  found_ = FetchError::kNone;
  if (!addresses.ok() || addresses->empty()) {
    result_.error = FetchError::kDns;
    result_.detail = std::string(addresses.status().message());
    return false;
  }
  for (const IpAddress& address : *addresses) {
    if (!JudgeAddress(address)) {
      result_.error = found_;
      result_.detail = found_detail_;
      return false;
    }
    // A proxy without IPv6 is likelier than one without IPv4.
    if (!checked_.has_value() || (checked_->is_v6 && !address.is_v6)) {
      checked_ = address;
    }
  }
  return true;
}

void Transfer::SetProxy() {
  curl_slist_free_all(std::exchange(connect_to_, nullptr));
  curl_easy_setopt(easy_, CURLOPT_PROXY, options_.proxy.c_str());
  if (options_.proxy.empty()) return;
  curl_easy_setopt(easy_, CURLOPT_NOPROXY, "");
  curl_easy_setopt(easy_, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  const absl::StatusOr<Url> url = ParseUrl(hop_url_);
  if (!url.ok() || url->scheme != "https" || !checked_.has_value()) return;
  const std::string address = ToString(*checked_);
  connect_to_ = curl_slist_append(
      nullptr,
      absl::StrCat(
          "::", checked_->is_v6 ? absl::StrCat("[", address, "]") : address,
          ":", url->port.empty() ? "443" : url->port)
          .c_str());
  curl_easy_setopt(easy_, CURLOPT_CONNECT_TO, connect_to_);
}

void Transfer::SetResolve() {
  curl_slist_free_all(std::exchange(resolve_, nullptr));
  if (!options_.names || !options_.proxy.empty()) return;
  const absl::StatusOr<Url> url = ParseUrl(hop_url_);
  if (!url.ok()) return;
  const std::optional<std::string> address = options_.names(url->host);
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
  if (checked_.has_value()) result_.address = ToString(*checked_);
  if (code != CURLE_OK && !is_cut_) {
    SetError(code);
    return false;
  }
  if (!IsRedirect(result_.status)) {
    if (!request_.cut_body) Decode();
    return false;
  }
  std::optional<std::string> target = RedirectTarget();
  if (!target.has_value()) return false;
  v1::Redirect& redirect = result_.redirects.emplace_back();
  redirect.set_url(hop_url_);
  redirect.set_status(result_.status);
  start_ += absl::ToChronoNanoseconds(request_.redirect_delay);
  hop_url_ = *std::move(target);
  return true;
}

void Transfer::Decode() {
  std::string field;
  for (const v1::HttpHeader& header : result_.headers) {
    if (!absl::EqualsIgnoreCase(header.name(), "content-encoding")) continue;
    absl::StrAppend(&field, field.empty() ? "" : ",", header.value());
  }
  if (field.empty()) return;
  absl::StatusOr<std::vector<std::string>> codings = ParseContentCodings(field);
  if (!codings.ok()) {
    SetDecodeError(codings.status());
    return;
  }
  if (codings->empty() || result_.body.empty()) return;
  const std::vector<absl::string_view> names(codings->begin(), codings->end());
  absl::StatusOr<std::string> decoded = UndoContentCodings(
      names, result_.body, static_cast<size_t>(max_body_bytes_),
      request_.keep_codings ? std::exchange(budget_.room, {}) : "");
  if (decoded.ok()) {
    TakeDecoded(*std::move(codings), *std::move(decoded));
  } else {
    SetDecodeError(decoded.status());
  }
}

void Transfer::TakeDecoded(std::vector<std::string> codings,
                           std::string decoded) {
  result_.body_bytes = static_cast<int64_t>(decoded.size());
  if (!request_.keep_codings || decoded.empty()) {
    result_.body = std::move(decoded);
    return;
  }
  result_.content_codings = std::move(codings);
  result_.body_start = decoded.substr(0, kBodyStartBytes);
  result_.body_sha256 = Sha256(decoded);
  if (decoded.capacity() <= kMostRoomBytes) budget_.room = std::move(decoded);
}

void Transfer::SetDecodeError(const absl::Status& status) {
  result_.error = absl::IsResourceExhausted(status) ? FetchError::kTooLarge
                                                    : FetchError::kEncoding;
  result_.detail = std::string(status.message());
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
  long proxy_status = 0;
  curl_easy_getinfo(easy_, CURLINFO_HTTP_CONNECTCODE, &proxy_status);
  if (code != CURLE_OPERATION_TIMEDOUT) {
    // A proxy that refuses a tunnel is as a host that takes no connection.
    result_.error = proxy_status > 299 ? FetchError::kConnect : ErrorOf(code);
    return;
  }
  // LOW_SPEED_LIMIT, as libcurl says it.
  result_.error = absl::StrContains(result_.detail, "too slow")
                      ? FetchError::kStalled
                      : FetchError::kTimeout;
}

void Transfer::Deliver() {
  if (result_.error != FetchError::kNone) result_.body.clear();
  if (!request_.cut_body && result_.body_sha256.empty()) {
    result_.body_sha256 = Sha256(result_.body);
  }
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
  if (!transfer.Charge(bytes)) {
    transfer.found_ = FetchError::kNoRoom;
    return 0;
  }
  transfer.result_.body.append(data, bytes);
  return bytes;
}

curl_socket_t Transfer::OnOpenSocket(void* self, curlsocktype purpose,
                                     curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::optional<IpAddress> ip = ToIpAddress(address->addr);
  if (purpose != CURLSOCKTYPE_IPCXN || !ip.has_value()) return CURL_SOCKET_BAD;
  // A proxy is where its flag says; the host's address was judged before.
  const bool is_proxy = !transfer.options_.proxy.empty();
  if (!is_proxy && !transfer.JudgeAddress(*ip)) return CURL_SOCKET_BAD;
  return socket(address->family, address->socktype | SOCK_CLOEXEC,
                address->protocol);
}

bool Transfer::JudgeAddress(const IpAddress& address) {
  const AddressVerdict verdict = Judge(options_.addresses, address);
  if (verdict == AddressVerdict::kAllowed) return true;
  found_ = verdict == AddressVerdict::kNoContact ? FetchError::kNoContact
                                                 : FetchError::kAddressRefused;
  found_detail_ = ToString(address);
  return false;
}

}  // namespace dateline::fetcher

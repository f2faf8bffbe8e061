#include "parser/explain/fetch_page.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/url.h"
#include "parser/core/extract.h"

namespace dateline {
namespace {

constexpr long kMaxRedirects = 5;
constexpr long kConnectSeconds = 10;
constexpr long kTotalSeconds = 30;
constexpr size_t kMaxHeaderBytes = 64 << 10;

struct Answer {
  v1::RawPage page;
  size_t header_bytes = 0;
  bool is_too_large = false;
};

size_t TakeBody(char* data, size_t size, size_t count, void* user) {
  auto& answer = *static_cast<Answer*>(user);
  const size_t bytes = size * count;
  if (answer.page.body().size() + bytes > kMaxPageBytes) {
    answer.is_too_large = true;
    return 0;
  }
  answer.page.mutable_body()->append(data, bytes);
  return bytes;
}

size_t TakeHeader(char* data, size_t size, size_t count, void* user) {
  auto& answer = *static_cast<Answer*>(user);
  const absl::string_view line(data, size * count);
  answer.header_bytes += line.size();
  if (answer.header_bytes > kMaxHeaderBytes) return 0;
  // Each answer on the way begins anew; the last one counts.
  if (absl::StartsWith(line, "HTTP/")) answer.page.clear_headers();
  const size_t colon = line.find(':');
  if (colon == absl::string_view::npos) return line.size();
  std::string name(absl::StripAsciiWhitespace(line.substr(0, colon)));
  if (!std::all_of(name.begin(), name.end(), [](char c) {
        return absl::ascii_isgraph(static_cast<unsigned char>(c));
      })) {
    return line.size();
  }
  v1::HttpHeader* header = answer.page.add_headers();
  header->set_name(std::move(name));
  header->set_value(
      std::string(absl::StripAsciiWhitespace(line.substr(colon + 1))));
  return line.size();
}

void Prepare(CURL* easy, const std::string& url, Answer* answer) {
  const auto set = [easy](CURLoption option, auto value) {
    curl_easy_setopt(easy, option, value);
  };
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, kMaxRedirects);
  set(CURLOPT_CONNECTTIMEOUT, kConnectSeconds);
  set(CURLOPT_TIMEOUT, kTotalSeconds);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_ACCEPT_ENCODING, "");
  set(CURLOPT_USERAGENT, "dateline-explain/" DATELINE_VERSION);
  set(CURLOPT_WRITEFUNCTION, &TakeBody);
  set(CURLOPT_WRITEDATA, answer);
  set(CURLOPT_HEADERFUNCTION, &TakeHeader);
  set(CURLOPT_HEADERDATA, answer);
}

// An address that the rest of the program takes, or "".
std::string FinalUrl(CURL* easy) {
  const char* url = nullptr;
  curl_easy_getinfo(easy, CURLINFO_EFFECTIVE_URL, &url);
  const absl::StatusOr<Url> parsed = ParseUrl(url == nullptr ? "" : url);
  return parsed.ok() ? parsed->ToString() : "";
}

}  // namespace

void SetContentType(absl::string_view content_type, v1::RawPage* page) {
  bool is_first = true;
  for (absl::string_view part : absl::StrSplit(content_type, ';')) {
    part = absl::StripAsciiWhitespace(part);
    if (is_first) page->set_media_type(absl::AsciiStrToLower(part));
    is_first = false;
    if (!absl::StartsWithIgnoreCase(part, "charset=")) continue;
    absl::string_view charset = part.substr(8);
    absl::ConsumePrefix(&charset, "\"");
    absl::ConsumeSuffix(&charset, "\"");
    page->set_charset(std::string(charset));
  }
}

absl::StatusOr<v1::RawPage> FetchPage(const std::string& url) {
  const absl::StatusOr<Url> parsed = ParseUrl(url);
  if (!parsed.ok()) return parsed.status();
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy(
      curl_easy_init(), &curl_easy_cleanup);
  if (easy == nullptr) return absl::UnavailableError("libcurl doesn't start");
  Answer answer;
  Prepare(easy.get(), parsed->ToString(), &answer);
  const CURLcode code = curl_easy_perform(easy.get());
  if (answer.is_too_large) {
    return absl::ResourceExhaustedError(
        absl::StrCat(url, " has more than ", kMaxPageBytes, " bytes"));
  }
  if (code != CURLE_OK) {
    return absl::UnavailableError(
        absl::StrCat(url, ": ", curl_easy_strerror(code)));
  }
  long status = 0;
  curl_easy_getinfo(easy.get(), CURLINFO_RESPONSE_CODE, &status);
  v1::RawPage page = std::move(answer.page);
  page.set_status(static_cast<int>(status));
  page.set_requested_url(parsed->ToString());
  page.set_url(FinalUrl(easy.get()));
  for (const v1::HttpHeader& header : page.headers()) {
    if (absl::EqualsIgnoreCase(header.name(), "content-type")) {
      SetContentType(header.value(), &page);
    }
  }
  return page;
}

}  // namespace dateline

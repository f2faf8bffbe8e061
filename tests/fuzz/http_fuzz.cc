// Any bytes as an HTTP answer: status line, headers, body. What comes of it can
// be written, whatever the headers say.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "fetcher/core/conclude.h"
#include "fetcher/core/fetch_result.h"
#include "fetcher/core/proto_time.h"
#include "fetcher/core/schedule.h"
#include "fetcher/core/warc/http_response.h"
#include "tests/fuzz/properties.h"

namespace dateline::fetcher {
namespace {

constexpr size_t kMaxBody = 1 << 16;

void CheckContentType(absl::string_view value) {
  const ContentType type = ParseContentType(value);
  RequireUtf8(type.media_type);
  RequireUtf8(type.charset);
  Require(type.media_type.size() <= 128 && type.charset.size() <= 128);
  const ContentType again = ParseContentType(type.media_type);
  Require(again.media_type == type.media_type && again.charset.empty());
}

void CheckHost(const FetchResult& result) {
  const v1::HostState state = AfterRequest({}, result, 0.5);
  RequireReadable(state);
  Require(state.has_back_off_until() ==
          (result.status == 429 || result.status == 503));
  if (!state.has_back_off_until()) return;
  const absl::Duration wait =
      FromProto(state.back_off_until()) - result.end_time;
  Require(wait >= absl::Seconds(30) && wait <= absl::Hours(24));
}

void CheckConclusion(const FetchResult& result, v1::FetchPurpose purpose) {
  v1::UrlEntry entry;
  entry.set_url("https://news.example/story");
  entry.set_purpose(purpose);
  const Conclusion conclusion =
      Conclude(entry, result, nullptr, ScheduleRules());
  RequireReadable(conclusion.entry);
  Require(conclusion.entry.ByteSizeLong() <= 8192);
  RequireReadable(EventOf(conclusion, result, "news.example"));
  if (conclusion.page.has_value()) RequireReadable(*conclusion.page);
  for (const v1::Submission& found : conclusion.found) RequireReadable(found);
}

void Check(absl::string_view message) {
  const absl::StatusOr<HttpResponse> response =
      ParseHttpResponse(message, kMaxBody);
  const absl::StatusOr<HttpResponse> again =
      ParseHttpResponse(message, kMaxBody);
  Require(again.status() == response.status());
  if (!response.ok()) return RequireUtf8(response.status().message());
  Require(response->body == again->body && response->body.size() <= kMaxBody);
  Require(response->status >= 100 && response->status <= 999);
  FetchResult result;
  result.url = "https://news.example/story";
  result.end_time = absl::FromUnixSeconds(1'700'000'000);
  result.status = response->status;
  result.headers = response->headers;
  result.body = response->body;
  for (const v1::HttpHeader& header : result.headers) {
    CheckContentType(header.value());
  }
  CheckHost(result);
  CheckConclusion(result, v1::FETCH_PURPOSE_PAGE);
  CheckConclusion(result, v1::FETCH_PURPOSE_SOURCE);
}

}  // namespace
}  // namespace dateline::fetcher

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dateline::fetcher::Check(dateline::TextOf(data, size));
  return 0;
}

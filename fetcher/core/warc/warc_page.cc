#include "fetcher/core/warc/warc_page.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "common/url.h"
#include "common/utf8.h"
#include "fetcher/core/conclude.h"
#include "fetcher/core/warc/http_response.h"
#include "fetcher/core/warc/warc_writer.h"

namespace dateline::fetcher {
namespace {

WarcPage Skip(std::string code, absl::string_view reason) {
  return {std::nullopt, std::move(code), absl::StrCat(reason, ".")};
}

// Only the standard's types make codes: metrics are labelled by them.
WarcPage SkipType(absl::string_view type) {
  for (const absl::string_view known :
       {"warcinfo", "resource", "request", "metadata", "revisit", "conversion",
        "continuation"}) {
    if (absl::EqualsIgnoreCase(type, known)) {
      return Skip(absl::StrCat("type_", known),
                  absl::StrCat("It is a record of type ", known));
    }
  }
  return Skip("type_other", "It is a record of an unknown type");
}

// WARC 1.0 files exist that follow a draft and put "<" and ">" around it.
absl::string_view TargetUri(const WarcRecord& record) {
  absl::string_view uri = record.Field("WARC-Target-URI");
  if (absl::ConsumePrefix(&uri, "<")) absl::ConsumeSuffix(&uri, ">");
  return uri;
}

bool IsHttp(const WarcRecord& record) {
  const absl::string_view type = record.Field("Content-Type");
  return absl::StartsWithIgnoreCase(type, "application/http") || type.empty();
}

// Takes what kWarcPageField says, where it can be read.
void TakePageField(const WarcRecord& record, v1::UrlEntry& entry,
                   FetchResult& result) {
  std::string bytes;
  v1::RawPage known;
  if (!absl::Base64Unescape(record.Field(kWarcPageField), &bytes) ||
      !known.ParseFromString(bytes)) {
    return;
  }
  if (known.has_hints()) *entry.mutable_hints() = known.hints();
  const absl::StatusOr<std::string> requested =
      CanonicalUrl(known.requested_url());
  if (!requested.ok()) return;
  entry.set_url(*requested);
  result.redirects.assign(known.redirects().begin(), known.redirects().end());
}

WarcPage SkipMessage(const absl::Status& status) {
  const std::string reason =
      absl::StrCat("The page can't be read: ", status.message());
  switch (status.code()) {
    case absl::StatusCode::kDataLoss:
      return Skip("cut_off", reason);
    case absl::StatusCode::kUnimplemented:
      return Skip("encoding", reason);
    case absl::StatusCode::kResourceExhausted:
      return Skip("too_large", reason);
    default:
      return Skip("bad_http", reason);
  }
}

}  // namespace

WarcPage PageOfRecord(const WarcRecord& record, absl::string_view file,
                      size_t max_body_bytes) {
  if (!absl::EqualsIgnoreCase(record.Field("WARC-Type"), "response")) {
    return SkipType(record.Field("WARC-Type"));
  }
  if (!IsHttp(record)) return Skip("not_http", "It holds no HTTP answer");
  if (!record.Field("WARC-Segment-Number").empty()) {
    return Skip("segmented", "It is a part of a page");
  }
  if (!record.Field("WARC-Truncated").empty()) {
    return Skip("truncated", "The archive holds a part of the page");
  }
  const absl::StatusOr<Url> url = ParseUrl(TargetUri(record));
  if (!url.ok()) return Skip("bad_url", url.status().message());
  const absl::StatusOr<std::string> canonical = CanonicalUrl(TargetUri(record));
  if (!canonical.ok()) return Skip("bad_url", canonical.status().message());
  if (url->path == "/robots.txt") return Skip("robots", "It is a robots.txt");
  FetchResult result;
  std::string error;
  if (!absl::ParseTime(absl::RFC3339_full, record.Field("WARC-Date"),
                       &result.end_time, &error)) {
    return Skip("bad_date", "Its WARC-Date can't be read");
  }
  absl::StatusOr<HttpResponse> response =
      ParseHttpResponse(record.block, max_body_bytes);
  if (!response.ok()) return SkipMessage(response.status());
  result.url = url->ToString();
  result.status = response->status;
  result.headers = std::move(response->headers);
  result.body = std::move(response->body);
  result.body_bytes = static_cast<int64_t>(result.body.size());

  v1::UrlEntry entry;
  entry.set_url(*canonical);
  entry.set_purpose(v1::FETCH_PURPOSE_PAGE);
  TakePageField(record, entry, result);
  Conclusion conclusion = Conclude(entry, result, nullptr, ScheduleRules());
  WarcPage page = {std::move(conclusion.page), conclusion.verdict.code,
                   conclusion.verdict.reason};
  if (!page.page.has_value()) return page;
  v1::WarcPosition& position = *page.page->mutable_warc();
  position.set_file(std::string(file));
  position.set_offset(record.offset);
  position.set_record_id(ValidUtf8(record.Field("WARC-Record-ID")));
  return page;
}

}  // namespace dateline::fetcher

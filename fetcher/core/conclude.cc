#include "fetcher/core/conclude.h"

#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/str_cat.h"
#include "common/sha256.h"
#include "common/url.h"
#include "common/utf8.h"
#include "fetcher/core/feed.h"
#include "fetcher/core/found_source.h"
#include "fetcher/core/proto_time.h"
#include "fetcher/core/source_reading.h"
#include "fetcher/core/source_readings.h"
#include "fetcher/core/source_schedule.h"

namespace dateline::fetcher {
namespace {

std::string HeaderOf(const FetchResult& result, absl::string_view name) {
  return std::string(FindHttpHeader(result.headers, name).value_or(""));
}

// A validator to send back; empty where it is none that a header could carry
// unchanged (RFC 9110 §8.8), or too long to keep for every URL.
std::string ValidatorOf(const FetchResult& result, absl::string_view name) {
  constexpr size_t kLongest = 1024;
  std::string value = HeaderOf(result, name);
  const bool is_kept = value.size() <= kLongest && ValidUtf8(value) == value;
  return is_kept ? value : "";
}

// The entry as it stands after the fetch, but for when to fetch it next.
v1::UrlEntry EntryAfter(const v1::UrlEntry& before, const FetchResult& result,
                        const Verdict& verdict,
                        const std::string& body_sha256) {
  v1::UrlEntry entry = before;
  *entry.mutable_last_fetch_time() = ToProto(result.end_time);
  entry.set_last_outcome(verdict.outcome);
  entry.set_last_reason(verdict.reason);
  entry.set_last_status(result.status);
  entry.set_revision(before.revision() + 1);
  entry.set_consecutive_failures(verdict.outcome == v1::FETCH_OUTCOME_FAILED
                                     ? before.consecutive_failures() + 1
                                     : 0);
  const bool full_answer = verdict.outcome == v1::FETCH_OUTCOME_FETCHED ||
                           verdict.code == "same_digest";
  if (full_answer) {
    entry.set_etag(ValidatorOf(result, "etag"));
    entry.set_last_modified(ValidatorOf(result, "last-modified"));
    entry.set_body_sha256(body_sha256);
  }
  if (verdict.outcome == v1::FETCH_OUTCOME_FETCHED) {
    *entry.mutable_last_change_time() = ToProto(result.end_time);
  }
  return entry;
}

void SetNext(const NextLook& next, v1::UrlEntry& entry) {
  *entry.mutable_interval() = ToProto(next.interval);
  entry.clear_next_fetch_time();
  if (next.time.has_value()) {
    *entry.mutable_next_fetch_time() = ToProto(*next.time);
  }
}

void SchedulePage(const FetchResult& result, const ScheduleRules& rules,
                  v1::UrlEntry& entry) {
  const v1::FetchOutcome outcome = entry.last_outcome();
  const bool is_first = FromProto(entry.interval()) == absl::ZeroDuration();
  if (is_first && !entry.has_first_fetch_time() &&
      outcome != v1::FETCH_OUTCOME_FAILED) {
    *entry.mutable_first_fetch_time() = ToProto(result.end_time);
  }
  SetNext(NextPageFetch(entry, outcome, rules, result.end_time), entry);
  if (!entry.has_next_fetch_time()) entry.clear_first_fetch_time();
}

void ScheduleSource(const FetchResult& result, const v1::Source* source,
                    bool found_new, const ScheduleRules& rules,
                    v1::UrlEntry& entry) {
  SourceLook look;
  look.least =
      source == nullptr ? DefaultSourceInterval() : SourceInterval(*source);
  look.found_new = found_new;
  look.failed = entry.last_outcome() == v1::FETCH_OUTCOME_FAILED;
  if (entry.last_outcome() == v1::FETCH_OUTCOME_FETCHED ||
      entry.last_outcome() == v1::FETCH_OUTCOME_UNCHANGED) {
    look.fresh_for = FreshFor(result);
    *entry.mutable_readings()->mutable_last_success_time() =
        ToProto(result.end_time);
  }
  SetNext(NextSourceLook(entry, look, rules, result.end_time), entry);
  *entry.mutable_readings()->mutable_least_interval() = ToProto(look.least);
  if (source != nullptr) entry.mutable_readings()->set_kind(source->kind());
}

v1::RawPage PageOf(const v1::UrlEntry& before, const FetchResult& result,
                   const std::string& body_sha256) {
  v1::RawPage page;
  page.set_uid(PageUid(before.url()));
  page.set_requested_url(before.url());
  page.set_url(result.url);
  page.mutable_redirects()->Assign(result.redirects.begin(),
                                   result.redirects.end());
  page.set_status(result.status);
  page.mutable_headers()->Assign(result.headers.begin(), result.headers.end());
  for (v1::HttpHeader& header : *page.mutable_headers()) {
    header.set_name(ValidUtf8(header.name()));
  }
  page.set_body(result.body);
  const ContentType type = ParseContentType(HeaderOf(result, "content-type"));
  page.set_media_type(type.media_type);
  page.set_charset(type.charset);
  *page.mutable_fetch_time() = ToProto(result.end_time);
  *page.mutable_hints() = before.hints();
  page.set_body_sha256(body_sha256);
  return page;
}

v1::SourceHints HintsOf(const FeedItem& item, const v1::UrlEntry& before,
                        const v1::Source* source) {
  v1::SourceHints hints = item.hints;
  hints.set_source(before.hints().source());
  if (source == nullptr) return hints;
  hints.set_publisher(source->publisher());
  if (!source->language().empty()) hints.set_language(source->language());
  return hints;
}

std::vector<v1::Submission> SubmissionsOf(const SourceReading& reading,
                                          const v1::UrlEntry& before,
                                          const FetchResult& result,
                                          const v1::Source* source) {
  std::vector<v1::Submission> found;
  absl::flat_hash_set<std::string> seen = {before.url()};
  for (const FeedItem& item : reading.pages) {
    absl::StatusOr<std::string> url = CanonicalUrl(item.url);
    if (!url.ok() || !seen.insert(*url).second) continue;
    v1::Submission& submission = found.emplace_back();
    submission.set_url(*std::move(url));
    submission.set_purpose(v1::FETCH_PURPOSE_PAGE);
    *submission.mutable_hints() = HintsOf(item, before, source);
    *submission.mutable_submit_time() = ToProto(result.end_time);
  }
  for (const std::string& source_url : reading.sources) {
    absl::StatusOr<std::string> url = CanonicalUrl(source_url);
    if (!url.ok() || !seen.insert(*url).second) continue;
    v1::Submission& submission = found.emplace_back();
    submission.set_url(*std::move(url));
    submission.set_purpose(v1::FETCH_PURPOSE_SOURCE);
    submission.mutable_hints()->set_source(before.hints().source());
    submission.mutable_hints()->set_description(FoundMark(before));
    *submission.mutable_submit_time() = ToProto(result.end_time);
  }
  return found;
}

std::optional<v1::Submission> MovedTo(const v1::UrlEntry& before,
                                      const FetchResult& result) {
  absl::StatusOr<std::string> url = CanonicalUrl(result.moved_to);
  if (!url.ok()) return std::nullopt;
  v1::Submission submission;
  submission.set_url(*std::move(url));
  submission.set_purpose(before.purpose());
  submission.set_redirects(before.redirects() + 1 +
                           static_cast<int32_t>(result.redirects.size()));
  *submission.mutable_hints() = before.hints();
  if (before.purpose() == v1::FETCH_PURPOSE_SOURCE) {
    submission.mutable_hints()->set_description(FoundMark(before));
  }
  *submission.mutable_submit_time() = ToProto(result.end_time);
  return submission;
}

void ReadInto(const v1::UrlEntry& before, const FetchResult& result,
              const v1::Source* source,
              const std::vector<std::string>* sitemaps,
              Conclusion& conclusion) {
  const std::string charset =
      ParseContentType(HeaderOf(result, "content-type")).charset;
  SourceAnswer answer;
  if (source != nullptr) answer.kind = source->kind();
  answer.is_found = !FoundFrom(before.hints()).empty();
  answer.body = result.body;
  answer.url = result.url;
  answer.charset = charset;
  answer.sitemaps = sitemaps;
  const absl::StatusOr<SourceReading> reading = ReadSource(answer);
  if (reading.ok()) {
    conclusion.verdict.code = "source_read";
    conclusion.verdict.reason = "The source was read.";
    conclusion.found = SubmissionsOf(*reading, before, result, source);
    conclusion.new_urls =
        TakeReading(conclusion.found, reading->pace, result.end_time,
                    *conclusion.entry.mutable_readings());
    return;
  }
  const bool is_feed = answer.kind == v1::SOURCE_KIND_FEED ||
                       answer.kind == v1::SOURCE_KIND_UNSPECIFIED;
  conclusion.verdict = {
      v1::FETCH_OUTCOME_FAILED, is_feed ? "no_feed" : "no_source",
      absl::StrCat(is_feed ? "No feed was found in the answer: "
                           : "The answer can't be read as a source: ",
                   reading.status().message(), ".")};
}

}  // namespace

Conclusion Conclude(const v1::UrlEntry& before, const FetchResult& result,
                    const v1::Source* source, const ScheduleRules& rules,
                    const std::vector<std::string>* sitemaps) {
  const std::string body_sha256 = Sha256(result.body);
  Conclusion conclusion;
  conclusion.verdict = Classify(result, before, body_sha256);
  const bool fetched = conclusion.verdict.outcome == v1::FETCH_OUTCOME_FETCHED;
  if (result.error == FetchError::kOtherHost) {
    if (std::optional<v1::Submission> moved = MovedTo(before, result)) {
      conclusion.found.push_back(*std::move(moved));
    }
  }
  conclusion.entry = before;
  if (fetched && before.purpose() == v1::FETCH_PURPOSE_SOURCE) {
    ReadInto(before, result, source, sitemaps, conclusion);
  } else if (fetched) {
    conclusion.page = PageOf(before, result, body_sha256);
  }
  conclusion.entry =
      EntryAfter(conclusion.entry, result, conclusion.verdict, body_sha256);
  if (before.purpose() == v1::FETCH_PURPOSE_SOURCE) {
    ScheduleSource(result, source, conclusion.new_urls > 0, rules,
                   conclusion.entry);
  } else {
    SchedulePage(result, rules, conclusion.entry);
  }
  return conclusion;
}

Conclusion WithoutPage(const v1::UrlEntry& before, const FetchResult& result,
                       const Conclusion& conclusion,
                       const ScheduleRules& rules) {
  Conclusion without;
  without.verdict = TooLargeForTopic(
      conclusion.page.has_value() ? conclusion.page->ByteSizeLong() : 0);
  without.entry = EntryAfter(before, result, without.verdict, "");
  SchedulePage(result, rules, without.entry);
  return without;
}

v1::FetchEvent EventOf(const Conclusion& conclusion, const FetchResult& result,
                       absl::string_view host) {
  v1::FetchEvent event;
  event.set_url(conclusion.entry.url());
  event.set_host(std::string(host));
  event.set_outcome(conclusion.verdict.outcome);
  event.set_reason_code(conclusion.verdict.code);
  event.set_reason(conclusion.verdict.reason);
  event.set_status(result.status);
  *event.mutable_time() = ToProto(result.end_time);
  event.set_body_bytes(result.body_bytes);
  event.set_source(conclusion.entry.hints().source());
  return event;
}

}  // namespace dateline::fetcher

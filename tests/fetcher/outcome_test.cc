#include "fetcher/core/outcome.h"

#include "common/sha256.h"
#include "fetcher/core/conclude.h"
#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

FetchResult Answer(int status, const std::string& type,
                   const std::string& body) {
  FetchResult result;
  result.status = status;
  result.body = body;
  if (!type.empty()) {
    v1::HttpHeader& header = result.headers.emplace_back();
    header.set_name("content-TYPE");
    header.set_value(type);
  }
  return result;
}

struct Case {
  FetchResult result;
  v1::FetchOutcome outcome;
  const char* code;
};

void ExpectOutcome(const Case& c, v1::FetchPurpose purpose) {
  v1::UrlEntry before;
  before.set_purpose(purpose);
  before.set_body_sha256(Sha256("same"));
  const Verdict verdict = Classify(c.result, before, Sha256(c.result.body));
  EXPECT_EQ(verdict.outcome, c.outcome) << c.code << ": " << verdict.reason;
  EXPECT_EQ(verdict.code, c.code);
  EXPECT_TRUE(verdict.reason.ends_with('.')) << verdict.reason;
}

TEST(OutcomeTest, JudgesABodyByWhatIsInItsCodings) {
  FetchResult result = Answer(200, "text/html", "\x1F\x8B\x08 coded");
  result.content_codings = {"gzip"};
  result.body_start = "<p>same";
  const v1::UrlEntry before;
  EXPECT_EQ(Classify(result, before, Sha256("<p>same")).code, "ok");
  result.body_start = "\x89PNG\r\n\x1a\n";
  EXPECT_EQ(Classify(result, before, Sha256("png")).code, "media_type");
}

TEST(OutcomeTest, JudgesAnswersToPages) {
  const Case cases[] = {
      {Answer(200, "text/html; charset=utf-8", "<p>"),
       v1::FETCH_OUTCOME_FETCHED, "ok"},
      {Answer(203, "TEXT/PLAIN", "text"), v1::FETCH_OUTCOME_FETCHED, "ok"},
      {Answer(200, "application/xhtml+xml", "<p/>"), v1::FETCH_OUTCOME_FETCHED,
       "ok"},
      {Answer(200, "", "<p>"), v1::FETCH_OUTCOME_FETCHED, "ok"},
      {Answer(200, "", std::string("\x7f\0\1", 3)), v1::FETCH_OUTCOME_REFUSED,
       "media_type"},
      {Answer(200, "image/png", "png"), v1::FETCH_OUTCOME_REFUSED,
       "media_type"},
      {Answer(200, "text/html", "\x89PNG\r\n\x1a\n"), v1::FETCH_OUTCOME_REFUSED,
       "media_type"},
      {Answer(200, "text/plain", "%PDF-1.7"), v1::FETCH_OUTCOME_REFUSED,
       "media_type"},
      {Answer(200, "text/html", std::string("\xFF\xFE<\0p\0", 6)),
       v1::FETCH_OUTCOME_FETCHED, "ok"},
      {Answer(200, "application/pdf", "%PDF"), v1::FETCH_OUTCOME_REFUSED,
       "media_type"},
      {Answer(200, "application/rss+xml", "<rss/>"), v1::FETCH_OUTCOME_REFUSED,
       "media_type"},
      {Answer(200, "text/html", ""), v1::FETCH_OUTCOME_SKIPPED, "empty_body"},
      {Answer(204, "", ""), v1::FETCH_OUTCOME_SKIPPED, "empty_body"},
      {Answer(200, "text/html", "same"), v1::FETCH_OUTCOME_UNCHANGED,
       "same_digest"},
      {Answer(304, "", ""), v1::FETCH_OUTCOME_UNCHANGED, "not_modified"},
      {Answer(404, "text/html", "gone"), v1::FETCH_OUTCOME_SKIPPED, "http_404"},
      {Answer(410, "text/html", "gone"), v1::FETCH_OUTCOME_SKIPPED, "http_410"},
      {Answer(403, "text/html", "no"), v1::FETCH_OUTCOME_SKIPPED, "http_403"},
      {Answer(429, "text/html", "less"), v1::FETCH_OUTCOME_FAILED, "http_429"},
      {Answer(500, "text/html", "oh"), v1::FETCH_OUTCOME_FAILED, "http_500"},
      {Answer(503, "text/html", "oh"), v1::FETCH_OUTCOME_FAILED, "http_503"},
  };
  for (const Case& c : cases) ExpectOutcome(c, v1::FETCH_PURPOSE_PAGE);
}

TEST(OutcomeTest, JudgesErrors) {
  const std::tuple<FetchError, v1::FetchOutcome, const char*> cases[] = {
      {FetchError::kDns, v1::FETCH_OUTCOME_FAILED, "dns"},
      {FetchError::kConnect, v1::FETCH_OUTCOME_FAILED, "connect"},
      {FetchError::kTls, v1::FETCH_OUTCOME_FAILED, "tls"},
      {FetchError::kTimeout, v1::FETCH_OUTCOME_FAILED, "timeout"},
      {FetchError::kStalled, v1::FETCH_OUTCOME_FAILED, "stalled"},
      {FetchError::kNoRoom, v1::FETCH_OUTCOME_FAILED, "no_room"},
      {FetchError::kProtocol, v1::FETCH_OUTCOME_FAILED, "protocol"},
      {FetchError::kEncoding, v1::FETCH_OUTCOME_FAILED, "encoding"},
      {FetchError::kTooLarge, v1::FETCH_OUTCOME_REFUSED, "too_large"},
      {FetchError::kHeadersTooLarge, v1::FETCH_OUTCOME_REFUSED,
       "headers_too_large"},
      {FetchError::kTooManyRedirects, v1::FETCH_OUTCOME_SKIPPED,
       "too_many_redirects"},
      {FetchError::kBadRedirect, v1::FETCH_OUTCOME_SKIPPED, "bad_redirect"},
      {FetchError::kAddressRefused, v1::FETCH_OUTCOME_REFUSED, "address"},
      {FetchError::kNoContact, v1::FETCH_OUTCOME_REFUSED, "no_contact"},
  };
  for (const auto& [error, outcome, code] : cases) {
    FetchResult result;
    result.error = error;
    result.detail = "detail";
    ExpectOutcome({result, outcome, code}, v1::FETCH_PURPOSE_PAGE);
  }
}

TEST(OutcomeTest, SourcesComeUnderManyTypes) {
  for (const char* type :
       {"application/rss+xml", "application/atom+xml; charset=utf-8",
        "text/xml", "application/xml", "text/html", "application/json",
        "application/octet-stream", ""}) {
    ExpectOutcome(
        {Answer(200, type, "<rss/>"), v1::FETCH_OUTCOME_FETCHED, "ok"},
        v1::FETCH_PURPOSE_SOURCE);
  }
  ExpectOutcome({Answer(200, "image/png", "png"), v1::FETCH_OUTCOME_REFUSED,
                 "media_type"},
                v1::FETCH_PURPOSE_SOURCE);
}

// Protobuf refuses records whose strings are no UTF-8.
template <typename Message>
void ExpectSerializes(const Message& message) {
  EXPECT_TRUE(Message().ParseFromString(message.SerializeAsString()));
}

TEST(OutcomeTest, HeadersThatAreNoUtf8SpoilNoRecord) {
  const auto header = [](const char* name, const char* value) {
    v1::HttpHeader made;
    made.set_name(name);
    made.set_value(value);
    return made;
  };
  v1::UrlEntry entry;
  entry.set_url("https://news.example/1");
  FetchResult result;
  result.url = entry.url();
  result.status = 200;
  result.body = "<p>Hello.";
  result.headers = {header("content-type", "text/html; charset=lat\xEDn"),
                    header("x-\xF9", "1"), header("etag", "\"\xF9\""),
                    header("last-modified", "\xF9")};
  const Conclusion fetched = Conclude(entry, result, nullptr, ScheduleRules());
  ASSERT_TRUE(fetched.page.has_value());
  ExpectSerializes(*fetched.page);
  ExpectSerializes(fetched.entry);
  EXPECT_EQ(fetched.page->charset(), "");
  EXPECT_EQ(fetched.entry.etag(), "");

  result.headers = {header("content-type", "image/\xF9")};
  const Conclusion other = Conclude(entry, result, nullptr, ScheduleRules());
  ExpectSerializes(EventOf(other, result, "news.example"));

  result.error = FetchError::kBadRedirect;
  result.detail = "'\xF9' is not an absolute URL";
  const Conclusion failed = Conclude(entry, result, nullptr, ScheduleRules());
  ExpectSerializes(failed.entry);
}

TEST(OutcomeTest, KeepsNoHugeValidators) {
  v1::UrlEntry entry;
  entry.set_url("https://news.example/1");
  FetchResult result;
  result.url = entry.url();
  result.status = 200;
  result.body = "<p>Hello.";
  result.headers.emplace_back().set_name("etag");
  result.headers.back().set_value(std::string(100'000, 'e'));
  EXPECT_EQ(
      Conclude(entry, result, nullptr, ScheduleRules()).entry.etag().size(), 0);
}

TEST(ContentTypeTest, ReadsTypeAndCharset) {
  const ContentType quoted =
      ParseContentType(" Text/HTML ; q=1; Charset=\"UTF-8\" ");
  EXPECT_EQ(quoted.media_type, "text/html");
  EXPECT_EQ(quoted.charset, "UTF-8");
  EXPECT_EQ(ParseContentType("text/html;charset=latin1").charset, "latin1");
  EXPECT_EQ(ParseContentType("").media_type, "");
}

}  // namespace
}  // namespace dateline::fetcher

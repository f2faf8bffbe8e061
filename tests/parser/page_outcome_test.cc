#include "parser/core/page_outcome.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "common/otlp/record_attributes.h"
#include "common/trace_context.h"
#include "dateline/v1/article.pb.h"
#include "dateline/v1/page.pb.h"
#include "parser/core/parse_span.h"

namespace dateline {
namespace {

using kafka::FindHeader;
using ::testing::HasSubstr;

constexpr char kTraceparent[] =
    "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
constexpr char kPage[] =
    "<html lang=en><head><title>Ferry returns to the strait</title></head>"
    "<body><article><h1>Ferry returns to the strait</h1>"
    "<p>The ferry between the two islands sailed again on Monday after a year "
    "in dock, with three hundred passengers on its first crossing.</p>"
    "<p>The company said that the crossing would run twice a day until the end "
    "of the season, and that bicycles would travel free of charge.</p>"
    "</article></body></html>";

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

kafka::Record PageRecord(const std::string& body,
                         const std::string& media_type) {
  v1::RawPage page;
  page.set_uid("0123456789abcdef0123456789abcdef");
  page.set_requested_url("https://news.example/ferry");
  page.set_url("https://news.example/ferry");
  page.set_status(200);
  page.set_media_type(media_type);
  page.set_body(body);
  page.mutable_fetch_time()->set_seconds(1'699'999'999);
  kafka::Record record;
  record.partition = {"dateline.pages", 3};
  record.offset = 41;
  record.key = page.uid();
  record.value = page.SerializeAsString();
  record.headers = {{"traceparent", kTraceparent}};
  return record;
}

TEST(DecidePage, MakesAnArticleThatSaysWhereItsPageStands) {
  const PageOutcome outcome =
      DecidePage(PageRecord(kPage, "text/html"), TopicNames("dateline."), kNow);
  EXPECT_EQ(outcome.label, "article");
  EXPECT_EQ(outcome.record.topic, "dateline.articles");
  v1::Article article;
  ASSERT_TRUE(article.ParseFromString(outcome.record.value.value_or("")));
  EXPECT_EQ(outcome.record.key, article.uid());
  EXPECT_EQ(article.headline(), "Ferry returns to the strait");
  EXPECT_EQ(article.body_size(), 2);
  EXPECT_EQ(article.provenance().topic(), "dateline.pages");
  EXPECT_EQ(article.provenance().partition(), 3);
  EXPECT_EQ(article.provenance().offset(), 41);
  EXPECT_EQ(article.version(), 1'699'999'999'000);
  EXPECT_EQ(FindHeader(outcome.record.headers, "ce_id"), "dateline.pages/3/41");
  EXPECT_EQ(FindHeader(outcome.record.headers, "ce_type"),
            "dateline.v1.Article");
  const auto trace = ParseTraceparent(
      FindHeader(outcome.record.headers, "traceparent").value_or(""));
  const auto page_trace = ParseTraceparent(kTraceparent);
  ASSERT_TRUE(trace.has_value());
  EXPECT_EQ(trace->trace_id, page_trace->trace_id);
  EXPECT_NE(trace->span_id, page_trace->span_id);
  EXPECT_TRUE(trace->sampled());
}

TEST(ParseSpan, GoesOnFromThePageAndIsWhatTheArticleGoesOnFrom) {
  const kafka::Record page = PageRecord(kPage, "text/html");
  const PageOutcome outcome = DecidePage(page, TopicNames("dateline."), kNow);
  const auto span =
      ParseSpan(page, outcome, kNow, kNow + absl::Milliseconds(20));
  const otlp::Span expected = {
      .context = *otlp::TraceOf(outcome.record.headers),
      .parent_span_id = ParseTraceparent(kTraceparent)->span_id,
      .name = "parse",
      .kind = otlp::SpanKind::kConsumer,
      .start = kNow,
      .end = kNow + absl::Milliseconds(20),
      .attributes = {{"messaging.system", "kafka"},
                     {"messaging.destination.name", "dateline.pages"},
                     {"messaging.kafka.message.key", page.key},
                     {"messaging.operation.type", "process"},
                     {"messaging.destination.partition.id", "3"},
                     {"messaging.kafka.offset", int64_t{41}},
                     {"messaging.operation.name", "parse"},
                     {"dateline.outcome", "article"}}};
  EXPECT_EQ(span, expected);
}

TEST(ParseSpan, SaysWhyThereIsNoArticle) {
  const kafka::Record page = PageRecord("", "text/html");
  const PageOutcome outcome = DecidePage(page, TopicNames("dateline."), kNow);
  const auto span = ParseSpan(page, outcome, kNow, kNow);
  ASSERT_TRUE(span.has_value());
  EXPECT_EQ(span->error,
            FindHeader(outcome.record.headers, "dateline-dead-letter-message"));
  EXPECT_EQ(span->attributes.back(),
            (otlp::Attribute{"error.type", "no_article"}));
}

TEST(ParseSpan, IsNoneOfAPageWithoutATrace) {
  kafka::Record page = PageRecord(kPage, "text/html");
  page.headers.clear();
  const PageOutcome outcome = DecidePage(page, TopicNames("dateline."), kNow);
  EXPECT_EQ(ParseSpan(page, outcome, kNow, kNow), std::nullopt);
}

TEST(DecidePage, IsTheSameEveryTime) {
  const kafka::Record record = PageRecord(kPage, "text/html");
  const TopicNames topics("dateline.");
  EXPECT_EQ(DecidePage(record, topics, kNow).record,
            DecidePage(record, topics, kNow).record);
}

struct Poison {
  const char* name;
  kafka::Record record;
  const char* reason;
};

TEST(DecidePage, KeepsWhatCanNotBeParsedWithItsReason) {
  kafka::Record random_bytes = PageRecord(kPage, "text/html");
  random_bytes.value = std::string("\xff\xfe\x01\x02garbage", 11);
  kafka::Record tombstone = PageRecord(kPage, "text/html");
  tombstone.value = std::nullopt;
  const Poison poisons[] = {
      {"random bytes", random_bytes, "malformed_record"},
      {"no value", tombstone, "malformed_record"},
      {"image", PageRecord("\x89PNG", "image/png"), "unsupported_media_type"},
      {"empty", PageRecord("", "text/html"), "no_article"},
      {"no text", PageRecord("<html></html>", "text/html"), "no_article"},
  };
  for (const Poison& poison : poisons) {
    SCOPED_TRACE(poison.name);
    const PageOutcome outcome =
        DecidePage(poison.record, TopicNames("dateline."), kNow);
    EXPECT_EQ(outcome.label, poison.reason);
    EXPECT_EQ(outcome.record.topic, "dateline.dead-letters");
    EXPECT_EQ(outcome.record.key, poison.record.key);
    EXPECT_EQ(outcome.record.value, poison.record.value);
    const auto& headers = outcome.record.headers;
    EXPECT_EQ(FindHeader(headers, "dateline-dead-letter-topic"),
              "dateline.pages");
    EXPECT_EQ(FindHeader(headers, "dateline-dead-letter-partition"), "3");
    EXPECT_EQ(FindHeader(headers, "dateline-dead-letter-offset"), "41");
    EXPECT_EQ(FindHeader(headers, "dateline-dead-letter-reason"),
              poison.reason);
    EXPECT_EQ(FindHeader(headers, "dateline-dead-letter-attempt"), "1");
    EXPECT_NE(FindHeader(headers, "dateline-dead-letter-message"), "");
    EXPECT_EQ(FindHeader(headers, "traceparent"), kTraceparent);
  }
}

TEST(DecidePage, CountsTheAttemptsOfARedrivenPage) {
  const TopicNames topics("dateline.");
  kafka::Record record = PageRecord("", "text/html");
  record.headers = DecidePage(record, topics, kNow).record.headers;
  const PageOutcome again = DecidePage(record, topics, kNow);
  EXPECT_EQ(FindHeader(again.record.headers, "dateline-dead-letter-attempt"),
            "2");
}

TEST(SmallerOutcome, MakesADeadLetterOfAnArticleThatIsTooLarge) {
  const TopicNames topics("dateline.");
  const kafka::Record record = PageRecord(kPage, "text/html");
  const PageOutcome outcome =
      SmallerOutcome(record, DecidePage(record, topics, kNow), topics, kNow,
                     "20 MB is too large");
  EXPECT_EQ(outcome.label, "too_large");
  EXPECT_EQ(outcome.record.topic, topics.dead_letters);
  EXPECT_EQ(outcome.record.value, record.value);
  const auto& headers = outcome.record.headers;
  EXPECT_THAT(std::string(*FindHeader(headers, "dateline-dead-letter-message")),
              HasSubstr("20 MB"));
  EXPECT_EQ(FindHeader(headers, "dateline-dead-letter-url"),
            "https://news.example/ferry");
}

TEST(SmallerOutcome, LeavesTheValueOutOfADeadLetterThatIsTooLarge) {
  const TopicNames topics("dateline.");
  const kafka::Record record = PageRecord("\x89PNG", "image/png");
  const PageOutcome outcome =
      SmallerOutcome(record, DecidePage(record, topics, kNow), topics, kNow,
                     "20 MB is too large");
  EXPECT_EQ(outcome.label, "unsupported_media_type");
  EXPECT_EQ(outcome.record.value, std::nullopt);
  EXPECT_EQ(
      FindHeader(outcome.record.headers, "dateline-dead-letter-value-omitted"),
      std::to_string(record.value->size()));
}

}  // namespace
}  // namespace dateline

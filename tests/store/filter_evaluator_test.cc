#include "google/protobuf/text_format.h"
#include "gtest/gtest.h"
#include "store/core/filter/checker.h"
#include "store/core/filter/evaluator.h"

namespace dateline::store::filter {
namespace {

v1::Article Example() {
  v1::Article article;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(
        headline: "Kabul markets reopen, 50% up"
        publisher { name: "Dawn" domain: "dawn.com" }
        language { tag: "pt-BR" }
        section: "Business"
        authors { name: "Imran Khan" }
        authors { name: "Reuters" }
        keywords: "Economy"
        keywords: "Afghanistan"
        access: ACCESS_METERED
        article_type: ARTICLE_TYPE_ANALYSIS
        publish_time { time { seconds: 1767323045 nanos: 500000000 } }
      )pb",
      &article));
  return article;
}

bool UnderFilter(absl::string_view filter) {
  const absl::StatusOr<Condition> condition = Compile(filter);
  EXPECT_TRUE(condition.ok()) << condition.status();
  return condition.ok() && Matches(*condition, Example());
}

TEST(FilterEvaluator, FindsWhatTheFilterAsksFor) {
  for (const char* filter : {
           "",
           "publisher = Dawn",
           "publisher:DAW",
           "domain = *.com",
           "domain = dawn.*",
           "language:pt",
           "language:PT-br",
           "language = pt*",
           "section = \"Business\"",
           "author = Reuters",
           "author:reuters",
           "author:*khan",
           "keyword = Economy keyword = Afghanistan",
           "keyword:*GHAN*",
           "access = METERED",
           "article_type = analysis",
           "headline:\"markets REOPEN\"",
           "headline:50%",
           "publish_time = 2026-01-02",
           "publish_time >= 2026-01-02T03:04:05.5Z",
           "publish_time < 2026-01-02T03:04:05.6Z",
           "publish_time:* AND NOT fetch_time:*",
           "fetch_time != 2026-01-02",
           "-fetch_time < 2026-01-02",
           "section = Sport OR section = Business AND language:pt",
       }) {
    EXPECT_TRUE(UnderFilter(filter)) << filter;
  }
}

TEST(FilterEvaluator, LeavesOutWhatItDoesNot) {
  for (const char* filter : {
           "publisher = dawn",
           "publisher = Daw",
           "language:p",
           "language = pt",
           "language:en",
           "author = Khan",
           "author:Khan",
           "author != Reuters",
           "NOT keyword:economy",
           "keyword = \"\"",
           "section != *",
           "access = FREE",
           "access != METERED",
           "headline:5_%",
           "publish_time = 2026-01-01",
           "publish_time > 2026-01-02",
           "publish_time > 2026-01-02T03:04:05.5Z",
           "publish_time < 2026-01-02T03:04:05.5Z",
           "fetch_time < 2030-01-01",
           "fetch_time:*",
           "section = Business AND (publisher = X OR publisher = Y)",
       }) {
    EXPECT_FALSE(UnderFilter(filter)) << filter;
  }
}

TEST(FilterEvaluator, IgnoresTheCaseOfAsciiLettersOnly) {
  v1::Article article;
  article.set_section("Économie");
  EXPECT_TRUE(Matches(*Compile("section:ÉCONOMIE"), article));
  EXPECT_FALSE(Matches(*Compile("section:économie"), article));
}

TEST(FilterEvaluator, RoundsTimesBeforeTheEpochDown) {
  v1::Article article;
  article.mutable_fetch_time()->set_seconds(-1);
  article.mutable_fetch_time()->set_nanos(999'999'999);
  EXPECT_TRUE(Matches(*Compile("fetch_time < 1970-01-01"), article));
  EXPECT_TRUE(
      Matches(*Compile("fetch_time = 1969-12-31T23:59:59.999999Z"), article));
}

}  // namespace
}  // namespace dateline::store::filter

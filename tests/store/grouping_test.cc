#include "store/core/grouping.h"

#include <gtest/gtest.h>

#include "absl/time/time.h"
#include "tests/store/test_articles.h"

namespace dateline::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::string Bucket(v1::AggregateGrouping grouping, const char* time) {
  absl::Time parsed;
  EXPECT_TRUE(absl::ParseTime(absl::RFC3339_full, time, &parsed, nullptr));
  return BucketName(grouping, absl::ToUnixMicros(parsed));
}

TEST(BucketName, IsTheSpanATimeLiesIn) {
  constexpr char kTime[] = "2026-02-15T13:59:59.999999Z";
  EXPECT_EQ(Bucket(v1::AGGREGATE_GROUPING_HOUR, kTime), "2026-02-15T13:00:00Z");
  EXPECT_EQ(Bucket(v1::AGGREGATE_GROUPING_DAY, kTime), "2026-02-15");
  EXPECT_EQ(Bucket(v1::AGGREGATE_GROUPING_MONTH, kTime), "2026-02");
  EXPECT_EQ(Bucket(v1::AGGREGATE_GROUPING_DAY, "1969-12-31T23:59:59Z"),
            "1969-12-31");
}

// The examples of ISO 8601 where a week's year is not the day's.
TEST(BucketName, NamesWeeksByTheYearOfTheirThursday) {
  const auto week = [](const char* time) {
    return Bucket(v1::AGGREGATE_GROUPING_WEEK, time);
  };
  EXPECT_EQ(week("2005-01-01T00:00:00Z"), "2004-W53");
  EXPECT_EQ(week("2005-01-02T23:59:59Z"), "2004-W53");
  EXPECT_EQ(week("2005-12-31T00:00:00Z"), "2005-W52");
  EXPECT_EQ(week("2007-01-01T00:00:00Z"), "2007-W01");
  EXPECT_EQ(week("2008-12-29T00:00:00Z"), "2009-W01");
  EXPECT_EQ(week("2009-12-31T00:00:00Z"), "2009-W53");
  EXPECT_EQ(week("2010-01-03T00:00:00Z"), "2009-W53");
  EXPECT_EQ(week("2010-01-04T00:00:00Z"), "2010-W01");
}

TEST(GroupsOf, NamesEachGroupOnce) {
  v1::Article article = MakeDatedArticle("u", 0);
  EXPECT_THAT(GroupsOf(v1::AGGREGATE_GROUPING_AUTHOR, article), IsEmpty());
  EXPECT_THAT(GroupsOf(v1::AGGREGATE_GROUPING_SECTION, article), IsEmpty());
  EXPECT_THAT(GroupsOf(v1::AGGREGATE_GROUPING_ARTICLE_TYPE, article),
              IsEmpty());
  for (const char* name : {"A", "", "B", "A"}) {
    article.add_authors()->set_name(name);
    article.add_keywords(name);
  }
  article.set_article_type(v1::ARTICLE_TYPE_NEWS);
  EXPECT_THAT(GroupsOf(v1::AGGREGATE_GROUPING_AUTHOR, article),
              ElementsAre("A", "B"));
  EXPECT_THAT(GroupsOf(v1::AGGREGATE_GROUPING_KEYWORD, article),
              ElementsAre("A", "B"));
  EXPECT_THAT(GroupsOf(v1::AGGREGATE_GROUPING_ARTICLE_TYPE, article),
              ElementsAre("ARTICLE_TYPE_NEWS"));
  EXPECT_THAT(GroupsOf(v1::AGGREGATE_GROUPING_MONTH, article),
              ElementsAre("1970-01"));
}

}  // namespace
}  // namespace dateline::store

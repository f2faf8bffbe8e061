#include <cstdint>
#include <limits>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "store/core/filter/checker.h"
#include "store/core/filter/sql.h"

namespace dateline::store::filter {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const SqlSchema kSchema = {
    .publisher = "a.publisher",
    .domain = "a.domain",
    .language = "a.language",
    .section = "a.section",
    .headline = "a.headline",
    .access = "a.access",
    .article_type = "a.article_type",
    .publish_time = "a.publish_us",
    .fetch_time = "a.fetch_us",
    .article_key = "a.id",
    .author = {.table = "author", .key = "article", .value = "name"},
    .keyword = {.table = "keyword", .key = "article", .value = "word"}};

SqlWhere Where(absl::string_view filter) {
  const absl::StatusOr<Condition> condition = Compile(filter);
  EXPECT_TRUE(condition.ok()) << condition.status();
  return condition.ok() ? ToSql(*condition, kSchema) : SqlWhere{};
}

TEST(FilterSql, EmptyFilterIsTrue) {
  EXPECT_EQ(Where("").text, "1");
  EXPECT_THAT(Where("").parameters, IsEmpty());
}

TEST(FilterSql, BindsEveryValue) {
  const SqlWhere where =
      Where("publisher = \"x' OR 1\" AND (access = FREE OR section:A_b)");
  EXPECT_EQ(where.text,
            "((a.publisher = ?1) AND ((a.access = ?2) OR "
            "(a.section LIKE ?3 ESCAPE '\\')))");
  EXPECT_THAT(where.parameters,
              ElementsAre(SqlValue("x' OR 1"), SqlValue(int64_t{1}),
                          SqlValue("%A\\_b%")));
}

TEST(FilterSql, EscapesWhatMeansSomethingInPatterns) {
  EXPECT_THAT(Where(R"(headline="*[a]?\*")").parameters,
              ElementsAre(SqlValue("*[[]a][?][*]")));
  EXPECT_THAT(Where(R"(headline:"50%_\\")").parameters,
              ElementsAre(SqlValue(R"(%50\%\_\\%)")));
}

TEST(FilterSql, AsksSideTablesForLists) {
  const SqlWhere where = Where("author:reuters -keyword = *a");
  EXPECT_EQ(where.text,
            "(EXISTS (SELECT 1 FROM author WHERE author.article = a.id AND "
            "author.name = ?1 COLLATE NOCASE) AND "
            "NOT EXISTS (SELECT 1 FROM keyword WHERE keyword.article = a.id "
            "AND keyword.word GLOB ?2))");
  EXPECT_THAT(where.parameters,
              ElementsAre(SqlValue("reuters"), SqlValue("*a")));
}

TEST(FilterSql, NegatedTimesKeepRowsWithoutTime) {
  EXPECT_EQ(Where("publish_time = 2026-01-02").text,
            "(a.publish_us >= ?1 AND a.publish_us < ?2)");
  EXPECT_EQ(
      Where("publish_time != 2026-01-02").text,
      "NOT (a.publish_us IS NOT NULL AND a.publish_us >= ?1 AND a.publish_us < "
      "?2)");
}

TEST(FilterSql, RowsWithoutTimeMayHaveTheLeastInteger) {
  SqlSchema schema = kSchema;
  schema.no_time_is_least = true;
  const auto where = [&](absl::string_view filter) {
    return ToSql(*Compile(filter), schema);
  };
  EXPECT_EQ(where("publish_time < 2026-01-02").text,
            "(a.publish_us > ?1 AND a.publish_us < ?2)");
  EXPECT_EQ(where("publish_time >= 2026-01-02").text, "(a.publish_us >= ?1)");
  EXPECT_EQ(where("publish_time != *").text, "NOT (a.publish_us > ?1)");
  EXPECT_THAT(where("publish_time:*").parameters,
              ElementsAre(SqlValue(std::numeric_limits<int64_t>::min())));
}

TEST(FilterSql, NumbersParametersBehindThoseOfTheQueryAround) {
  EXPECT_EQ(ToSql(*Compile("section=a OR section=b"), kSchema, 4).text,
            "((a.section = ?4) OR (a.section = ?5))");
}

TEST(FilterSql, AsksForPresenceByType) {
  EXPECT_EQ(Where("section:* access:* fetch_time:* author:*").text,
            "((a.section <> '') AND (a.access <> 0) AND (a.fetch_us IS NOT "
            "NULL) AND EXISTS (SELECT 1 FROM author WHERE author.article = "
            "a.id AND author.name <> ''))");
}

}  // namespace
}  // namespace dateline::store::filter

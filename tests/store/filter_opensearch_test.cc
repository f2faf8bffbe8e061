#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "store/core/filter/checker.h"
#include "store/core/filter/limits.h"
#include "store/core/filter/opensearch.h"

namespace dateline::store::filter {
namespace {

using Json = nlohmann::json;

const OpenSearchSchema kSchema = {.publisher = "publisher",
                                  .domain = "domain",
                                  .language = "language",
                                  .section = "section",
                                  .author = "authors",
                                  .keyword = "keywords",
                                  .headline = "headline.raw",
                                  .access = "access",
                                  .article_type = "article_type",
                                  .publish_time = "publish_us",
                                  .fetch_time = "fetch_us"};

Json Query(absl::string_view filter) {
  const absl::StatusOr<Condition> condition = Compile(filter);
  EXPECT_TRUE(condition.ok()) << condition.status();
  return condition.ok() ? ToOpenSearchQuery(*condition, kSchema) : Json();
}

TEST(FilterOpenSearch, EmptyFilterMatchesAll) {
  EXPECT_EQ(Query(""), Json::parse(R"({"match_all": {}})"));
}

TEST(FilterOpenSearch, CombinesByBool) {
  EXPECT_EQ(Query("publisher = Dawn (language = en OR -access = FREE)"),
            Json::parse(R"({"bool": {"filter": [
              {"term": {"publisher": {"value": "Dawn"}}},
              {"bool": {"minimum_should_match": 1, "should": [
                {"term": {"language": {"value": "en"}}},
                {"bool": {"must_not": [
                  {"term": {"access": {"value": "ACCESS_FREE"}}}]}}]}}]}})"));
}

TEST(FilterOpenSearch, MatchesTextByTermPrefixAndWildcard) {
  EXPECT_EQ(Query("author:reuters"), Json::parse(R"({"term": {"authors":
              {"value": "reuters", "case_insensitive": true}}})"));
  EXPECT_EQ(Query("domain = dawn.*"),
            Json::parse(R"({"prefix": {"domain": {"value": "dawn."}}})"));
  EXPECT_EQ(Query(R"(headline:"a?\*\\")"),
            Json::parse(R"({"wildcard": {"headline.raw":
              {"value": "*a\\?\\*\\\\*", "case_insensitive": true}}})"));
  EXPECT_EQ(Query("section = *x"),
            Json::parse(R"({"wildcard": {"section": {"value": "*x"}}})"));
}

TEST(FilterOpenSearch, AsksTimesByRangeAndPresenceByExists) {
  EXPECT_EQ(Query("publish_time = 1970-01-02"),
            Json::parse(R"({"range": {"publish_us":
              {"gte": 86400000000, "lt": 172800000000}}})"));
  EXPECT_EQ(Query("fetch_time != *"), Json::parse(R"({"bool": {"must_not": [
              {"exists": {"field": "fetch_us"}}]}})"));
}

int BoolDepth(const Json& query) {
  if (!query.is_structured()) return 0;
  int depth = 0;
  for (const Json& child : query) depth = std::max(depth, BoolDepth(child));
  return depth + (query.is_object() && query.contains("bool") ? 1 : 0);
}

TEST(FilterOpenSearch, DeepestFilterKeepsToTheStatedLevels) {
  std::string filter = "section=b section=c OR -language:pt";
  for (int i = 0; i < kMaxParentheses; ++i) {
    filter = absl::StrCat("section=b section=c OR (", filter, ")");
  }
  EXPECT_EQ(BoolDepth(Query(filter)), 18);
}

}  // namespace
}  // namespace dateline::store::filter

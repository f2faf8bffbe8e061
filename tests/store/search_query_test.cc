#include "store/core/search_query.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dateline::store {
namespace {

using ::testing::ElementsAre;
using Field = SearchTerm::Field;

std::vector<SearchTerm> Parse(absl::string_view query) {
  return ParseSearchQuery(query).value();
}

TEST(ParseSearchQuery, ReadsWords) {
  EXPECT_THAT(Parse(" river  Commission "),
              ElementsAre(SearchTerm{.text = "river"},
                          SearchTerm{.text = "Commission"}));
}

TEST(ParseSearchQuery, ReadsPhrases) {
  EXPECT_THAT(Parse("\"border markets\" iran"),
              ElementsAre(SearchTerm{.text = "border markets"},
                          SearchTerm{.text = "iran"}));
}

TEST(ParseSearchQuery, ReadsPrefixes) {
  EXPECT_THAT(Parse("comm* \"border mark\"*"),
              ElementsAre(SearchTerm{.text = "comm", .prefix = true},
                          SearchTerm{.text = "border mark", .prefix = true}));
}

TEST(ParseSearchQuery, ReadsFields) {
  EXPECT_THAT(
      Parse("headline:river body:\"two words\" Headline:mark*"),
      ElementsAre(
          SearchTerm{.field = Field::kHeadline, .text = "river"},
          SearchTerm{.field = Field::kBody, .text = "two words"},
          SearchTerm{
              .field = Field::kHeadline, .text = "mark", .prefix = true}));
}

TEST(ParseSearchQuery, TakesOtherOperatorsAsText) {
  EXPECT_THAT(
      Parse("foo:bar AND -x headline: (y)"),
      ElementsAre(SearchTerm{.text = "foo:bar"}, SearchTerm{.text = "AND"},
                  SearchTerm{.text = "-x"}, SearchTerm{.text = "headline:"},
                  SearchTerm{.text = "(y)"}));
}

TEST(ParseSearchQuery, ClosesAnOpenPhrase) {
  EXPECT_THAT(Parse("a \"b c"),
              ElementsAre(SearchTerm{.text = "a"}, SearchTerm{.text = "b c"}));
}

TEST(ParseSearchQuery, LeavesOutWhatHasNoWord) {
  EXPECT_THAT(Parse("* \"\" -- … 水 \"!?\"*"),
              ElementsAre(SearchTerm{.text = "水"}));
}

TEST(ParseSearchQuery, ReplacesControlsAndBrokenUtf8) {
  EXPECT_THAT(Parse(absl::string_view("a\0b\x1f\xff"
                                      "c",
                                      6)),
              ElementsAre(SearchTerm{.text = "a"}, SearchTerm{.text = "b"},
                          SearchTerm{.text = "\uFFFDc"}));
}

TEST(ParseSearchQuery, RefusesAQueryWithoutWordsOrWithTooMany) {
  std::string many;
  for (int i = 0; i < 65; ++i) many += "w ";
  for (const std::string& query :
       {std::string(), std::string("  "), std::string("\"*\" …"), many,
        std::string(3000, 'w')}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseSearchQuery(query).status()))
        << query;
  }
}

}  // namespace
}  // namespace dateline::store

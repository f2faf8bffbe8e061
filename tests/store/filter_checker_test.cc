#include <string>
#include <utility>

#include "dateline/v1/article.pb.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "store/core/filter/checker.h"

namespace dateline::store::filter {
namespace {

using Kind = TextMatch::Kind;
using Test = decltype(Predicate::test);

Condition Leaf(Field field, Test test, bool negated = false) {
  return {
      .kind = TreeKind::kLeaf,
      .leaf = {.field = field, .test = std::move(test), .negated = negated}};
}

Condition Compiled(absl::string_view filter) {
  absl::StatusOr<Condition> condition = Compile(filter);
  EXPECT_TRUE(condition.ok()) << filter << ": " << condition.status();
  return condition.ok() ? *std::move(condition) : Condition{};
}

std::string Error(absl::string_view filter) {
  const absl::StatusOr<Condition> condition = Compile(filter);
  EXPECT_EQ(condition.status().code(), absl::StatusCode::kInvalidArgument)
      << filter;
  return std::string(condition.status().message());
}

TEST(FilterChecker, EqualsComparesExactly) {
  EXPECT_EQ(Compiled("publisher = Dawn"),
            Leaf(Field::kPublisher, TextMatch{Kind::kEquals, "Dawn", false}));
  EXPECT_EQ(
      Compiled("publisher != Dawn"),
      Leaf(Field::kPublisher, TextMatch{Kind::kEquals, "Dawn", false}, true));
}

TEST(FilterChecker, HasLooksIntoTextAndForElementsOfLists) {
  EXPECT_EQ(Compiled("headline:kabul"),
            Leaf(Field::kHeadline, TextMatch{Kind::kContains, "kabul", true}));
  EXPECT_EQ(Compiled("keyword:economy"),
            Leaf(Field::kKeyword, TextMatch{Kind::kEquals, "economy", true}));
}

TEST(FilterChecker, HasTakesALanguageWithItsRegions) {
  EXPECT_EQ(
      Compiled("language:pt"),
      (Condition{
          .kind = TreeKind::kAny,
          .operands = {
              Leaf(Field::kLanguage, TextMatch{Kind::kEquals, "pt", true}),
              Leaf(Field::kLanguage, TextMatch{Kind::kBegins, "pt-", true})}}));
}

TEST(FilterChecker, WildcardsAtEitherEnd) {
  EXPECT_EQ(Compiled("domain = *.pk"),
            Leaf(Field::kDomain, TextMatch{Kind::kEnds, ".pk", false}));
  EXPECT_EQ(Compiled("domain = dawn.*"),
            Leaf(Field::kDomain, TextMatch{Kind::kBegins, "dawn.", false}));
  EXPECT_EQ(Compiled("author:\"*khan*\""),
            Leaf(Field::kAuthor, TextMatch{Kind::kContains, "khan", true}));
  EXPECT_EQ(Compiled("headline = \\*\\*"),
            Leaf(Field::kHeadline, TextMatch{Kind::kEquals, "**", false}));
}

TEST(FilterChecker, StarAloneAsksForAnyValue) {
  for (const auto& [name, field] :
       {std::pair("section", Field::kSection),
        std::pair("author", Field::kAuthor),
        std::pair("access", Field::kAccess),
        std::pair("publish_time", Field::kPublishTime)}) {
    EXPECT_EQ(Compiled(std::string(name) + ":*"), Leaf(field, Present{}));
    EXPECT_EQ(Compiled(std::string(name) + " != *"),
              Leaf(field, Present{}, true));
  }
}

TEST(FilterChecker, NothingAndUnspecifiedAskForNoValue) {
  EXPECT_EQ(Compiled("section = ''"), Leaf(Field::kSection, Present{}, true));
  EXPECT_EQ(Compiled("section != \"\""), Leaf(Field::kSection, Present{}));
  EXPECT_EQ(Compiled("access = UNSPECIFIED"),
            Leaf(Field::kAccess, Present{}, true));
}

TEST(FilterChecker, EnumsByShortOrFullNameInAnyCase) {
  const Condition opinion =
      Leaf(Field::kArticleType, EnumMatch{v1::ARTICLE_TYPE_OPINION});
  EXPECT_EQ(Compiled("article_type = OPINION"), opinion);
  EXPECT_EQ(Compiled("article_type = \"opinion\""), opinion);
  EXPECT_EQ(Compiled("article_type:ARTICLE_TYPE_OPINION"), opinion);
}

TEST(FilterChecker, TimesAreInstants) {
  constexpr int64_t kUs = 1767323045'500000;
  const std::string time = " 2026-01-02T04:04:05.5+01:00";
  const auto within = [](TimeRange range) {
    return Leaf(Field::kPublishTime, range);
  };
  EXPECT_EQ(Compiled("publish_time <" + time), within({.end_us = kUs}));
  EXPECT_EQ(Compiled("publish_time <=" + time), within({.end_us = kUs + 1}));
  EXPECT_EQ(Compiled("publish_time >" + time), within({.begin_us = kUs + 1}));
  EXPECT_EQ(Compiled("publish_time >=" + time), within({.begin_us = kUs}));
  EXPECT_EQ(Compiled("publish_time =" + time), within({kUs, kUs + 1}));
}

TEST(FilterChecker, DatesAreDays) {
  constexpr int64_t kBegin = 1767312000'000000;
  constexpr int64_t kEnd = kBegin + 86'400'000000;
  const auto within = [](TimeRange range, bool negated = false) {
    return Leaf(Field::kFetchTime, range, negated);
  };
  EXPECT_EQ(Compiled("fetch_time < 2026-01-02"), within({.end_us = kBegin}));
  EXPECT_EQ(Compiled("fetch_time <= 2026-01-02"), within({.end_us = kEnd}));
  EXPECT_EQ(Compiled("fetch_time > 2026-01-02"), within({.begin_us = kEnd}));
  EXPECT_EQ(Compiled("fetch_time >= 2026-01-02"), within({.begin_us = kBegin}));
  EXPECT_EQ(Compiled("fetch_time:2026-01-02"), within({kBegin, kEnd}));
  EXPECT_EQ(Compiled("fetch_time != 2026-01-02"), within({kBegin, kEnd}, true));
}

TEST(FilterChecker, NegationMovesToTheLeavesAndLevelsFlatten) {
  const Condition a = Leaf(Field::kSection, TextMatch{Kind::kEquals, "a"});
  const Condition not_a =
      Leaf(Field::kSection, TextMatch{Kind::kEquals, "a"}, true);
  const Condition b = Leaf(Field::kSection, TextMatch{Kind::kEquals, "b"});
  const Condition not_c =
      Leaf(Field::kSection, TextMatch{Kind::kEquals, "c"}, true);
  EXPECT_EQ(
      Compiled("NOT (section=a AND section!=b) OR (section=a OR -section=c)"),
      (Condition{.kind = TreeKind::kAny, .operands = {not_a, b, a, not_c}}));
  EXPECT_EQ(Compiled("-(section=a OR section=c) section=b"),
            (Condition{.kind = TreeKind::kAll, .operands = {not_a, not_c, b}}));
}

TEST(FilterChecker, NamesUnknownFieldAndTheKnownOnes) {
  EXPECT_EQ(Error("language = en AND publishr = Dawn"),
            "filter, position 19: unknown field 'publishr'; known are "
            "publisher, domain, language, section, author, keyword, access, "
            "article_type, publish_time, fetch_time, headline");
}

TEST(FilterChecker, RefusesOrderOnWhatHasNone) {
  EXPECT_EQ(Error("headline < x"),
            "filter, position 10: operator '<' doesn't fit field 'headline', "
            "which takes = != :");
  EXPECT_EQ(Error("access >= FREE"),
            "filter, position 8: operator '>=' doesn't fit field 'access', "
            "which takes = != :");
}

TEST(FilterChecker, RefusesWhatIsNoTime) {
  EXPECT_EQ(Error("publish_time > yesterday"),
            "filter, position 16: expected a time like 2026-01-02T03:04:05Z or "
            "a date like 2026-01-02 for field 'publish_time', not 'yesterday'");
  for (const char* value :
       {"2026-02-30", "2026-1-2", "2026-01-02T03:04Z", "2026-01-02T03:04:05",
        "infinite-past", "'2026-01-02T03:04:05 Z'", "+2026-01-02", "*", "2026*",
        "2026-01-02T03:04:05.Z", "2026-13-01T00:00:00Z", "''"}) {
    EXPECT_THAT(Error(std::string("publish_time < ") + value),
                ::testing::HasSubstr("position 16: expected a time"));
  }
}

TEST(FilterChecker, RefusesUnknownEnumValueAndNamesTheKnownOnes) {
  const std::string expected =
      "filter, position 10: expected one of UNSPECIFIED, FREE, METERED, "
      "PAYWALLED or * for field 'access'";
  EXPECT_EQ(Error("access = CLOSED"), expected);
  EXPECT_EQ(Error("access = FREE*"), expected);
}

TEST(FilterChecker, RefusesWildcardsWithinAndNothingBehindHas) {
  EXPECT_EQ(Error("domain = d*n.com"),
            "filter, position 10: expected '*' only at the beginning or end of "
            "a value of 'domain' (\\* is the character itself)");
  EXPECT_EQ(Error("headline:''"),
            "filter, position 10: expected a value that isn't empty after ':'");
}

}  // namespace
}  // namespace dateline::store::filter

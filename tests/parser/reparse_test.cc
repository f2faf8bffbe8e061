// What a second reading of a page does to what is known.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "nlohmann/json.hpp"
#include "parser/reparse/article_fields.h"
#include "parser/reparse/known_articles.h"
#include "parser/reparse/reparse_report.h"

namespace dateline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

v1::Article ArticleOf(int64_t version, int64_t parsed = 1) {
  v1::Article article;
  article.set_uid("a");
  article.set_version(version);
  article.set_headline("A headline");
  article.add_keywords("salt");
  article.add_keywords("tide");
  article.mutable_parse_time()->set_seconds(parsed);
  article.mutable_provenance()->set_extractor_version("1");
  return article;
}

kafka::Record TombstoneAt(int64_t offset) {
  kafka::Record record;
  record.partition = {"articles", 3};
  record.offset = offset;
  record.key = "a";
  return record;
}

kafka::Record RecordOf(const v1::Article& article, int64_t offset) {
  kafka::Record record = TombstoneAt(offset);
  record.value = article.SerializeAsString();
  return record;
}

TEST(ChangedFields, NamesThoseThatDifferInTheOrderOfTheirNumbers) {
  const v1::Article before = ArticleOf(1);
  v1::Article after = before;
  after.set_headline("Another");
  after.add_authors()->set_name("Ada");
  after.clear_keywords();
  EXPECT_THAT(ChangedFields(DigestFields(before), DigestFields(after)),
              ElementsAre("headline", "authors", "keywords"));
}

TEST(ChangedFields, SeesThatValuesOfAListChangePlaces) {
  const v1::Article before = ArticleOf(1);
  v1::Article after = before;
  after.mutable_keywords()->SwapElements(0, 1);
  EXPECT_THAT(ChangedFields(DigestFields(before), DigestFields(after)),
              ElementsAre("keywords"));
}

TEST(ChangedFields, PassesOverWhatTellsOfTheReading) {
  v1::Article after = ArticleOf(1, 99);
  after.mutable_provenance()->set_extractor_version("2");
  EXPECT_THAT(ChangedFields(DigestFields(ArticleOf(1)), DigestFields(after)),
              IsEmpty());
}

TEST(ChangedFields, TellsOfFieldsThatItDoesNotKnow) {
  v1::Article after = ArticleOf(1);
  after.GetReflection()->MutableUnknownFields(&after)->AddVarint(1000, 1);
  EXPECT_THAT(ChangedFields(DigestFields(ArticleOf(1)), DigestFields(after)),
              ElementsAre("unknown"));
}

TEST(KnownArticles, ComparesWithTheSameFetchOnly) {
  KnownArticles known;
  std::vector<std::string> changed;
  EXPECT_EQ(known.Compare(ArticleOf(5), &changed), ReparseResult::kGained);
  known.Apply(RecordOf(ArticleOf(5), 0));
  EXPECT_EQ(known.Compare(ArticleOf(5, 7), &changed),
            ReparseResult::kUnchanged);
  v1::Article other = ArticleOf(5, 7);
  other.set_headline("Another");
  EXPECT_EQ(known.Compare(other, &changed), ReparseResult::kChanged);
  EXPECT_THAT(changed, ElementsAre("headline"));
  EXPECT_EQ(known.Compare(ArticleOf(4), &changed), ReparseResult::kSuperseded);
  EXPECT_EQ(known.Compare(ArticleOf(6), &changed), ReparseResult::kGained);
  EXPECT_THAT(changed, IsEmpty());
  EXPECT_EQ(known.CompareNone("a", 5), ReparseResult::kLost);
  EXPECT_EQ(known.CompareNone("a", 6), ReparseResult::kNoArticle);
  EXPECT_EQ(known.CompareNone("b", 5), ReparseResult::kNoArticle);
}

TEST(KnownArticles, OfOneFetchTheLaterReadingCounts) {
  KnownArticles known;
  std::vector<std::string> changed;
  v1::Article reading = ArticleOf(5, 2);
  reading.set_headline("Another");
  known.Apply(RecordOf(ArticleOf(5, 1), 0));
  known.Apply(RecordOf(reading, 1));
  EXPECT_EQ(known.Compare(reading, &changed), ReparseResult::kUnchanged);
}

TEST(KnownArticles, GivesNothingBackThatWasTakenBack) {
  KnownArticles known;
  std::vector<std::string> changed;
  known.Apply(RecordOf(ArticleOf(5), 0));
  known.Apply(TombstoneAt(1));
  EXPECT_EQ(known.Compare(ArticleOf(5), &changed), ReparseResult::kTakenBack);
  EXPECT_EQ(known.CompareNone("a", 5), ReparseResult::kNoArticle);
  known.Apply(RecordOf(ArticleOf(6), 2));
  EXPECT_EQ(known.Compare(ArticleOf(6), &changed), ReparseResult::kUnchanged);
}

TEST(KnownArticles, SaysWhatAnOlderArticleHides) {
  KnownArticles known;
  known.Apply(RecordOf(ArticleOf(6), 0));
  EXPECT_THAT(known.Hidden(), IsEmpty());
  known.Apply(RecordOf(ArticleOf(5, 9), 1));
  EXPECT_THAT(known.Hidden(),
              ElementsAre(kafka::Position{{"articles", 3}, 0, ""}));
  known.Apply(RecordOf(ArticleOf(6), 2));
  EXPECT_THAT(known.Hidden(), IsEmpty());
}

TEST(ReparseReport, CountsByFieldAndBySite) {
  ReparseReport report;
  report.Count("a.example", ReparseResult::kChanged, {"headline", "body"});
  report.Count("a.example", ReparseResult::kUnchanged, {});
  report.Count("b.example", ReparseResult::kChanged, {"body"});
  report.Count("b.example", ReparseResult::kLost, {});
  EXPECT_EQ(report.pages(), 4);
  EXPECT_EQ(nlohmann::json::parse(report.ToJson()), nlohmann::json::parse(R"({
    "pages": 4, "results": {"unchanged": 1, "changed": 2, "lost": 1},
    "fields": {"body": 2, "headline": 1},
    "sites": {
      "a.example": {"results": {"unchanged": 1, "changed": 1},
                    "fields": {"body": 1, "headline": 1}},
      "b.example": {"results": {"changed": 1, "lost": 1},
                    "fields": {"body": 1}}},
    "uncovered": 0})"));
  EXPECT_THAT(report.ToText(), HasSubstr("2  b.example: body 1\n"));
  EXPECT_THAT(report.ToText(), HasSubstr("2  body\n"));
}

TEST(ReparseReport, TellsOnlySoManySitesApart) {
  ReparseReport report;
  for (size_t i = 0; i < ReparseReport::kMaxSites + 5; ++i) {
    report.Count(std::to_string(i), ReparseResult::kChanged, {"body"});
  }
  const auto json = nlohmann::json::parse(report.ToJson());
  EXPECT_EQ(json["sites"].size(), ReparseReport::kMaxSites + 1);
  EXPECT_EQ(json["sites"]["other"]["results"]["changed"], 5);
}

}  // namespace
}  // namespace dateline

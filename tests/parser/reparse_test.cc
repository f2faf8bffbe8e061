// What a second reading of a page does to what is known.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"
#include "parser/reparse/article_fields.h"
#include "parser/reparse/known_articles.h"
#include "parser/reparse/reparse_report.h"
#include "parser/reparse/warc_file.h"

namespace dateline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

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

TEST(KnownArticles, WhatAReparseWroteDoesNotUndoATakedown) {
  KnownArticles known;
  std::vector<std::string> changed;
  kafka::Record written = RecordOf(ArticleOf(5, 2), 2);
  written.headers = {{"ce_source", kReparseSource}};
  known.Apply(RecordOf(ArticleOf(5), 0));
  known.Apply(TombstoneAt(1));
  EXPECT_THAT(known.Hidden(), IsEmpty());
  known.Apply(written);
  EXPECT_EQ(known.Compare(ArticleOf(5), &changed), ReparseResult::kTakenBack);
  EXPECT_THAT(known.Hidden(),
              ElementsAre(kafka::Position{{"articles", 3}, 1, ""}));
  known.Apply(TombstoneAt(3));
  EXPECT_THAT(known.Hidden(), IsEmpty());
}

TEST(KnownArticles, TakesWhatAReparseWroteForAnArticleOtherwise) {
  KnownArticles known;
  std::vector<std::string> changed;
  kafka::Record written = RecordOf(ArticleOf(5), 0);
  written.headers = {{"ce_source", kReparseSource}};
  known.Apply(written);
  EXPECT_EQ(known.Compare(ArticleOf(5), &changed), ReparseResult::kUnchanged);
  EXPECT_THAT(known.Hidden(), IsEmpty());
}

TEST(KnownArticles, KnowsWhatIsAboutToBeWritten) {
  KnownArticles known;
  std::vector<std::string> changed;
  v1::Article article = ArticleOf(5, 7);
  known.Write(article);
  EXPECT_EQ(known.Compare(ArticleOf(5, 8), &changed),
            ReparseResult::kUnchanged);
  EXPECT_EQ(known.Compare(ArticleOf(4, 9), &changed),
            ReparseResult::kSuperseded);
  // Of no place yet, so that nothing could be written again.
  known.Apply(RecordOf(ArticleOf(4), 0));
  EXPECT_THAT(known.Hidden(), IsEmpty());
  known.Apply(RecordOf(article, 1));
  EXPECT_THAT(known.Hidden(), IsEmpty());
  known.Apply(RecordOf(ArticleOf(4), 2));
  EXPECT_THAT(known.Hidden(),
              ElementsAre(kafka::Position{{"articles", 3}, 1, ""}));
}

TEST(KnownArticles, AReadingIsLaterThanTheOneKnownWhateverTheClockSays) {
  KnownArticles known;
  known.Apply(RecordOf(ArticleOf(5, 100), 0));
  v1::Article article = ArticleOf(5, 99);
  article.set_headline("Another");
  known.Write(article);
  EXPECT_EQ(article.parse_time().seconds(), 100);
  EXPECT_EQ(article.parse_time().nanos(), 1000);
  article.set_headline("A third");
  known.Write(article);
  EXPECT_EQ(article.parse_time().nanos(), 2000);
  v1::Article later = ArticleOf(5, 101);
  known.Write(later);
  EXPECT_EQ(later.parse_time().seconds(), 101);
  // Versions order those.
  v1::Article other_fetch = ArticleOf(6, 1);
  known.Write(other_fetch);
  EXPECT_EQ(other_fetch.parse_time().seconds(), 1);
}

TEST(ReparseReport, SaysWhatWasLeftOut) {
  ReparseReport report;
  report.CountLeftOut("no_record", 0);
  report.CountLeftOut("type_request", 2);
  report.CountLeftOut("type_request", 1);
  EXPECT_EQ(nlohmann::json::parse(report.ToJson())["left_out"],
            nlohmann::json::parse(R"({"type_request": 3})"));
  EXPECT_THAT(report.ToText(), HasSubstr("left out: 3 type_request\n"));
}

std::string WarcResponse(const std::string& url, const std::string& body) {
  const std::string http =
      absl::StrCat("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n", body);
  return absl::StrCat(
      "WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: ", url,
      "\r\nWARC-Date: 2026-03-11T10:00:00Z\r\nContent-Type: "
      "application/http; msgtype=response\r\nContent-Length: ",
      http.size(), "\r\n\r\n", http, "\r\n\r\n");
}

class WarcFileTest : public ::testing::Test {
 protected:
  ~WarcFileTest() override { std::filesystem::remove(path_); }

  absl::Status Read(const std::string& bytes) {
    std::ofstream(path_, std::ios::binary) << bytes;
    return ReadFrom(path_);
  }
  absl::Status ReadFrom(const std::string& path) {
    return ReadWarcFile(
        path,
        [this](const WarcFilePage& page) {
          urls_.push_back(page.page.url());
          places_.push_back(page.place);
          return stop_;
        },
        left_out_);
  }

  const std::string path_ =
      absl::StrCat(::testing::TempDir(), "reparse_test-", getpid(), ".warc");
  absl::Status stop_;
  std::vector<std::string> urls_;
  std::vector<std::string> places_;
  std::map<std::string, int64_t> left_out_;
};

TEST_F(WarcFileTest, GivesThePagesAndCountsAllElse) {
  const std::string first = WarcResponse("http://a.example/1", "<p>One");
  const absl::Status status =
      Read(first +
           "WARC/1.0\r\nWARC-Type: request\r\nContent-Length: 2\r\n\r\nhi"
           "\r\n\r\nWARC/1.0\r\nWARC-Type: response\r\nContent-Length: "
           "x\r\n\r\n" +
           WarcResponse("http://a.example/2", "<p>Two"));
  EXPECT_TRUE(status.ok()) << status;
  EXPECT_THAT(urls_, ElementsAre("http://a.example/1", "http://a.example/2"));
  const std::string name = std::filesystem::path(path_).filename();
  EXPECT_EQ(places_[0], name + "/0/0");
  EXPECT_THAT(left_out_, UnorderedElementsAre(Pair("type_request", 1),
                                              Pair("bad_content_length", 1)));
}

TEST_F(WarcFileTest, EndsWithAnErrorOfWhoTakesThePages) {
  stop_ = absl::UnavailableError("no broker");
  EXPECT_EQ(Read(WarcResponse("http://a.example/1", "<p>One") +
                 WarcResponse("http://a.example/2", "<p>Two")),
            stop_);
  EXPECT_EQ(urls_.size(), 1);
}

TEST_F(WarcFileTest, SaysWhatCanNotBeRead) {
  EXPECT_EQ(ReadFrom(path_).code(), absl::StatusCode::kNotFound);
  // A file's reading can break off anywhere; a folder's does at once.
  EXPECT_EQ(ReadFrom(::testing::TempDir()),
            absl::DataLossError(absl::StrCat(::testing::TempDir(),
                                             " can't be read behind byte 0")));
  EXPECT_EQ(Read("no archive at all").code(),
            absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(left_out_, UnorderedElementsAre(Pair("corrupt_compression", 1)));
  EXPECT_EQ(Read("").code(), absl::StatusCode::kInvalidArgument);
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
    "uncovered": 0, "left_out": {}})"));
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

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "store/export/article_json.h"
#include "store/export/article_sink.h"
#include "store/export/export_progress.h"
#include "store/export/partial_file.h"
#include "tests/store/temporary_directory.h"

namespace dateline::store {
namespace {

v1::Article Article(const std::string& uid) {
  v1::Article article;
  article.set_uid(uid);
  article.set_article_type(v1::ARTICLE_TYPE_NEWS);
  article.mutable_publish_time()->mutable_time()->set_seconds(1'767'225'600);
  article.add_body()->mutable_paragraph()->set_text("One.\nTwo.");
  return article;
}

std::string Read(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path).rdbuf();
  return text.str();
}

TEST(ArticleJson, HasTheProtocolsNamesOnOneLine) {
  const auto json = ToJson(Article("a"));
  ASSERT_TRUE(json.ok()) << json.status();
  EXPECT_EQ(*json,
            R"({"uid":"a","publish_time":{"time":"2026-01-01T00:00:00Z"},)"
            R"("article_type":"ARTICLE_TYPE_NEWS",)"
            R"("body":[{"paragraph":{"text":"One.\nTwo."}}]})");
}

TEST(ArticleJson, AnArrayOfNothingIsNothing) {
  EXPECT_EQ(*ToJsonArray(Article("a").links()), "");
  EXPECT_EQ(*ToJsonArray(Article("a").body()),
            R"([{"paragraph":{"text":"One.\nTwo."}}])");
}

TEST(ArticleJson, ATimeOutOfRangeIsDataLoss) {
  v1::Article article;
  article.mutable_fetch_time()->set_seconds(int64_t{1} << 60);
  EXPECT_EQ(ToJson(article).status().code(), absl::StatusCode::kDataLoss);
}

TEST(JsonLinesSink, WritesALineAnArticle) {
  const TemporaryDirectory folder;
  const std::string path = folder.File("articles.jsonl");
  auto sink = NewJsonLinesSink(path);
  ASSERT_TRUE(sink.ok()) << sink.status();
  v1::Article article;
  for (const char* uid : {"a", "b"}) {
    article.set_uid(uid);
    ASSERT_TRUE((*sink)->Add(article).ok());
  }
  ASSERT_TRUE((*sink)->Finish().ok());
  EXPECT_EQ(Read(path), "{\"uid\":\"a\"}\n{\"uid\":\"b\"}\n");
}

TEST(JsonLinesSink, NamesTheFileItCantWrite) {
  const auto missing = NewJsonLinesSink("/nowhere/articles.jsonl");
  EXPECT_EQ(missing.status().code(), absl::StatusCode::kNotFound);
  auto full = NewJsonLinesSink("/dev/full");
  ASSERT_TRUE(full.ok()) << full.status();
  absl::Status status = (*full)->Add(Article("a"));
  status.Update((*full)->Finish());
  EXPECT_EQ(status.code(), absl::StatusCode::kResourceExhausted) << status;
  EXPECT_NE(status.message().find("/dev/full"), absl::string_view::npos);
}

TEST(PartialFile, AppearsWhenItIsWhole) {
  const TemporaryDirectory folder;
  const std::string path = folder.File("articles");
  std::ofstream(path) << "old";
  {
    PartialFile file(path);
    std::ofstream(file.path()) << "new";
    EXPECT_EQ(Read(path), "old");
    ASSERT_TRUE(file.Commit().ok());
  }
  EXPECT_EQ(Read(path), "new");
}

TEST(PartialFile, LeavesNothingBehindWhereItIsNot) {
  const TemporaryDirectory folder;
  {
    const PartialFile file(folder.File("articles"));
    std::ofstream(file.path()) << "half";
    EXPECT_TRUE(std::filesystem::exists(file.path()));
  }
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(ExportProgress, TellsALineEachTenSecondsWhereThereIsNoTerminal) {
  const absl::Time begin = absl::UnixEpoch();
  ExportProgress progress(begin, false);
  EXPECT_EQ(progress.Told(begin + absl::Seconds(9), 90, 400), std::nullopt);
  EXPECT_EQ(progress.Told(begin + absl::Seconds(10), 100, 400),
            "100 of 400 articles, 25 %, 10 articles/s, 30s left\n");
  EXPECT_EQ(progress.Told(begin + absl::Seconds(11), 110, 400), std::nullopt);
  EXPECT_EQ(progress.Done(begin + absl::Seconds(40), 400, "x.jsonl"),
            "400 articles in 40s to x.jsonl\n");
}

TEST(ExportProgress, WritesOverItsLineOnATerminal) {
  const absl::Time begin = absl::UnixEpoch();
  ExportProgress progress(begin, true);
  EXPECT_EQ(progress.Told(begin + absl::Seconds(1), 10, 40),
            "\r\x1b[K10 of 40 articles, 25 %, 10 articles/s, 3s left");
  EXPECT_EQ(progress.Done(begin + absl::Seconds(4), 40, "-"),
            "\r\x1b[K40 articles in 4s to standard output\n");
}

}  // namespace
}  // namespace dateline::store

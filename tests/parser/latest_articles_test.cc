#include "parser/ledger/latest_articles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace dateline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

kafka::Record Version(const std::string& uid, int64_t version,
                      const std::string& content) {
  v1::Article article;
  article.set_uid(uid);
  article.set_version(version);
  article.set_content_sha256(content);
  kafka::Record record;
  record.key = uid;
  record.value = article.SerializeAsString();
  return record;
}

kafka::Record Tombstone(const std::string& uid) {
  kafka::Record record;
  record.key = uid;
  return record;
}

TEST(LatestArticlesTest, AgreesWithAStoreThatHasTheHighestVersions) {
  LatestArticles latest;
  latest.Apply(Version("a", 2, "two"));
  latest.Apply(Version("a", 1, "one"));
  latest.Apply(Version("b", 1, "one"));
  latest.Apply(Tombstone("b"));
  EXPECT_THAT(latest.DifferencesFrom({{"a", {2, 0, "two"}}}), IsEmpty());
}

TEST(LatestArticlesTest, NamesEachArticleThatDiffers) {
  LatestArticles latest;
  latest.Apply(Version("a", 1, "one"));
  latest.Apply(Version("b", 2, "two"));
  latest.Apply(Version("c", 1, "one"));
  EXPECT_THAT(
      latest.DifferencesFrom(
          {{"b", {1, 0, "one"}}, {"c", {1, 0, "other"}}, {"d", {1, 0, "one"}}}),
      ElementsAre("a is not in the store",
                  "b has version 1 in the store, 2 by the topic",
                  "c has another text in the store", "d is in the store only"));
}

TEST(LatestArticlesTest, PassesOverRecordsThatAreNoArticles) {
  LatestArticles latest;
  kafka::Record record = Version("a", 1, "one");
  record.value = "\xff not an article";
  latest.Apply(record);
  record = Version("a", 1, "one");
  record.key = "another";
  latest.Apply(record);
  EXPECT_THAT(latest.DifferencesFrom({}), IsEmpty());
}

}  // namespace
}  // namespace dateline

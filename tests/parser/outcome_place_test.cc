#include "parser/ledger/outcome_place.h"

#include <gtest/gtest.h>

#include <optional>

#include "common/cloud_event.h"

namespace dateline {
namespace {

kafka::Record ArticleRecord(const std::string& id, const std::string& source) {
  kafka::Record record;
  record.headers = CloudEventHeaders({.id = id, .source = source});
  return record;
}

TEST(OutcomePlaceTest, ReadsAnArticlesPage) {
  EXPECT_EQ(
      PageOfArticle(ArticleRecord("dateline.pages/3/41", "/dateline/parser")),
      (RecordPlace{{"dateline.pages", 3}, 41}));
}

TEST(OutcomePlaceTest, PassesOverWhatNoParserWrote) {
  EXPECT_EQ(
      PageOfArticle(ArticleRecord("dateline.pages/3/41", "/dateline/store")),
      std::nullopt);
  EXPECT_EQ(PageOfArticle(ArticleRecord("pages/x/41", "/dateline/parser")),
            std::nullopt);
  EXPECT_EQ(PageOfArticle(ArticleRecord("pages/3", "/dateline/parser")),
            std::nullopt);
  EXPECT_EQ(PageOfArticle(kafka::Record{}), std::nullopt);
}

TEST(OutcomePlaceTest, ReadsADeadLettersPage) {
  kafka::Record record;
  record.headers = {{"dateline-dead-letter-topic", "dateline.pages"},
                    {"dateline-dead-letter-partition", "3"},
                    {"dateline-dead-letter-offset", "41"},
                    {"dateline-dead-letter-reason", "no_article"}};
  EXPECT_EQ(PageOfDeadLetter(record), (RecordPlace{{"dateline.pages", 3}, 41}));
}

TEST(OutcomePlaceTest, PassesOverTheMarksOfRedrives) {
  kafka::Record record;
  record.headers = {{"dateline-dead-letter-redriven", "41"}};
  EXPECT_EQ(PageOfDeadLetter(record), std::nullopt);
}

}  // namespace
}  // namespace dateline

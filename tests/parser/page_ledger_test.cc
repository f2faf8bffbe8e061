#include "parser/ledger/page_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace dateline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const kafka::TopicPartition kPages = {"pages", 3};
const kafka::TopicPartition kArticles = {"articles", 3};
const kafka::TopicPartition kLetters = {"dead-letters", 0};

class PageLedgerTest : public ::testing::Test {
 protected:
  PageLedgerTest() { ledger_.AddPartition(kPages, 0); }

  void AddPages(int64_t first, int64_t last) {
    for (int64_t at = first; at <= last; ++at) ledger_.AddPage({kPages, at});
  }
  void AddArticle(int64_t page, const std::string& key) {
    ledger_.AddArticle({kPages, page}, {kArticles, next_article_++}, key);
  }
  Balance CloseAt(int64_t offset, const std::string& done = "") {
    return ledger_.Close({{kPages, {offset, done}}});
  }

  PageLedger ledger_;
  int64_t next_article_ = 0;
};

TEST_F(PageLedgerTest, BalancesArticlesLettersAndPagesInFlight) {
  AddPages(0, 4);
  ledger_.AddDeadLetter({kPages, 1}, {kLetters, 7}, "b");
  AddArticle(0, "a");
  AddArticle(2, "a");
  const Balance balance = CloseAt(3);
  EXPECT_EQ(balance.pages, 5);
  EXPECT_EQ(balance.articles, 2);
  EXPECT_EQ(balance.dead_letters, 1);
  EXPECT_EQ(balance.in_flight, 2);
  EXPECT_TRUE(balance.balanced());
  EXPECT_THAT(balance.findings, IsEmpty());
}

TEST_F(PageLedgerTest, NamesAPageThatIsCommittedWithoutOutcome) {
  AddPages(0, 2);
  AddArticle(0, "a");
  AddArticle(2, "a");
  const Balance balance = CloseAt(3);
  EXPECT_EQ(balance.lost, 1);
  EXPECT_FALSE(balance.balanced());
  EXPECT_THAT(
      balance.findings,
      ElementsAre(Finding{Imbalance::kLost, {kPages, 1}, std::nullopt, ""}));
}

TEST_F(PageLedgerTest, TakesWhatAMarkSaysIsWrittenBehindTheOffset) {
  AddPages(0, 3);
  PageWindow window;
  for (int64_t at = 0; at < 4; ++at) {
    ASSERT_TRUE(window.Admit(at, absl::StrCat("key", at)));
  }
  window.Finish(2);
  window.TakeNext();
  const Balance balance = ledger_.Close({{kPages, *window.Mark()}});
  EXPECT_EQ(balance.lost, 1);
  EXPECT_EQ(balance.in_flight, 3);
  EXPECT_EQ(balance.findings[0].page.offset, 2);
}

TEST_F(PageLedgerTest, NamesASecondOutcomeOfEitherKind) {
  AddPages(0, 1);
  ledger_.AddDeadLetter({kPages, 0}, {kLetters, 7}, "a");
  AddArticle(0, "a");
  AddArticle(1, "b");
  AddArticle(1, "b");
  const Balance balance = CloseAt(2);
  EXPECT_EQ(balance.duplicated, 2);
  EXPECT_EQ(balance.articles, 1);
  EXPECT_THAT(
      balance.findings,
      ElementsAre(
          Finding{Imbalance::kDuplicated, {kPages, 0}, {{kArticles, 0}}, "a"},
          Finding{Imbalance::kDuplicated, {kPages, 1}, {{kArticles, 2}}, "b"}));
}

TEST_F(PageLedgerTest, NamesAnArticleBehindThatOfALaterPageOfItsKey) {
  AddPages(0, 3);
  AddArticle(0, "a");
  AddArticle(3, "a");
  AddArticle(1, "b");
  AddArticle(2, "a");
  const Balance balance = CloseAt(4);
  EXPECT_EQ(balance.reordered, 1);
  EXPECT_THAT(balance.findings,
              ElementsAre(Finding{
                  Imbalance::kReordered, {kPages, 2}, {{kArticles, 3}}, "a"}));
}

TEST_F(PageLedgerTest, LetsDifferentKeysPassEachOther) {
  AddPages(0, 99);
  for (int64_t at = 99; at >= 0; --at) AddArticle(at, absl::StrCat("key", at));
  const Balance balance = CloseAt(100);
  EXPECT_EQ(balance.articles, 100);
  EXPECT_TRUE(balance.balanced());
}

TEST_F(PageLedgerTest, PassesOverOffsetsThatAreNoPages) {
  AddPages(0, 0);
  AddPages(2, 2);
  AddArticle(0, "a");
  AddArticle(2, "a");
  EXPECT_TRUE(CloseAt(4).balanced());
}

TEST_F(PageLedgerTest, NamesAnOutcomeOfNoPage) {
  AddPages(0, 0);
  AddPages(2, 2);
  AddArticle(1, "a");
  AddArticle(5, "b");
  ledger_.AddArticle({{"elsewhere", 0}, 0}, {kArticles, 2}, "c");
  EXPECT_EQ(CloseAt(0).invented, 3);
}

TEST_F(PageLedgerTest, CountsOutcomesOfPagesThatAreGoneApart) {
  ledger_.AddPartition(kPages, 10);
  AddPages(10, 11);
  AddArticle(9, "a");
  AddArticle(10, "a");
  AddArticle(11, "a");
  const Balance balance = CloseAt(12);
  EXPECT_EQ(balance.expired, 1);
  EXPECT_EQ(balance.articles, 2);
  EXPECT_TRUE(balance.balanced());
}

TEST_F(PageLedgerTest, HasAllInFlightWhereNothingIsCommitted) {
  AddPages(0, 4);
  EXPECT_EQ(ledger_.Close({}).in_flight, 5);
}

TEST_F(PageLedgerTest, NamesNoMoreThanTheFirstFindingsButCountsAll) {
  AddPages(0, 2999);
  const Balance balance = CloseAt(3000);
  EXPECT_EQ(balance.lost, 3000);
  EXPECT_EQ(balance.findings.size(), PageLedger::kMaxFindings);
}

}  // namespace
}  // namespace dateline

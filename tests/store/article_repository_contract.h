#ifndef DATELINE_TESTS_STORE_ARTICLE_REPOSITORY_CONTRACT_H_
#define DATELINE_TESTS_STORE_ARTICLE_REPOSITORY_CONTRACT_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "store/core/article_repository.h"
#include "tests/store/test_articles.h"

namespace dateline::store {

// One engine under test, with data of its own.
class TestEngine {
 public:
  virtual ~TestEngine() = default;
  // Opens the repository; after closing it, opens the same data again.
  virtual std::unique_ptr<ArticleRepository> Open() = 0;
};

using TestEngineFactory = std::function<std::unique_ptr<TestEngine>()>;

// What ArticleRepository promises, for every engine. An engine joins by
//   INSTANTIATE_TEST_SUITE_P(Name, ArticleRepositoryContract, Values(factory));
class ArticleRepositoryContract
    : public ::testing::TestWithParam<TestEngineFactory> {
 protected:
  void SetUp() override {
    engine_ = GetParam()();
    repository_ = engine_->Open();
  }

  void Reopen() {
    repository_.reset();
    repository_ = engine_->Open();
  }

  ApplyCounts Apply(const ArticleBatch& batch) {
    const auto counts = repository_->Apply(batch);
    EXPECT_TRUE(counts.ok()) << counts.status();
    return counts.value_or(ApplyCounts());
  }

  // Each behind the one before, in partition 0.
  ApplyCounts ApplyChanges(std::vector<ArticleChange> changes) {
    for (ArticleChange& change : changes) change.offset = next_offset_++;
    return Apply({.changes = std::move(changes),
                  .positions = {{{kTopic, 0}, next_offset_}}});
  }
  ApplyCounts ApplyArticle(const v1::Article& article) {
    return ApplyChanges({ChangeTo(article, 0)});
  }

  std::vector<std::string> Search(const std::string& query) {
    const auto terms = ParseSearchQuery(query);
    EXPECT_TRUE(terms.ok()) << terms.status();
    const auto page = repository_->Search(
        {.selection = {.terms = *terms}, .page = {.limit = 100}});
    EXPECT_TRUE(page.ok()) << page.status();
    std::vector<std::string> uids;
    for (const auto& found : page->articles) {
      uids.push_back(found.article.uid());
    }
    return uids;
  }

  std::unique_ptr<TestEngine> engine_;
  std::unique_ptr<ArticleRepository> repository_;
  int64_t next_offset_ = 0;
};

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

TEST_P(ArticleRepositoryContract, BeginsEmpty) {
  EXPECT_THAT(repository_->Positions().value(), IsEmpty());
  EXPECT_EQ(repository_->Count().value(), 0);
  EXPECT_THAT(repository_->List({.page = {.limit = 10}})->articles, IsEmpty());
  EXPECT_TRUE(absl::IsNotFound(repository_->Get("u", {}).status()));
}

TEST_P(ArticleRepositoryContract, GivesBackTheWholeArticle) {
  v1::Article article = MakeDatedArticle("u", 1644883200);
  article.mutable_publisher()->set_name("Dawn");
  article.add_minhash(7);
  ApplyArticle(article);
  const auto stored = repository_->Get("u", {});
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_THAT(stored->article, EqualsProto(article));
}

TEST_P(ArticleRepositoryContract, NamesTheUidItDoesNotHave) {
  EXPECT_THAT(std::string(repository_->Get("abc", {}).status().message()),
              HasSubstr("'abc'"));
}

TEST_P(ArticleRepositoryContract, KeepsTheHistoryOfAnArticle) {
  EXPECT_EQ(ApplyChanges({ChangeTo(MakeArticle("u", 2000, "A", "a"), 0),
                          ChangeTo(MakeArticle("u", 3000, "A", "a"), 0),
                          ChangeTo(MakeArticle("u", 5000, "A", "b"), 0),
                          ChangeTo(MakeArticle("u", 4000, "A", "old"), 0)}),
            (ApplyCounts{.stored = 2, .seen_again = 1, .stale = 1}));
  const auto stored = repository_->Get("u", {});
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_EQ(stored->article.version(), 5000);
  v1::ArticleHistory history;
  history.mutable_first_seen_time()->set_seconds(2);
  history.mutable_last_seen_time()->set_seconds(5);
  history.set_seen_count(3);
  history.set_revision_count(2);
  EXPECT_THAT(stored->history, EqualsProto(history));
}

TEST_P(ArticleRepositoryContract, TakesTheOtherFieldsOfAnArticleSeenAgain) {
  ApplyArticle(MakeArticle("u", 1, "A", "a"));
  v1::Article again = MakeArticle("u", 2, "A", "a");
  again.set_section("World");
  ApplyArticle(again);
  EXPECT_THAT(repository_->Get("u", {})->article, EqualsProto(again));
  EXPECT_THAT(Search("a"), ElementsAre("u"));
}

TEST_P(ArticleRepositoryContract, ForgetsAnArticleThatIsTakenBack) {
  ApplyArticle(MakeArticle("u", 1, "Headline", "word"));
  ApplyArticle(MakeArticle("v", 1, "Headline", "word"));
  EXPECT_EQ(ApplyChanges({Tombstone("u", 0), Tombstone("nobody", 0)}),
            (ApplyCounts{.stale = 1, .deleted = 1}));
  EXPECT_TRUE(absl::IsNotFound(repository_->Get("u", {}).status()));
  EXPECT_THAT(Search("word"), ElementsAre("v"));
  EXPECT_EQ(repository_->List({.page = {.limit = 10}})->articles.size(), 1);
  EXPECT_EQ(repository_->Count().value(), 1);
}

TEST_P(ArticleRepositoryContract, ChangesNothingOnAReplay) {
  const ArticleBatch batch = {
      .changes = {ChangeTo(MakeArticle("u", 1, "A", "a"), 0, 0),
                  Tombstone("u", 1, 0),
                  ChangeTo(MakeArticle("v", 1, "B", "b"), 0, 1),
                  ChangeTo(MakeArticle("v", 2, "B", "b"), 4, 1)},
      .positions = {{{kTopic, 0}, 3}, {{kTopic, 1}, 5}}};
  EXPECT_EQ(Apply(batch),
            (ApplyCounts{.stored = 2, .seen_again = 1, .deleted = 1}));
  const StoredArticle before = repository_->Get("v", {}).value();
  Reopen();
  EXPECT_EQ(Apply(batch), ApplyCounts());
  EXPECT_TRUE(absl::IsNotFound(repository_->Get("u", {}).status()));
  EXPECT_THAT(repository_->Get("v", {})->article, EqualsProto(before.article));
  EXPECT_THAT(repository_->Get("v", {})->history, EqualsProto(before.history));
}

TEST_P(ArticleRepositoryContract, KeepsPositionsWithTheArticles) {
  Apply({.changes = {ChangeTo(MakeArticle("u", 1, "A", "a"), 6, 2)},
         .positions = {{{kTopic, 2}, 7}}});
  Apply({.changes = {}, .positions = {{{kTopic, 0}, 3}, {{kTopic, 2}, 5}}});
  Reopen();
  EXPECT_THAT(repository_->Positions().value(),
              UnorderedElementsAre(kafka::Position{{kTopic, 0}, 3},
                                   kafka::Position{{kTopic, 2}, 7}));
  EXPECT_TRUE(repository_->Get("u", {}).ok());
}

TEST_P(ArticleRepositoryContract, TellsTopicsApart) {
  Apply({.changes = {}, .positions = {{{kTopic, 0}, 3}, {{"other", 0}, 5}}});
  EXPECT_THAT(repository_->Positions().value(),
              UnorderedElementsAre(kafka::Position{{kTopic, 0}, 3},
                                   kafka::Position{{"other", 0}, 5}));
}

TEST_P(ArticleRepositoryContract, ListsTheLatestFirstInPages) {
  for (int i = 0; i < 7; ++i) {
    // Two of each time, and two without.
    v1::Article article = MakeDatedArticle("u" + std::to_string(i), i / 2);
    if (i >= 5) article.clear_publish_time();
    ApplyArticle(article);
  }
  std::vector<std::string> uids;
  std::string cursor;
  int pages = 0;
  do {
    const auto page =
        repository_->List({.page = {.limit = 3, .cursor = cursor}});
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& article : page->articles) uids.push_back(article.uid());
    cursor = page->next_cursor;
    ++pages;
  } while (!cursor.empty());
  EXPECT_THAT(uids, ElementsAre("u4", "u3", "u2", "u1", "u0", "u6", "u5"));
  EXPECT_EQ(pages, 3);
}

TEST_P(ArticleRepositoryContract, HasNoFurtherPageBehindAFullLastOne) {
  ApplyArticle(MakeDatedArticle("a", 1));
  ApplyArticle(MakeDatedArticle("b", 2));
  EXPECT_EQ(repository_->List({.page = {.limit = 2}})->next_cursor, "");
}

TEST_P(ArticleRepositoryContract, GoesOnBehindAnArticleThatIsGone) {
  for (int i = 0; i < 4; ++i) {
    ApplyArticle(MakeDatedArticle("u" + std::to_string(i), i));
  }
  const auto first = repository_->List({.page = {.limit = 2}});
  ApplyChanges({Tombstone("u2", 0)});
  ApplyArticle(MakeDatedArticle("new", 100));
  const auto second =
      repository_->List({.page = {.limit = 2, .cursor = first->next_cursor}});
  ASSERT_EQ(second->articles.size(), 2);
  EXPECT_EQ(second->articles[0].uid(), "u1");
  EXPECT_EQ(second->articles[1].uid(), "u0");
}

TEST_P(ArticleRepositoryContract, RefusesACursorThatIsNotItsOwn) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      repository_->List({.page = {.limit = 2, .cursor = "nonsense"}})
          .status()));
  EXPECT_TRUE(absl::IsInvalidArgument(
      repository_
          ->Search({.selection = {.terms = {{.text = "a"}}},
                    .page = {.limit = 2, .cursor = "nonsense"}})
          .status()));
}

TEST_P(ArticleRepositoryContract, FindsWordsPhrasesPrefixesAndFields) {
  ApplyArticle(MakeArticle("a", 1, "River commission revived",
                           "Ministers met on the border."));
  ApplyArticle(MakeArticle("b", 1, "Border markets",
                           "The commission on the river may wait."));
  EXPECT_THAT(Search("river"), UnorderedElementsAre("a", "b"));
  EXPECT_THAT(Search("RIVER ministers"), ElementsAre("a"));
  EXPECT_THAT(Search("\"river commission\""), ElementsAre("a"));
  EXPECT_THAT(Search("minist*"), ElementsAre("a"));
  EXPECT_THAT(Search("headline:border"), ElementsAre("b"));
  EXPECT_THAT(Search("body:border"), ElementsAre("a"));
  EXPECT_THAT(Search("absent"), IsEmpty());
}

TEST_P(ArticleRepositoryContract, FindsOnlyTheLatestText) {
  ApplyArticle(MakeArticle("u", 1, "Old title", "ancient"));
  ApplyArticle(MakeArticle("u", 2, "New title", "modern"));
  EXPECT_THAT(Search("ancient"), IsEmpty());
  EXPECT_THAT(Search("old"), IsEmpty());
  EXPECT_THAT(Search("modern title"), ElementsAre("u"));
}

TEST_P(ArticleRepositoryContract, FindsWordsWithoutTheirAccents) {
  ApplyArticle(MakeArticle("u", 1, "Élections à São Paulo", "Größe"));
  EXPECT_THAT(Search("elections sao"), ElementsAre("u"));
}

TEST_P(ArticleRepositoryContract, RanksTheHeadlineOverTheBody) {
  ApplyArticle(MakeArticle("body", 1, "Something else", "the tariff again"));
  ApplyArticle(MakeArticle("headline", 1, "The tariff again", "other words"));
  const auto page = repository_->Search(
      {.selection = {.terms = ParseSearchQuery("tariff").value()},
       .page = {.limit = 10}});
  ASSERT_EQ(page->articles.size(), 2);
  EXPECT_EQ(page->articles[0].article.uid(), "headline");
  EXPECT_GT(page->articles[0].score, page->articles[1].score);
}

TEST_P(ArticleRepositoryContract, MarksTheWordsFoundInTheSnippet) {
  ApplyArticle(MakeArticle("u", 1, "Title", "Before the tariff came in."));
  const auto page = repository_->Search(
      {.selection = {.terms = ParseSearchQuery("tariff").value()},
       .page = {.limit = 10}});
  ASSERT_EQ(page->articles.size(), 1);
  EXPECT_EQ(page->articles[0].snippet,
            "Before the \u2068tariff\u2069 came in.");
}

TEST_P(ArticleRepositoryContract, SearchesInPages) {
  for (int i = 0; i < 7; ++i) {
    // Two scores: with the word once, and twice in a longer text.
    ApplyArticle(MakeArticle("u" + std::to_string(i), 1, "Title",
                             i % 2 == 0 ? "word" : "word and word"));
  }
  std::vector<std::string> uids;
  std::vector<double> scores;
  std::string cursor;
  do {
    const auto page =
        repository_->Search({.selection = {.terms = {{.text = "word"}}},
                             .page = {.limit = 2, .cursor = cursor}});
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& found : page->articles) {
      uids.push_back(found.article.uid());
      scores.push_back(-found.score);
    }
    cursor = page->next_cursor;
  } while (!cursor.empty());
  EXPECT_THAT(uids,
              UnorderedElementsAre("u0", "u1", "u2", "u3", "u4", "u5", "u6"));
  EXPECT_TRUE(std::is_sorted(scores.begin(), scores.end()));
}

// What people and attackers type must find, or not find, but never fail.
TEST_P(ArticleRepositoryContract, TakesHostileQueries) {
  ApplyArticle(MakeArticle("u", 1, "Title", "word"));
  for (const char* query : {"word OR",
                            "NOT word",
                            "word AND (",
                            "\"word",
                            "\"\"\"word\"\"\"",
                            "NEAR(word, 2)",
                            "word NEAR",
                            "^word",
                            "word + +",
                            "{headline}:word",
                            "headline:",
                            "headline:headline:word",
                            "- headline : word",
                            "word--",
                            "'; DROP TABLE articles; --",
                            "rowid:1",
                            "text_index MATCH 1",
                            "word\\",
                            "w*o*r*d",
                            "***word",
                            "\u2068word\u2069",
                            "%s%n",
                            "\xc3\x28 word",
                            "body:*word",
                            "word:*",
                            "水",
                            "＂word＂",
                            "¼",
                            "\u0301a"}) {
    const auto terms = ParseSearchQuery(query);
    ASSERT_TRUE(terms.ok()) << query << ": " << terms.status();
    const auto page = repository_->Search(
        {.selection = {.terms = *terms}, .page = {.limit = 10}});
    EXPECT_TRUE(page.ok()) << query << ": " << page.status();
  }
  EXPECT_EQ(repository_->Count().value(), 1);
}

TEST_P(ArticleRepositoryContract, AnswersWhileItWrites) {
  ApplyArticle(MakeArticle("u", 1, "Title", "word"));
  std::atomic<bool> stop = false;
  std::vector<std::thread> readers;
  std::atomic<int> failures = 0;
  for (int i = 0; i < 3; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        if (!repository_->Get("u", {}).ok()) ++failures;
        if (!repository_->List({.page = {.limit = 5}}).ok()) ++failures;
      }
    });
  }
  for (int i = 0; i < 50; ++i) {
    ApplyArticle(MakeArticle("v" + std::to_string(i), 1, "Title", "word"));
  }
  stop = true;
  for (std::thread& reader : readers) reader.join();
  EXPECT_EQ(failures, 0);
  EXPECT_EQ(repository_->Count().value(), 51);
}

}  // namespace dateline::store

#endif  // DATELINE_TESTS_STORE_ARTICLE_REPOSITORY_CONTRACT_H_

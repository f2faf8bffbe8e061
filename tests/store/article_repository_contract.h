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

#include "google/protobuf/text_format.h"
#include "store/core/article_repository.h"
#include "store/core/filter/checker.h"
#include "store/core/near_duplicate.h"
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

  static filter::Condition Filter(const std::string& text) {
    const auto condition = filter::Compile(text);
    EXPECT_TRUE(condition.ok()) << condition.status();
    return condition.value_or(filter::Condition());
  }

  // The uids of all pages, and that none is longer than the limit.
  std::vector<std::string> ListAll(ListQuery query) {
    std::vector<std::string> uids;
    do {
      const auto page = repository_->List(query);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      EXPECT_LE(page->articles.size(), query.page.limit);
      for (const auto& article : page->articles) uids.push_back(article.uid());
      query.page.cursor = page->next_cursor;
    } while (!query.page.cursor.empty());
    return uids;
  }
  std::vector<std::string> ListUnder(const std::string& filter) {
    return ListAll({.filter = Filter(filter), .page = {.limit = 3}});
  }

  v1::AggregateArticlesResponse Aggregate(
      std::vector<v1::AggregateGrouping> groupings, Selection selection = {},
      int top = 10) {
    const auto response =
        repository_->Aggregate({.selection = std::move(selection),
                                .groupings = std::move(groupings),
                                .top = top});
    EXPECT_TRUE(response.ok()) << response.status();
    return response.value_or(v1::AggregateArticlesResponse());
  }

  std::vector<v1::Revision> Revisions(const std::string& uid) {
    std::vector<v1::Revision> revisions;
    RevisionQuery query = {.uid = uid, .page = {.limit = 2}};
    do {
      const auto page = repository_->ListRevisions(query);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      revisions.insert(revisions.end(), page->revisions.begin(),
                       page->revisions.end());
      query.page.cursor = page->next_cursor;
    } while (!query.page.cursor.empty());
    return revisions;
  }

  // Each story as its articles' uids; all pages.
  std::vector<std::vector<std::string>> Stories(const std::string& filter = "",
                                                int min_articles = 2) {
    std::vector<std::vector<std::string>> stories;
    StoryQuery query = {.filter = Filter(filter),
                        .min_articles = min_articles,
                        .page = {.limit = 2}};
    do {
      const auto page = repository_->ListStories(query);
      EXPECT_TRUE(page.ok()) << page.status();
      if (!page.ok()) break;
      for (const v1::Story& story : page->stories) {
        stories.push_back(StoryUids(story.uid()));
      }
      query.page.cursor = page->next_cursor;
    } while (!query.page.cursor.empty());
    return stories;
  }
  std::vector<std::string> StoryUids(const std::string& uid) {
    const auto story = repository_->GetStory(uid);
    EXPECT_TRUE(story.ok()) << story.status();
    std::vector<std::string> uids;
    if (!story.ok()) return uids;
    for (const auto& article : story->articles()) uids.push_back(article.uid());
    EXPECT_EQ(story->article_count(), uids.size());
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

TEST_P(ArticleRepositoryContract, GivesTheSameArticleAsBytes) {
  ApplyArticle(MakeArticle("u", 1, "A", "a"));
  const auto bytes = repository_->GetSerialized("u");
  ASSERT_TRUE(bytes.ok()) << bytes.status();
  v1::Article article;
  ASSERT_TRUE(article.ParseFromString(bytes->article));
  const StoredArticle stored = repository_->Get("u", {}).value();
  EXPECT_THAT(article, EqualsProto(stored.article));
  EXPECT_THAT(bytes->history, EqualsProto(stored.history));
  EXPECT_TRUE(absl::IsNotFound(repository_->GetSerialized("v").status()));
}

TEST_P(ArticleRepositoryContract, ListsTheSameArticlesAsBytes) {
  for (const char* uid : {"a", "b", "c"}) {
    ApplyArticle(MakeArticle(uid, 1, "Headline", "Body"));
  }
  for (const char* path : {"*", "headline", "publisher.name"}) {
    ListQuery query = {.page = {.limit = 2}};
    query.read_mask.add_paths(path);
    const ArticlePage page = repository_->List(query).value();
    const auto bytes = repository_->ListSerialized(query);
    ASSERT_TRUE(bytes.ok()) << bytes.status();
    EXPECT_EQ(bytes->next_cursor, page.next_cursor);
    ASSERT_EQ(bytes->articles.size(), 2);
    for (size_t i = 0; i < 2; ++i) {
      v1::Article article;
      ASSERT_TRUE(article.ParseFromString(bytes->articles[i]));
      EXPECT_THAT(article, EqualsProto(page.articles[i]));
    }
  }
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
      repository_->ListStories({.page = {.limit = 2, .cursor = "nonsense"}})
          .status()));
  ApplyArticle(MakeArticle("u", 1, "Title", "Text"));
  EXPECT_TRUE(absl::IsInvalidArgument(
      repository_
          ->ListRevisions({.uid = "u", .page = {.limit = 2, .cursor = "x"}})
          .status()));
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

// Text as Chinese, Japanese, Thai and Korean have it: words are found without
// spaces around them, and only where their letters stand together.
TEST_P(ArticleRepositoryContract, FindsWordsInScriptsWithoutSpaces) {
  ApplyArticle(
      MakeArticle("zh", 1, "东京都知事宣布新计划", "他在北京会见了总理。"));
  ApplyArticle(MakeArticle("ja", 1, "東京タワーの歴史", "観光客が増えている"));
  ApplyArticle(
      MakeArticle("ko", 1, "서울에서 회의가 열렸다", "대통령은 말했다"));
  ApplyArticle(MakeArticle("th", 1, "รัฐบาลไทยประกาศ", "ข่าวใหม่"));
  ApplyArticle(
      MakeArticle("mix", 1, "新型iPhone手机发布", "Prix à Genève北京"));
  EXPECT_THAT(Search("知事"), ElementsAre("zh"));
  EXPECT_THAT(Search("事知"), IsEmpty());
  EXPECT_THAT(Search("会见 东京"), ElementsAre("zh"));
  EXPECT_THAT(Search("東京"), ElementsAre("ja"));
  EXPECT_THAT(Search("タワー"), ElementsAre("ja"));
  EXPECT_THAT(Search("서울"), ElementsAre("ko"));
  EXPECT_THAT(Search("회의"), ElementsAre("ko"));
  EXPECT_THAT(Search("ประกาศ"), ElementsAre("th"));
  EXPECT_THAT(Search("iphone"), ElementsAre("mix"));
  EXPECT_THAT(Search("手机"), ElementsAre("mix"));
  EXPECT_THAT(Search("geneve"), ElementsAre("mix"));
  EXPECT_THAT(Search("headline:\"iphone手机\""), ElementsAre("mix"));
  EXPECT_THAT(Search("北京"), UnorderedElementsAre("zh", "mix"));
}

TEST_P(ArticleRepositoryContract, MarksAWordOfAScriptWithoutSpaces) {
  ApplyArticle(MakeArticle("zh", 1, "标题", "他在北京会见了总理。"));
  const auto page = repository_->Search(
      {.selection = {.terms = ParseSearchQuery("会见").value()},
       .page = {.limit = 10}});
  ASSERT_EQ(page->articles.size(), 1);
  EXPECT_EQ(page->articles[0].snippet, "他在北京\u2068会见\u2069了总理。");
}

TEST_P(ArticleRepositoryContract, ReadsOnlyWhatTheMaskNames) {
  v1::Article article = MakeDatedArticle("u", 7);
  article.mutable_publisher()->set_name("Dawn");
  article.mutable_publisher()->set_country("PK");
  ApplyArticle(article);
  google::protobuf::FieldMask mask;
  mask.add_paths("headline");
  mask.add_paths("publisher.name");
  v1::Article expected;
  expected.set_headline("Headline of u");
  expected.mutable_publisher()->set_name("Dawn");
  EXPECT_THAT(repository_->Get("u", mask)->article, EqualsProto(expected));
  EXPECT_THAT(repository_->List({.read_mask = mask, .page = {.limit = 1}})
                  ->articles.at(0),
              EqualsProto(expected));
  EXPECT_THAT(repository_
                  ->Search({.selection = {.terms = {{.text = "headline"}}},
                            .read_mask = mask,
                            .page = {.limit = 1}})
                  ->articles.at(0)
                  .article,
              EqualsProto(expected));
  expected.set_uid("u");
  EXPECT_THAT(repository_->BatchGet({"x", "u"}, mask)->at(0),
              EqualsProto(expected));
}

TEST_P(ArticleRepositoryContract, GetsSeveralInTheOrderAskedFor) {
  for (const char* uid : {"a", "b", "c"})
    ApplyArticle(MakeDatedArticle(uid, 1));
  const auto articles = repository_->BatchGet({"c", "nobody", "a", "c"}, {});
  ASSERT_TRUE(articles.ok()) << articles.status();
  std::vector<std::string> uids;
  for (const auto& article : *articles) uids.push_back(article.uid());
  EXPECT_THAT(uids, ElementsAre("c", "a", "c"));
  EXPECT_THAT(repository_->BatchGet({}, {}).value(), IsEmpty());
}

TEST_P(ArticleRepositoryContract, RefusesABatchThatIsTooLargeForAnAnswer) {
  std::vector<std::string> uids;
  for (int i = 0; i < 4; ++i) {
    uids.push_back("u" + std::to_string(i));
    ApplyArticle(
        MakeArticle(uids.back(), 1, "Title", std::string(1'000'000, 'x')));
  }
  google::protobuf::FieldMask headline;
  headline.add_paths("headline");
  const absl::Status status = repository_->BatchGet(uids, {}).status();
  EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
  EXPECT_EQ(repository_->BatchGet(uids, headline)->size(), 4);
}

TEST_P(ArticleRepositoryContract, ListsInEachOrder) {
  for (int i = 0; i < 5; ++i) {
    v1::Article article = MakeDatedArticle("u" + std::to_string(i), i / 2);
    article.mutable_fetch_time()->set_seconds(100 - i);
    if (i == 3) article.clear_publish_time();
    if (i == 4) article.clear_fetch_time();
    ApplyArticle(article);
  }
  using Field = ListOrder::Field;
  const auto list = [this](Field field, bool descending) {
    return ListAll({.order = {field, descending}, .page = {.limit = 2}});
  };
  EXPECT_THAT(list(Field::kPublishTime, true),
              ElementsAre("u4", "u2", "u1", "u0", "u3"));
  EXPECT_THAT(list(Field::kPublishTime, false),
              ElementsAre("u3", "u0", "u1", "u2", "u4"));
  EXPECT_THAT(list(Field::kFetchTime, true),
              ElementsAre("u0", "u1", "u2", "u3", "u4"));
  EXPECT_THAT(list(Field::kFetchTime, false),
              ElementsAre("u4", "u3", "u2", "u1", "u0"));
}

TEST_P(ArticleRepositoryContract, EndsAPageThatWouldBeTooLong) {
  for (int i = 0; i < 5; ++i) {
    ApplyArticle(MakeArticle("u" + std::to_string(i), 1, "Title",
                             "word " + std::string(1000, 'x')));
  }
  // Each takes 2 kB: the text and the digest, which here is as long.
  PageLimits limits = {.limit = 100, .max_bytes = 5000};
  const auto listed = repository_->List({.page = limits});
  EXPECT_EQ(listed->articles.size(), 2);
  EXPECT_NE(listed->next_cursor, "");
  // With its snippet a result takes 3 kB.
  limits.max_bytes = 7000;
  const auto found = repository_->Search(
      {.selection = {.terms = {{.text = "word"}}}, .page = limits});
  EXPECT_EQ(found->articles.size(), 2);
  EXPECT_NE(found->next_cursor, "");
  limits.max_bytes = 1;
  EXPECT_EQ(ListAll({.page = limits}).size(), 5);
}

TEST_P(ArticleRepositoryContract, ListsUnderAFilter) {
  v1::Article a = MakeDatedArticle("a", 1'000);
  a.mutable_publisher()->set_name("Dawn");
  a.mutable_publisher()->set_domain("dawn.com");
  a.mutable_language()->set_tag("en");
  a.set_section("World");
  a.add_authors()->set_name("Ayesha Khan");
  a.add_keywords("kabul");
  a.add_keywords("border");
  a.set_access(v1::ACCESS_FREE);
  a.set_article_type(v1::ARTICLE_TYPE_NEWS);
  v1::Article b = MakeDatedArticle("b", 2'000);
  b.mutable_publisher()->set_name("Público");
  b.mutable_publisher()->set_domain("publico.pt");
  b.mutable_language()->set_tag("pt-PT");
  b.add_keywords("border");
  v1::Article c = MakeArticle("c", 1, "No date", "Text");
  ApplyChanges({ChangeTo(a, 0), ChangeTo(b, 0), ChangeTo(c, 0)});
  EXPECT_THAT(ListUnder(""), ElementsAre("b", "a", "c"));
  EXPECT_THAT(ListUnder("publisher = Dawn"), ElementsAre("a"));
  EXPECT_THAT(ListUnder("publisher != Dawn"), ElementsAre("b", "c"));
  EXPECT_THAT(ListUnder("domain = *.pt"), ElementsAre("b"));
  EXPECT_THAT(ListUnder("language:pt"), ElementsAre("b"));
  EXPECT_THAT(ListUnder("section:*"), ElementsAre("a"));
  EXPECT_THAT(ListUnder("author:\"ayesha khan\""), ElementsAre("a"));
  EXPECT_THAT(ListUnder("keyword = border"), ElementsAre("b", "a"));
  EXPECT_THAT(ListUnder("NOT keyword:*"), ElementsAre("c"));
  EXPECT_THAT(ListUnder("access = FREE article_type = NEWS"), ElementsAre("a"));
  EXPECT_THAT(ListUnder("publish_time >= 1970-01-01T00:20:00Z"),
              ElementsAre("b"));
  EXPECT_THAT(ListUnder("NOT publish_time:*"), ElementsAre("c"));
  EXPECT_THAT(ListUnder("headline:\"headline of\" OR section = World"),
              ElementsAre("b", "a"));
  // As the article is now, not as it was.
  a.clear_keywords();
  a.set_version(2);
  ApplyArticle(a);
  EXPECT_THAT(ListUnder("keyword = border"), ElementsAre("b"));
}

TEST_P(ArticleRepositoryContract, SearchesUnderAFilterInPages) {
  for (int i = 0; i < 6; ++i) {
    v1::Article article = MakeArticle("u" + std::to_string(i), 1, "River", "x");
    article.set_section(i % 2 == 0 ? "World" : "Sport");
    ApplyArticle(article);
  }
  std::vector<std::string> uids;
  SearchQuery query = {.selection = {.filter = Filter("section = World"),
                                     .terms = {{.text = "river"}}},
                       .page = {.limit = 2}};
  do {
    const auto page = repository_->Search(query);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const auto& found : page->articles) {
      uids.push_back(found.article.uid());
    }
    query.page.cursor = page->next_cursor;
  } while (!query.page.cursor.empty());
  EXPECT_THAT(uids, UnorderedElementsAre("u0", "u2", "u4"));
}

inline v1::AggregateArticlesResponse Counts(const std::string& text) {
  v1::AggregateArticlesResponse response;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &response));
  return response;
}

TEST_P(ArticleRepositoryContract, CountsByEachGrouping) {
  v1::Article a =
      MakeDatedArticle("a", 1'767'225'600);  // 2026-01-01, a Thursday
  a.mutable_publisher()->set_name("Dawn");
  a.mutable_publisher()->set_domain("dawn.com");
  a.mutable_language()->set_tag("en");
  a.set_section("World");
  a.set_article_type(v1::ARTICLE_TYPE_OPINION);
  a.add_authors()->set_name("A. Khan");
  a.add_authors()->set_name("B. Shah");
  a.add_keywords("kabul");
  v1::Article b = a;
  b.set_uid("b");
  b.mutable_publish_time()->mutable_time()->set_seconds(1'767'225'600 - 1);
  b.mutable_authors()->RemoveLast();
  v1::Article none = MakeArticle("none", 1, "Title", "Text");
  ApplyChanges({ChangeTo(a, 0), ChangeTo(b, 0), ChangeTo(none, 0)});
  const auto simple = [](const std::string& value) {
    return Counts("groups { value: '" + value +
                  "' count: 2 } missing_count: 1 total_count: 3");
  };
  EXPECT_THAT(Aggregate({v1::AGGREGATE_GROUPING_PUBLISHER}),
              EqualsProto(simple("Dawn")));
  EXPECT_THAT(Aggregate({v1::AGGREGATE_GROUPING_DOMAIN}),
              EqualsProto(simple("dawn.com")));
  EXPECT_THAT(Aggregate({v1::AGGREGATE_GROUPING_LANGUAGE}),
              EqualsProto(simple("en")));
  EXPECT_THAT(Aggregate({v1::AGGREGATE_GROUPING_SECTION}),
              EqualsProto(simple("World")));
  EXPECT_THAT(Aggregate({v1::AGGREGATE_GROUPING_ARTICLE_TYPE}),
              EqualsProto(simple("ARTICLE_TYPE_OPINION")));
  EXPECT_THAT(Aggregate({v1::AGGREGATE_GROUPING_KEYWORD}),
              EqualsProto(simple("kabul")));
  EXPECT_THAT(Aggregate({v1::AGGREGATE_GROUPING_AUTHOR}),
              EqualsProto(Counts("groups { value: 'A. Khan' count: 2 } "
                                 "groups { value: 'B. Shah' count: 1 } "
                                 "missing_count: 1 total_count: 3")));
  const auto times = [](const std::string& later, const std::string& earlier) {
    return Counts("groups { value: '" + later +
                  "' count: 1 } groups { value: '" + earlier +
                  "' count: 1 } missing_count: 1 total_count: 3");
  };
  EXPECT_THAT(
      Aggregate({v1::AGGREGATE_GROUPING_HOUR}),
      EqualsProto(times("2026-01-01T00:00:00Z", "2025-12-31T23:00:00Z")));
  EXPECT_THAT(Aggregate({v1::AGGREGATE_GROUPING_DAY}),
              EqualsProto(times("2026-01-01", "2025-12-31")));
  EXPECT_THAT(Aggregate({v1::AGGREGATE_GROUPING_WEEK}),
              EqualsProto(simple("2026-W01")));
  EXPECT_THAT(Aggregate({v1::AGGREGATE_GROUPING_MONTH}),
              EqualsProto(times("2026-01", "2025-12")));
}

TEST_P(ArticleRepositoryContract, CountsTheTopGroupsAndSumsTheRest) {
  std::vector<ArticleChange> changes;
  for (int i = 0; i < 10; ++i) {
    v1::Article article =
        MakeDatedArticle("u" + std::to_string(i), int64_t{86'400} * (i % 3));
    // Sections a to d of 4, 3, 2 and 1 articles.
    article.set_section(std::string(1, "aaaabbbccd"[i]));
    changes.push_back(ChangeTo(article, 0));
  }
  ApplyChanges(std::move(changes));
  EXPECT_THAT(Aggregate({v1::AGGREGATE_GROUPING_SECTION}, {}, 2),
              EqualsProto(Counts("groups { value: 'a' count: 4 } "
                                 "groups { value: 'b' count: 3 } "
                                 "other_count: 3 total_count: 10")));
  EXPECT_THAT(Aggregate({v1::AGGREGATE_GROUPING_DAY}, {}, 2),
              EqualsProto(Counts("groups { value: '1970-01-03' count: 3 } "
                                 "groups { value: '1970-01-02' count: 3 } "
                                 "other_count: 4 total_count: 10")));
}

TEST_P(ArticleRepositoryContract, CountsByTwoGroupings) {
  std::vector<ArticleChange> changes;
  const auto add = [&](const std::string& uid, const char* section,
                       std::vector<const char*> keywords) {
    v1::Article article = MakeArticle(uid, 1, "River", "Text of " + uid);
    article.set_section(section);
    for (const char* keyword : keywords) article.add_keywords(keyword);
    changes.push_back(ChangeTo(article, 0));
  };
  add("a", "World", {"x", "y"});
  add("b", "World", {"x", "z"});
  add("c", "World", {});
  add("d", "Sport", {"x"});
  add("e", "", {"x"});
  ApplyChanges(std::move(changes));
  EXPECT_THAT(
      Aggregate(
          {v1::AGGREGATE_GROUPING_SECTION, v1::AGGREGATE_GROUPING_KEYWORD}, {},
          1),
      EqualsProto(Counts(
          "groups { value: 'World' count: 3 groups { value: 'x' count: 2 } "
          "other_count: 2 missing_count: 1 } "
          "other_count: 1 missing_count: 1 total_count: 5")));
  EXPECT_THAT(
      Aggregate(
          {v1::AGGREGATE_GROUPING_KEYWORD, v1::AGGREGATE_GROUPING_SECTION}, {},
          1),
      EqualsProto(Counts(
          "groups { value: 'x' count: 4 groups { value: 'World' count: 2 } "
          "other_count: 1 missing_count: 1 } "
          "other_count: 2 missing_count: 1 total_count: 5")));
}

TEST_P(ArticleRepositoryContract, CountsUnderAFilterAndASearch) {
  std::vector<ArticleChange> changes;
  for (int i = 0; i < 8; ++i) {
    v1::Article article = MakeArticle("u" + std::to_string(i), 1,
                                      i < 4 ? "River" : "Lake", "Text");
    article.set_section(i % 2 == 0 ? "World" : "Sport");
    article.mutable_language()->set_tag(i % 4 == 0 ? "en" : "fr");
    changes.push_back(ChangeTo(article, 0));
  }
  ApplyChanges(std::move(changes));
  EXPECT_THAT(Aggregate({v1::AGGREGATE_GROUPING_LANGUAGE},
                        {.filter = Filter("section = World")}),
              EqualsProto(Counts("groups { value: 'en' count: 2 } "
                                 "groups { value: 'fr' count: 2 } "
                                 "total_count: 4")));
  EXPECT_THAT(Aggregate({v1::AGGREGATE_GROUPING_LANGUAGE},
                        {.filter = Filter("section = World"),
                         .terms = {{.text = "river"}}}),
              EqualsProto(Counts("groups { value: 'en' count: 1 } "
                                 "groups { value: 'fr' count: 1 } "
                                 "total_count: 2")));
  EXPECT_THAT(Aggregate({v1::AGGREGATE_GROUPING_KEYWORD},
                        {.terms = {{.text = "river"}}}),
              EqualsProto(Counts("missing_count: 4 total_count: 4")));
}

TEST_P(ArticleRepositoryContract, TellsHowAnArticleChanged) {
  v1::Article first = MakeArticle("u", 1'000, "Title", "Text");
  v1::Article again = MakeArticle("u", 2'000, "Title", "Text");
  v1::Article second = MakeArticle("u", 3'000, "New title", "Text");
  second.mutable_modified_time()->mutable_time()->set_seconds(3);
  v1::Article third = MakeArticle("u", 4'000, "New title", "Longer text");
  *third.mutable_modified_time() = second.modified_time();
  ApplyChanges({ChangeTo(first, 0), ChangeTo(again, 0), ChangeTo(second, 0),
                ChangeTo(third, 0)});
  const std::vector<v1::Revision> revisions = Revisions("u");
  ASSERT_EQ(revisions.size(), 3);
  v1::Revision expected;
  expected.set_version(4'000);
  expected.mutable_fetch_time()->set_seconds(4);
  expected.add_changed_fields("body");
  expected.set_headline("New title");
  expected.set_text("Longer text");
  expected.mutable_modified_time()->mutable_time()->set_seconds(3);
  EXPECT_THAT(revisions[0], EqualsProto(expected));
  EXPECT_EQ(revisions[1].version(), 3'000);
  EXPECT_THAT(revisions[1].changed_fields(),
              ElementsAre("headline", "modified_time"));
  EXPECT_EQ(revisions[1].text(), "Text");
  EXPECT_EQ(revisions[2].version(), 1'000);
  EXPECT_THAT(revisions[2].changed_fields(), IsEmpty());
  EXPECT_EQ(revisions[2].headline(), "Title");
}

TEST_P(ArticleRepositoryContract, TakesANewerReadingForTheSameRevision) {
  ApplyArticle(MakeArticle("u", 1'000, "Title", "Text"));
  v1::Article second = MakeArticle("u", 2'000, "Title", "Text with furniture");
  ApplyArticle(second);
  second = MakeArticle("u", 2'000, "Title", "Clean text");
  second.mutable_parse_time()->set_seconds(100);
  ApplyArticle(second);
  const std::vector<v1::Revision> revisions = Revisions("u");
  ASSERT_EQ(revisions.size(), 2);
  EXPECT_EQ(revisions[0].text(), "Clean text");
  EXPECT_EQ(revisions[1].text(), "Text");
}

TEST_P(ArticleRepositoryContract, EndsAPageOfRevisionsByItsBytes) {
  for (int version = 1; version <= 5; ++version) {
    ApplyArticle(MakeArticle("u", version, "Title " + std::to_string(version),
                             std::string(10'000, 'x')));
  }
  RevisionQuery query = {.uid = "u", .page = {.limit = 10}};
  // Room for two, and for none: then there is one in any case.
  for (const auto& [max_bytes, pages] :
       {std::pair<size_t, int>(25'000, 3), std::pair<size_t, int>(100, 5)}) {
    query.page.max_bytes = max_bytes;
    int64_t version = 5;
    for (int i = 0; i < pages; ++i) {
      const auto page = repository_->ListRevisions(query);
      ASSERT_TRUE(page.ok()) << page.status();
      for (const v1::Revision& revision : page->revisions) {
        EXPECT_EQ(revision.version(), version--);
        EXPECT_EQ(revision.changed_fields_size(), version == 0 ? 0 : 1);
      }
      query.page.cursor = page->next_cursor;
      EXPECT_EQ(query.page.cursor.empty(), i == pages - 1);
    }
    EXPECT_EQ(version, 0);
  }
}

TEST_P(ArticleRepositoryContract, ForgetsRevisionsWithTheArticle) {
  ApplyArticle(MakeArticle("u", 1, "Title", "Text"));
  ApplyArticle(MakeArticle("u", 2, "Title", "Other text"));
  ApplyChanges({Tombstone("u", 0)});
  const auto page =
      repository_->ListRevisions({.uid = "u", .page = {.limit = 10}});
  EXPECT_TRUE(absl::IsNotFound(page.status())) << page.status();
  ApplyArticle(MakeArticle("u", 3, "Title", "Third text"));
  EXPECT_EQ(Revisions("u").size(), 1);
}

// Places in a hundred of one base are a chain: 0 and 1 are near-duplicates, as
// are 1 and 2, but not 0 and 2. A step keeps half of the bands and 36 values.
inline v1::Article StoryArticle(const std::string& uid, uint32_t place,
                                int64_t publish_seconds = 0) {
  v1::Article article = MakeDatedArticle(uid, publish_seconds);
  article.set_content_sha256(uid + std::to_string(place));
  const uint32_t base = place / 100;
  const uint32_t steps = place % 100;
  for (uint32_t i = 0; i < 64; ++i) {
    const uint32_t changes_at = i >= 56                         ? 3
                                : i < 12 || (i >= 24 && i < 40) ? 1
                                                                : 2;
    const uint32_t changed = steps >= changes_at ? 1 : 0;
    article.add_minhash((base << 20) + (changed << 10) + i);
  }
  return article;
}

TEST_P(ArticleRepositoryContract, GroupsNearDuplicatesAndWhatAChainJoins) {
  ASSERT_TRUE(AreNearDuplicates(SignatureOf(StoryArticle("", 0)),
                                SignatureOf(StoryArticle("", 1))));
  ASSERT_TRUE(AreNearDuplicates(SignatureOf(StoryArticle("", 1)),
                                SignatureOf(StoryArticle("", 2))));
  ASSERT_FALSE(AreNearDuplicates(SignatureOf(StoryArticle("", 0)),
                                 SignatureOf(StoryArticle("", 2))));
  ApplyChanges({ChangeTo(StoryArticle("d", 2, 20), 0),
                ChangeTo(StoryArticle("c", 0, 40), 0),
                ChangeTo(StoryArticle("x", 500, 99), 0),
                ChangeTo(MakeDatedArticle("y", 98), 0),
                ChangeTo(StoryArticle("f", 300, 70), 0),
                ChangeTo(StoryArticle("e", 300, 60), 0)});
  EXPECT_THAT(Stories(), ElementsAre(ElementsAre("e", "f")));
  EXPECT_THAT(StoryUids("c"), ElementsAre("c"));
  // What joins the two comes last.
  ApplyArticle(StoryArticle("b", 1, 30));
  EXPECT_THAT(Stories(),
              ElementsAre(ElementsAre("e", "f"), ElementsAre("d", "b", "c")));
  EXPECT_THAT(Stories("", 3), ElementsAre(ElementsAre("d", "b", "c")));
  EXPECT_EQ(repository_->GetStory("d")->uid(), "b");
  EXPECT_THAT(StoryUids("x"), ElementsAre("x"));
  EXPECT_THAT(StoryUids("y"), ElementsAre("y"));
  EXPECT_TRUE(absl::IsNotFound(repository_->GetStory("nobody").status()));
}

TEST_P(ArticleRepositoryContract, GroupsAlikeInEveryOrderOfArrival) {
  const std::vector<v1::Article> articles = {
      StoryArticle("a", 0, 1),   StoryArticle("b", 1, 2),
      StoryArticle("c", 2, 3),   StoryArticle("d", 1, 4),
      StoryArticle("e", 900, 5), StoryArticle("f", 901, 6)};
  std::vector<size_t> order = {0, 1, 2, 3, 4, 5};
  for (int round = 0; round < 12; ++round) {
    std::rotate(order.begin(), order.begin() + 1, order.end());
    if (round % 2 == 1) std::swap(order[1], order[4]);
    std::vector<ArticleChange> changes;
    for (const size_t i : order) {
      changes.push_back(ChangeTo(articles[i], 0));
      changes.back().article->set_version(round + 1);
    }
    ApplyChanges(std::move(changes));
    EXPECT_THAT(Stories(), ElementsAre(ElementsAre("e", "f"),
                                       ElementsAre("a", "b", "c", "d")));
    for (const auto& article : articles) {
      ApplyChanges({Tombstone(article.uid(), 0)});
    }
    EXPECT_THAT(Stories(), IsEmpty());
  }
}

TEST_P(ArticleRepositoryContract, DividesAStoryWhoseLinkGoes) {
  ApplyChanges({ChangeTo(StoryArticle("a", 0, 10), 0),
                ChangeTo(StoryArticle("a2", 0, 11), 0),
                ChangeTo(StoryArticle("b", 1, 20), 0),
                ChangeTo(StoryArticle("c", 2, 30), 0),
                ChangeTo(StoryArticle("c2", 2, 31), 0)});
  EXPECT_THAT(Stories(), ElementsAre(ElementsAre("a", "a2", "b", "c", "c2")));
  ApplyChanges({Tombstone("b", 0)});
  EXPECT_THAT(Stories(),
              ElementsAre(ElementsAre("c", "c2"), ElementsAre("a", "a2")));
  // A new text may leave a story, too.
  v1::Article other = StoryArticle("c2", 700, 31);
  other.set_version(2);
  ApplyArticle(other);
  EXPECT_THAT(Stories(), ElementsAre(ElementsAre("a", "a2")));
  EXPECT_THAT(StoryUids("c"), ElementsAre("c"));
  // And another publish time moves it in it.
  v1::Article later = StoryArticle("a", 0, 50);
  later.set_version(2);
  ApplyArticle(later);
  EXPECT_THAT(Stories(), ElementsAre(ElementsAre("a2", "a")));
  EXPECT_EQ(repository_->GetStory("a")->last_publish_time().seconds(), 50);
}

TEST_P(ArticleRepositoryContract, TellsWhoHadAStoryFirst) {
  v1::Article first = StoryArticle("z", 0, 10);
  first.mutable_publisher()->set_name("Agency");
  v1::Article second = StoryArticle("a", 0, 20);
  second.mutable_publisher()->set_name("Copier");
  second.set_section("World");
  v1::Article undated = StoryArticle("b", 1, 0);
  undated.clear_publish_time();
  ApplyChanges({ChangeTo(undated, 0), ChangeTo(second, 0), ChangeTo(first, 0)});
  const auto page = repository_->ListStories({.page = {.limit = 10}});
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->stories.size(), 1);
  v1::Story expected;
  expected.set_uid("a");
  expected.set_headline("Headline of z");
  expected.set_article_count(3);
  expected.mutable_first_publisher()->set_name("Agency");
  expected.mutable_first_publish_time()->set_seconds(10);
  expected.mutable_last_publish_time()->set_seconds(20);
  EXPECT_THAT(page->stories[0], EqualsProto(expected));
  EXPECT_THAT(StoryUids("b"), ElementsAre("z", "a", "b"));
  const auto story = repository_->GetStory("b");
  EXPECT_THAT(story->articles(0).body(), IsEmpty());
  EXPECT_THAT(story->articles(0).minhash(), IsEmpty());
  EXPECT_THAT(Stories("section = World"),
              ElementsAre(ElementsAre("z", "a", "b")));
  EXPECT_THAT(Stories("section = Sport"), IsEmpty());
}

TEST_P(ArticleRepositoryContract, ScansOneStateByUid) {
  for (const char* uid : {"c", "a", "d", "b"}) {
    v1::Article article = MakeArticle(uid, 1, "Title", std::string(500, 'x'));
    article.set_section(uid == std::string("d") ? "Sport" : "World");
    ApplyArticle(article);
  }
  google::protobuf::FieldMask mask;
  mask.add_paths("uid");
  mask.add_paths("headline");
  const auto scan = repository_->Scan(
      {.filter = Filter("section = World"), .read_mask = mask});
  ASSERT_TRUE(scan.ok()) << scan.status();
  ApplyChanges({Tombstone("c", 0),
                ChangeTo(MakeArticle("b", 2, "New title", "Text"), 0),
                ChangeTo(MakeArticle("aa", 1, "Title", "Text"), 0)});
  EXPECT_EQ((*scan)->total(), 3);
  std::vector<std::string> seen;
  while (true) {
    const auto articles = (*scan)->Next(10);
    ASSERT_TRUE(articles.ok()) << articles.status();
    if (articles->empty()) break;
    EXPECT_EQ(articles->size(), 1);
    seen.push_back(articles->front().uid() + ":" +
                   articles->front().headline());
    EXPECT_THAT(articles->front().body(), IsEmpty());
  }
  EXPECT_THAT(seen, ElementsAre("a:Title", "b:Title", "c:Title"));
  EXPECT_THAT((*scan)->Next(10).value(), IsEmpty());
}

TEST_P(ArticleRepositoryContract, DeletesWhatWasFetchedLongestAgo) {
  for (int i = 1; i <= 5; ++i) {
    ApplyArticle(MakeArticle("u" + std::to_string(i), i * 1'000, "River", "x"));
  }
  const auto positions = repository_->Positions();
  EXPECT_EQ(repository_->DeleteOldest(4'000'000, 2).value(), 2);
  EXPECT_THAT(Search("river"), UnorderedElementsAre("u3", "u4", "u5"));
  EXPECT_EQ(repository_->DeleteOldest(4'000'000, 100).value(), 1);
  EXPECT_EQ(repository_->DeleteOldest(4'000'000, 100).value(), 0);
  EXPECT_THAT(Search("river"), UnorderedElementsAre("u4", "u5"));
  EXPECT_EQ(repository_->Positions().value(), positions.value());
  EXPECT_TRUE(absl::IsNotFound(repository_->Get("u1", {}).status()));
}

TEST_P(ArticleRepositoryContract, MeasuresWhatItHolds) {
  std::vector<ArticleChange> changes;
  for (int i = 0; i < 50; ++i) {
    changes.push_back(ChangeTo(
        MakeArticle("u" + std::to_string(i), 1, "T", std::string(5000, 'x')),
        0));
  }
  ApplyChanges(std::move(changes));
  const auto usage = repository_->MeasureUsage();
  ASSERT_TRUE(usage.ok()) << usage.status();
  EXPECT_EQ(usage->articles, 50);
  EXPECT_GT(usage->size_bytes, 1'000);
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

#include "store/opensearch/opensearch_repository.h"

#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "store/core/filter/checker.h"
#include "store/opensearch/client.h"
#include "store/opensearch/index_fields.h"
#include "tests/store/article_repository_contract.h"
#include "tests/store/opensearch_node.h"

namespace dateline::store {
namespace {

using Json = nlohmann::json;

// One for all tests, which have indexes of their own.
const OpenSearchNode& Node() {
  static const std::unique_ptr<OpenSearchNode> node = OpenSearchNode::Start();
  if (node == nullptr) std::exit(1);
  return *node;
}

std::unique_ptr<OpenSearchRepository> OpenIndex(const std::string& index,
                                                int shards) {
  auto repository =
      OpenSearchRepository::Open({.client = {.http = {.urls = {Node().url()}}},
                                  .index = index,
                                  .shards = shards});
  EXPECT_TRUE(repository.ok()) << repository.status();
  return *std::move(repository);
}

class OpenSearchEngine final : public TestEngine {
 public:
  explicit OpenSearchEngine(int shards) : shards_(shards) {
    static int count = 0;
    index_ = absl::StrCat("test", ++count);
  }
  ~OpenSearchEngine() override {
    auto client = OpenSearchClient::Create({.http = {.urls = {Node().url()}}});
    (*client)
        ->Write("DELETE", absl::StrCat("/", index_, "-1"), Json())
        .IgnoreError();
  }

  std::unique_ptr<ArticleRepository> Open() override {
    return OpenIndex(index_, shards_);
  }
  const std::string& index() const { return index_; }

 private:
  const int shards_;
  std::string index_;
};

INSTANTIATE_TEST_SUITE_P(OpenSearch, ArticleRepositoryContract,
                         ::testing::Values([] {
                           return std::make_unique<OpenSearchEngine>(1);
                         }));
INSTANTIATE_TEST_SUITE_P(OpenSearchOfThreeShards, ArticleRepositoryContract,
                         ::testing::Values([] {
                           return std::make_unique<OpenSearchEngine>(3);
                         }));

class OpenSearchRepositoryTest : public ::testing::Test {
 protected:
  std::unique_ptr<OpenSearchRepository> Another() {
    return OpenIndex(engine_.index(), 1);
  }
  Json Call(const char* method, const std::string& path, const Json& body) {
    auto client = OpenSearchClient::Create({.http = {.urls = {Node().url()}}});
    const auto answer = (*client)->Write(method, path, body);
    EXPECT_TRUE(answer.ok()) << answer.status();
    return answer.value_or(Json());
  }
  void Set(const Json& settings) {
    Call("PUT", "/" + engine_.index() + "/_settings", settings);
  }

  // Versions of `count` articles, several of each, some taken back.
  static ArticleBatch Batch(int count, int versions) {
    ArticleBatch batch;
    int64_t offset = 0;
    for (int version = 1; version <= versions; ++version) {
      for (int i = 0; i < count; ++i) {
        const std::string uid = absl::StrCat("u", i);
        batch.changes.push_back(ChangeTo(
            MakeArticle(uid, version, "Title", absl::StrCat("Text ", version)),
            offset++));
        if (i % 5 == 0 && version == 2) {
          batch.changes.push_back(Tombstone(uid, offset++));
        }
      }
    }
    batch.positions = {{{kTopic, 0}, offset}};
    return batch;
  }
  void ExpectAsApplied(int count, int versions) {
    EXPECT_EQ(repository_->Count().value(), count);
    for (int i = 0; i < count; ++i) {
      const std::string uid = absl::StrCat("u", i);
      const auto stored = repository_->Get(uid, {});
      ASSERT_TRUE(stored.ok()) << stored.status();
      const int lived = i % 5 == 0 ? versions - 2 : versions;
      EXPECT_EQ(stored->history.seen_count(), lived) << uid;
      EXPECT_EQ(stored->history.revision_count(), lived) << uid;
      EXPECT_EQ(stored->article.version(), versions) << uid;
      const auto page =
          repository_->ListRevisions({.uid = uid, .page = {.limit = 100}});
      EXPECT_EQ(page->revisions.size(), lived) << uid;
    }
  }

  OpenSearchEngine engine_{1};
  std::unique_ptr<OpenSearchRepository> repository_ = Another();
};

// As after a crash between the articles and the positions.
TEST_F(OpenSearchRepositoryTest, AppliesABatchOnceThoughItsPositionsWereLost) {
  const ArticleBatch batch = Batch(10, 4);
  ASSERT_TRUE(repository_->Apply({.changes = batch.changes}).ok());
  ASSERT_THAT(repository_->Positions().value(), IsEmpty());
  EXPECT_EQ(repository_->Apply(batch).value(), ApplyCounts());
  ExpectAsApplied(10, 4);
  EXPECT_EQ(repository_->Positions().value(), batch.positions);
}

// As after a crash within a batch, and with other batches after it.
TEST_F(OpenSearchRepositoryTest, AppliesWhatIsLeftOfABatchAppliedInPart) {
  const ArticleBatch batch = Batch(10, 4);
  ArticleBatch part = batch;
  part.positions.clear();
  std::erase_if(part.changes, [](const ArticleChange& change) {
    return change.uid > "u4" || change.offset > 30;
  });
  ASSERT_TRUE(repository_->Apply(part).ok());
  ArticleBatch rest = batch;
  for (size_t i = 0; i < batch.changes.size(); i += 7) {
    ArticleBatch some;
    for (size_t j = i; j < std::min(i + 7, batch.changes.size()); ++j) {
      some.changes.push_back(batch.changes[j]);
    }
    some.positions = {{{kTopic, 0}, some.changes.back().offset + 1}};
    ASSERT_TRUE(repository_->Apply(some).ok());
  }
  ExpectAsApplied(10, 4);
}

// As when one store goes on with partitions that another one has by now.
TEST_F(OpenSearchRepositoryTest, AppliesTheSameRecordsOnceByTwoWriters) {
  ASSERT_TRUE(repository_->Count().ok());
  const ArticleBatch batch = Batch(40, 6);
  std::vector<std::thread> writers;
  std::atomic<int64_t> stored = 0;
  for (const size_t step : {9, 14}) {
    writers.emplace_back([&, step] {
      const auto writer = Another();
      for (size_t i = 0; i < batch.changes.size(); i += step) {
        ArticleBatch some;
        for (size_t j = i; j < std::min(i + step, batch.changes.size()); ++j) {
          some.changes.push_back(batch.changes[j]);
        }
        some.positions = {{{kTopic, 0}, some.changes.back().offset + 1}};
        const auto counts = writer->Apply(some);
        ASSERT_TRUE(counts.ok()) << counts.status();
        stored += counts->stored;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  ExpectAsApplied(40, 6);
  EXPECT_EQ(stored, 40 * 6);
  EXPECT_EQ(repository_->Positions().value(), batch.positions);
}

TEST_F(OpenSearchRepositoryTest, BuildsAnewBesideWhatItServes) {
  ASSERT_TRUE(repository_->Apply(Batch(10, 4)).ok());
  const auto other = Another();
  ASSERT_TRUE(other->Apply(Batch(10, 5)).ok());
  auto rebuild = repository_->StartRebuild();
  ASSERT_TRUE(rebuild.ok()) << rebuild.status();
  // Begun and left; the next one begins from nothing.
  ASSERT_TRUE((*rebuild)->repository().Apply(Batch(3, 3)).ok());
  rebuild = repository_->StartRebuild();
  ASSERT_TRUE(rebuild.ok()) << rebuild.status();
  EXPECT_THAT((*rebuild)->repository().Positions().value(), IsEmpty());
  ASSERT_TRUE((*rebuild)->repository().Apply(Batch(10, 3)).ok());
  EXPECT_EQ(repository_->Get("u1", {})->article.version(), 5);
  const auto scan = repository_->Scan({});
  const absl::Status status = (*rebuild)->SwitchOver();
  ASSERT_TRUE(status.ok()) << status;
  EXPECT_EQ(repository_->Get("u1", {})->article.version(), 3);
  ExpectAsApplied(10, 3);
  // The other store is ahead of the new index.
  const ArticleBatch whole = Batch(10, 6);
  ArticleBatch later = whole;
  std::erase_if(later.changes, [](const ArticleChange& change) {
    return change.offset < Batch(10, 5).positions[0].offset;
  });
  EXPECT_TRUE(absl::IsUnavailable(other->Apply(later).status()));
  EXPECT_EQ(other->Positions().value(), Batch(10, 3).positions);
  EXPECT_TRUE(other->Apply(whole).ok());
  ExpectAsApplied(10, 6);
  Call("DELETE", "/" + engine_.index() + "-2", Json());
}

v1::Article Wire(const std::string& uid, uint32_t story) {
  v1::Article article = MakeDatedArticle(uid, 10);
  for (uint32_t i = 0; i < 64; ++i) article.add_minhash(story * 100 + i);
  return article;
}

// Each has half of every story.
TEST_F(OpenSearchRepositoryTest, JoinsStoriesThatTwoWritersBring) {
  constexpr int kStories = 20;
  ASSERT_TRUE(repository_->Count().ok());
  std::vector<std::thread> writers;
  for (const int32_t partition : {0, 1}) {
    writers.emplace_back([&, partition] {
      const auto writer = Another();
      for (uint32_t story = 0; story < kStories; ++story) {
        ArticleBatch batch;
        for (int copy = 0; copy < 3; ++copy) {
          batch.changes.push_back(ChangeTo(
              Wire(absl::StrCat(story, "-", copy, "-", partition), story),
              story * 3 + copy, partition));
        }
        const absl::Status status = writer->Apply(batch).status();
        EXPECT_TRUE(status.ok()) << status;
      }
    });
  }
  for (std::thread& writer : writers) writer.join();
  const auto page = repository_->ListStories({.page = {.limit = 100}});
  ASSERT_TRUE(page.ok()) << page.status();
  EXPECT_EQ(page->stories.size(), kStories);
  for (const v1::Story& story : page->stories) {
    EXPECT_EQ(story.article_count(), 6) << story.uid();
    EXPECT_EQ(repository_->GetStory(story.uid())->articles_size(), 6);
  }
}

TEST_F(OpenSearchRepositoryTest, IsUnavailableWhileTheNodeDoesNotAnswer) {
  ASSERT_TRUE(repository_->Apply(Batch(3, 4)).ok());
  auto impatient = OpenSearchRepository::Open(
      {.client = {.http = {.urls = {Node().url()}},
                  .read_timeout = absl::Milliseconds(200),
                  .write_timeout = absl::Milliseconds(200)},
       .index = engine_.index()});
  ASSERT_TRUE((*impatient)->Count().ok());
  Node().Pause();
  const absl::Status read = (*impatient)->Get("u1", {}).status();
  const absl::Status write = (*impatient)->Apply(Batch(3, 5)).status();
  Node().Resume();
  EXPECT_TRUE(absl::IsUnavailable(read)) << read;
  EXPECT_THAT(std::string(read.message()), HasSubstr(Node().url()));
  EXPECT_TRUE(absl::IsUnavailable(write)) << write;
  ExpectAsApplied(3, 4);
}

// What OpenSearch does by itself where a disk is nearly full.
TEST_F(OpenSearchRepositoryTest, IsExhaustedWhereTheDiskIsFull) {
  ASSERT_TRUE(repository_->Apply(Batch(3, 4)).ok());
  Set({{"index.blocks.read_only_allow_delete", true}});
  ArticleBatch batch = {
      .changes = {ChangeTo(MakeArticle("new", 1, "A", "a"), 1'000)},
      .positions = {{{kTopic, 0}, 1'001}}};
  const absl::Status status = repository_->Apply(batch).status();
  EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
  EXPECT_TRUE(repository_->Get("u1", {}).ok());
  Set({{"index.blocks.read_only_allow_delete", nullptr}});
  EXPECT_EQ(repository_->Apply(batch).value(), ApplyCounts{.stored = 1});
}

TEST_F(OpenSearchRepositoryTest, IsPermissionDeniedWhereItMayNotWrite) {
  ASSERT_TRUE(repository_->Apply(Batch(3, 4)).ok());
  Set({{"index.blocks.write", true}});
  const absl::Status status = repository_->Apply(Batch(4, 5)).status();
  EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
  Set({{"index.blocks.write", false}});
}

TEST_F(OpenSearchRepositoryTest, RefusesAnIndexOfAnotherSchema) {
  ASSERT_TRUE(repository_->Count().ok());
  Call("PUT", "/" + engine_.index() + "/_mapping",
       {{"_meta", {{"schema", 99}}}});
  const absl::Status status = Another()->Count().status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr(engine_.index() + "-1"), HasSubstr("schema 99")));
}

TEST_F(OpenSearchRepositoryTest, BeginsAnewWhereTheIndexWasDeleted) {
  ASSERT_TRUE(repository_->Apply(Batch(3, 4)).ok());
  Call("DELETE", "/" + engine_.index() + "-1", Json());
  EXPECT_TRUE(absl::IsUnavailable(repository_->Apply(Batch(3, 5)).status()));
  EXPECT_THAT(repository_->Positions().value(), IsEmpty());
  ASSERT_TRUE(repository_->Apply(Batch(3, 4)).ok());
  ExpectAsApplied(3, 4);
}

TEST_F(OpenSearchRepositoryTest, EndsAScanWhoseViewIsGone) {
  ASSERT_TRUE(repository_->Apply(Batch(3, 4)).ok());
  const auto scan = repository_->Scan({});
  ASSERT_TRUE(scan.ok()) << scan.status();
  Call("DELETE", "/_search/point_in_time/_all", Json());
  // What was read before may come still.
  absl::Status status;
  for (int i = 0; i < 5 && status.ok(); ++i) {
    const auto articles = (*scan)->Next(1);
    status = articles.status();
    if (status.ok() && articles->empty()) break;
  }
  EXPECT_TRUE(status.ok() || absl::IsUnavailable(status)) << status;
}

// Words of any length, texts of any length, and what is no text.
TEST_F(OpenSearchRepositoryTest, TakesArticlesOfAnyShape) {
  v1::Article article = MakeArticle("long", 1, std::string(100'000, 'h'),
                                    std::string(2'000'000, 'x') + " needle");
  article.set_content_sha256("digest");
  article.set_section(std::string(50'000, 's'));
  article.add_keywords("");
  article.mutable_publish_time()->mutable_time()->set_seconds(-62'135'596'800);
  ArticleBatch batch = {
      .changes = {ChangeTo(article, 0),
                  ChangeTo(MakeArticle(std::string(3'000, 'u'), 1, "A", "a"),
                           1),
                  Tombstone("\xff\xfe", 2)},
      .positions = {{{kTopic, 0}, 3}}};
  const auto counts = repository_->Apply(batch);
  ASSERT_TRUE(counts.ok()) << counts.status();
  EXPECT_EQ(*counts, (ApplyCounts{.stored = 2, .stale = 1}));
  EXPECT_THAT(repository_->Get("long", {})->article, EqualsProto(article));
  EXPECT_TRUE(repository_->Get(std::string(3'000, 'u'), {}).ok());
  const auto found = repository_->Search(
      {.selection = {.terms = {{.text = "needle"}}}, .page = {.limit = 10}});
  ASSERT_TRUE(found.ok()) << found.status();
  ASSERT_EQ(found->articles.size(), 1);
  EXPECT_THAT(found->articles[0].snippet, HasSubstr("\u2068needle\u2069"));
  EXPECT_LT(found->articles[0].snippet.size(), 10'000);
}

}  // namespace
}  // namespace dateline::store

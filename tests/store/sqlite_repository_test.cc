#include "store/sqlite/sqlite_repository.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "store/sqlite/match_expression.h"
#include "store/sqlite/schema.h"
#include "tests/store/article_repository_contract.h"
#include "tests/store/temporary_directory.h"

namespace dateline::store {
namespace {

absl::StatusOr<std::unique_ptr<SqliteRepository>> OpenAt(
    const std::string& path) {
  return SqliteRepository::Open({.path = path, .readers = 2},
                                absl::FromUnixSeconds(1'700'000'000));
}

class SqliteEngine final : public TestEngine {
 public:
  std::unique_ptr<ArticleRepository> Open() override {
    auto repository = OpenAt(directory_.File("test.db"));
    EXPECT_TRUE(repository.ok()) << repository.status();
    return *std::move(repository);
  }

 private:
  TemporaryDirectory directory_;
};

INSTANTIATE_TEST_SUITE_P(Sqlite, ArticleRepositoryContract,
                         ::testing::Values([] {
                           return std::make_unique<SqliteEngine>();
                         }));

TEST(MatchExpression, QuotesEveryText) {
  EXPECT_EQ(MatchExpression({{.text = "a\"b"},
                             {.field = SearchTerm::Field::kHeadline,
                              .text = "c",
                              .prefix = true}}),
            "\"a\"\"b\" AND headline : \"c\" *");
}

class SqliteFileTest : public ::testing::Test {
 protected:
  const TemporaryDirectory directory_;
  const std::string path_ = directory_.File("store.db");
  const std::string aside_ = path_ + ".corrupt-20231114T221320Z";

  void Fill() {
    auto repository = OpenAt(path_);
    ASSERT_TRUE(repository.ok()) << repository.status();
    ArticleBatch batch;
    for (int i = 0; i < 200; ++i) {
      batch.changes.push_back(ChangeTo(
          MakeArticle("u" + std::to_string(i), 1, "Title", "some text"), i));
    }
    batch.positions = {{{kTopic, 0}, 200}};
    ASSERT_TRUE((*repository)->Apply(batch).ok());
  }

  void Overwrite(std::streamoff begin, size_t size) {
    std::fstream file(path_, std::ios::binary | std::ios::in | std::ios::out);
    file.seekp(begin);
    file << std::string(size, '\xa5');
  }

  void ExpectRebuilt() {
    auto repository = OpenAt(path_);
    ASSERT_TRUE(repository.ok()) << repository.status();
    EXPECT_EQ((*repository)->Count().value(), 0);
    EXPECT_THAT((*repository)->Positions().value(), IsEmpty());
    EXPECT_TRUE(std::filesystem::exists(aside_));
    EXPECT_TRUE((*repository)
                    ->Apply({.changes = {ChangeTo(
                                 MakeArticle("u", 1, "Title", "text"), 0)},
                             .positions = {{{kTopic, 0}, 1}}})
                    .ok());
  }
};

TEST_F(SqliteFileTest, SetsAsideAFileThatIsNoDatabase) {
  std::ofstream(path_) << std::string(10'000, 'x');
  ExpectRebuilt();
}

TEST_F(SqliteFileTest, SetsAsideADatabaseWithDamagedPages) {
  Fill();
  const auto size = std::filesystem::file_size(path_);
  Overwrite(4096, static_cast<size_t>(size) - 8192);
  ExpectRebuilt();
  EXPECT_EQ(std::filesystem::file_size(aside_), size);
}

TEST_F(SqliteFileTest, SetsAsideADatabaseThatWasCutShort) {
  Fill();
  std::filesystem::resize_file(path_, 4096 * 10 + 100);
  ExpectRebuilt();
}

TEST_F(SqliteFileTest, OpensAnEmptyFile) {
  std::ofstream(path_).flush();
  EXPECT_TRUE(OpenAt(path_).ok());
  EXPECT_FALSE(std::filesystem::exists(aside_));
}

TEST_F(SqliteFileTest, LeavesADatabaseOfSomethingElseAlone) {
  {
    auto connection = Connection::Open(path_, Connection::Mode::kReadWrite);
    ASSERT_TRUE((*connection)->Execute("CREATE TABLE accounts(id)").ok());
  }
  const absl::Status status = OpenAt(path_).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(path_));
  auto connection = Connection::Open(path_, Connection::Mode::kReadOnly);
  EXPECT_TRUE((*connection)->QueryInt("SELECT count(*) FROM accounts").ok());
}

TEST_F(SqliteFileTest, RefusesADatabaseOfALaterVersion) {
  Fill();
  {
    auto connection = Connection::Open(path_, Connection::Mode::kReadWrite);
    ASSERT_TRUE((*connection)->Execute("PRAGMA user_version = 99").ok());
  }
  EXPECT_TRUE(absl::IsFailedPrecondition(OpenAt(path_).status()));
}

TEST_F(SqliteFileTest, NamesAPathThatCannotBeOpened) {
  const std::string path = directory_.File("no/such/directory/store.db");
  const absl::Status status = OpenAt(path).status();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(path));
}

TEST_F(SqliteFileTest, KeepsTheBatchBeforeWhereABatchFails) {
  Fill();
  auto repository = OpenAt(path_);
  ASSERT_TRUE(repository.ok()) << repository.status();
  // Another process holds the write lock for longer than the busy timeout.
  auto other = Connection::Open(path_, Connection::Mode::kReadWrite);
  ASSERT_TRUE((*other)->Execute("BEGIN IMMEDIATE").ok());
  const ArticleBatch batch = {
      .changes = {ChangeTo(MakeArticle("new", 1, "Title", "text"), 200)},
      .positions = {{{kTopic, 0}, 201}}};
  EXPECT_TRUE(absl::IsUnavailable((*repository)->Apply(batch).status()));
  EXPECT_EQ((*repository)->Count().value(), 200);
  ASSERT_TRUE((*other)->Execute("ROLLBACK").ok());
  EXPECT_EQ((*repository)->Apply(batch).value(), ApplyCounts{.stored = 1});
}

}  // namespace
}  // namespace dateline::store

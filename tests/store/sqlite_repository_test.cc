#include "store/sqlite/sqlite_repository.h"

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "store/core/filter/checker.h"
#include "store/sqlite/connection.h"
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

TEST(Connection, LendsAStatementOfTheSameTextTwiceAtATime) {
  const TemporaryDirectory directory;
  const auto connection =
      Connection::Open(directory.File("test.db"), Connection::Mode::kReadWrite);
  ASSERT_TRUE(connection.ok()) << connection.status();
  constexpr char kSql[] = "SELECT ?1 UNION ALL SELECT 7";
  for (int run = 0; run < 2; ++run) {
    auto outer = (*connection)->PrepareOneOfMany(kSql);
    ASSERT_TRUE(outer.ok()) << outer.status();
    EXPECT_TRUE(outer->Bind(1, int64_t{1}).Step().value());
    auto inner = (*connection)->PrepareOneOfMany(kSql);
    ASSERT_TRUE(inner.ok()) << inner.status();
    EXPECT_TRUE(inner->Step().value());
    EXPECT_TRUE(inner->IsNull(0));
    EXPECT_EQ(outer->Int(0), 1);
    EXPECT_TRUE(outer->Step().value());
    EXPECT_EQ(outer->Int(0), 7);
  }
}

TEST(Connection, KeepsFewOfManyStatements) {
  const TemporaryDirectory directory;
  const auto connection =
      Connection::Open(directory.File("test.db"), Connection::Mode::kReadWrite);
  ASSERT_TRUE(connection.ok()) << connection.status();
  const int64_t before = sqlite3_memory_used();
  for (int64_t i = 0; i < 2'000; ++i) {
    auto select = (*connection)->PrepareOneOfMany(absl::StrCat("SELECT ", i));
    ASSERT_TRUE(select.ok()) << select.status();
    ASSERT_TRUE(select->Step().value());
    EXPECT_EQ(select->Int(0), i);
  }
  EXPECT_LT(sqlite3_memory_used() - before, 1 << 20);
}

// Bounds the size of files for this process while it is there.
class FileSizeLimit {
 public:
  explicit FileSizeLimit(rlim_t bytes) {
    getrlimit(RLIMIT_FSIZE, &before_);
    rlimit limit = before_;
    limit.rlim_cur = bytes;
    setrlimit(RLIMIT_FSIZE, &limit);
    handler_ = signal(SIGXFSZ, SIG_IGN);
  }
  ~FileSizeLimit() {
    setrlimit(RLIMIT_FSIZE, &before_);
    signal(SIGXFSZ, handler_);
  }
  FileSizeLimit(const FileSizeLimit&) = delete;
  FileSizeLimit& operator=(const FileSizeLimit&) = delete;

 private:
  rlimit before_ = {};
  sighandler_t handler_ = SIG_DFL;
};

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

// A database that the first version made.
void MakeSchema1(const std::string& path,
                 const std::vector<v1::Article>& articles) {
  std::ifstream file(std::string(DATELINE_SOURCE_DIR) +
                     "/tests/data/store/schema1.sql");
  const std::string schema((std::istreambuf_iterator<char>(file)), {});
  auto connection = Connection::Open(path, Connection::Mode::kReadWrite);
  ASSERT_TRUE(connection.ok()) << connection.status();
  const absl::Status made = (*connection)->Execute(schema);
  ASSERT_TRUE(made.ok()) << made;
  for (const v1::Article& article : articles) {
    const std::string bytes = article.SerializeAsString();
    auto insert = (*connection)
                      ->Prepare(
                          "INSERT INTO articles VALUES (NULL, ?1, ?2, 0, 0, 0, "
                          "5000000, 9000000, "
                          "7, 2, 0, 0, '', '', '', '', ?3, ?4)");
    ASSERT_TRUE(insert.ok()) << insert.status();
    ASSERT_TRUE(insert->BindText(1, article.uid())
                    .Bind(2, article.version())
                    .BindBlob(3, article.content_sha256())
                    .BindBlob(4, bytes)
                    .Run()
                    .ok());
    auto text =
        (*connection)
            ->Prepare(
                "INSERT INTO texts VALUES (last_insert_rowid(), ?1, 'text')");
    ASSERT_TRUE(text.ok()) << text.status();
    ASSERT_TRUE(text->BindText(1, article.headline()).Run().ok());
  }
  ASSERT_TRUE((*connection)
                  ->Execute("INSERT INTO positions VALUES ('test.articles', 0, "
                            "42)")
                  .ok());
}

TEST_F(SqliteFileTest, TakesADatabaseOfTheFirstVersionAlong) {
  v1::Article article = MakeArticle("u", 3, "River", "東京で会見");
  article.mutable_publish_time()->mutable_time()->set_seconds(100);
  article.add_authors()->set_name("A. Khan");
  article.add_keywords("kabul");
  for (uint32_t i = 0; i < 64; ++i) article.add_minhash(i);
  v1::Article copy = article;
  copy.set_uid("v");
  MakeSchema1(path_, {article, copy});
  auto repository = OpenAt(path_);
  ASSERT_TRUE(repository.ok()) << repository.status();
  EXPECT_FALSE(std::filesystem::exists(aside_));
  EXPECT_THAT((*repository)->Positions().value(),
              ElementsAre(kafka::Position{{kTopic, 0}, 42}));
  const auto stored = (*repository)->Get("u", {});
  ASSERT_TRUE(stored.ok()) << stored.status();
  EXPECT_THAT(stored->article, EqualsProto(article));
  EXPECT_EQ(stored->history.first_seen_time().seconds(), 5);
  EXPECT_EQ(stored->history.last_seen_time().seconds(), 9);
  EXPECT_EQ(stored->history.seen_count(), 7);
  EXPECT_EQ(stored->history.revision_count(), 2);
  const auto listed =
      (*repository)
          ->List({.filter = filter::Compile("author = \"A. Khan\" keyword "
                                            "= kabul headline:river")
                                .value(),
                  .page = {.limit = 10}});
  EXPECT_EQ(listed->articles.size(), 2);
  const auto found = (*repository)
                         ->Search({.selection = {.terms = {{.text = "会見"}}},
                                   .page = {.limit = 10}});
  EXPECT_EQ(found->articles.size(), 2);
  EXPECT_EQ((*repository)->GetStory("v")->uid(), "u");
  repository->reset();
  EXPECT_TRUE(OpenAt(path_).ok());
}

// Three articles, of which the stored bytes of the one in the middle are
// damaged.
class DamagedArticleTest : public SqliteFileTest {
 protected:
  DamagedArticleTest() {
    repository_ = *OpenAt(path_);
    ArticleBatch batch;
    for (const char* uid : {"a", "b", "c"}) {
      const auto offset = static_cast<int64_t>(batch.changes.size());
      batch.changes.push_back(ChangeTo(MakeDatedArticle(uid, offset), offset));
    }
    EXPECT_TRUE(repository_->Apply(batch).ok());
    Damage("b", "x'0aff'");
  }

  // `bytes` is SQL.
  void Damage(absl::string_view uid, absl::string_view bytes) {
    const auto connection =
        *Connection::Open(path_, Connection::Mode::kReadWrite);
    EXPECT_TRUE(connection
                    ->Execute(absl::StrCat(
                        "UPDATE contents SET article = ", bytes,
                        " WHERE id = (SELECT id FROM articles WHERE uid = '",
                        uid, "')"))
                    .ok());
  }

  std::unique_ptr<SqliteRepository> repository_;
};

std::string UidIn(const std::string& bytes) {
  v1::Article article;
  EXPECT_TRUE(article.ParseFromString(bytes));
  return article.uid();
}

TEST_F(DamagedArticleTest, ListsAllOthersOverThePages) {
  std::vector<std::string> uids;
  std::vector<std::string> damaged;
  ListQuery query = {.page = {.limit = 1, .max_bytes = 1 << 20}};
  do {
    const auto page = repository_->ListSerialized(query);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const std::string& article : page->articles) {
      uids.push_back(UidIn(article));
    }
    damaged.insert(damaged.end(), page->damaged.begin(), page->damaged.end());
    query.page.cursor = page->next_cursor;
  } while (!query.page.cursor.empty());
  EXPECT_THAT(uids, ElementsAre("c", "a"));
  EXPECT_THAT(damaged, ElementsAre("b"));
}

TEST_F(DamagedArticleTest, FindsAllOthersOverThePages) {
  std::vector<std::string> uids;
  SearchQuery query = {.selection = {.terms = {{.text = "headline"}}},
                       .page = {.limit = 1, .max_bytes = 1 << 20}};
  do {
    const auto page = repository_->Search(query);
    ASSERT_TRUE(page.ok()) << page.status();
    for (const FoundArticle& found : page->articles) {
      uids.push_back(found.article.uid());
    }
    query.page.cursor = page->next_cursor;
  } while (!query.page.cursor.empty());
  EXPECT_THAT(uids, UnorderedElementsAre("a", "c"));
}

TEST_F(DamagedArticleTest, IsLeftOutWhateverOfItIsWanted) {
  Damage("c", "CAST(article || x'3201ff' AS BLOB)");  // headline: no UTF-8
  google::protobuf::FieldMask mask;
  mask.add_paths("uid");
  const auto list = repository_->ListSerialized(
      {.read_mask = mask, .page = {.limit = 9, .max_bytes = 1 << 20}});
  ASSERT_TRUE(list.ok()) << list.status();
  EXPECT_THAT(list->damaged, ElementsAre("c", "b"));
  const auto search =
      repository_->Search({.selection = {.terms = {{.text = "headline"}}},
                           .read_mask = mask,
                           .page = {.limit = 9, .max_bytes = 1 << 20}});
  ASSERT_TRUE(search.ok()) << search.status();
  EXPECT_THAT(search->damaged, UnorderedElementsAre("b", "c"));
  EXPECT_TRUE(absl::IsDataLoss(repository_->BatchGet({"c"}, mask).status()));
}

TEST_F(DamagedArticleTest, AStoryIsListedWithoutWhatItsFirstArticleTold) {
  ArticleBatch batch;
  batch.changes.push_back(ChangeTo(StoryArticle("first", 0, 1), 10));
  batch.changes.push_back(ChangeTo(StoryArticle("copy", 0, 2), 11));
  ASSERT_TRUE(repository_->Apply(batch).ok());
  const StoryQuery query = {.min_articles = 2,
                            .page = {.limit = 9, .max_bytes = 1 << 20}};
  EXPECT_NE(repository_->ListStories(query)->stories[0].headline(), "");
  Damage("first", "x'0aff'");
  const auto page = repository_->ListStories(query);
  ASSERT_TRUE(page.ok()) << page.status();
  ASSERT_EQ(page->stories.size(), 1U);
  EXPECT_EQ(page->stories[0].headline(), "");
  EXPECT_EQ(page->stories[0].first_publish_time().seconds(), 1);
  EXPECT_EQ(page->stories[0].article_count(), 2);
  EXPECT_THAT(page->damaged, ElementsAre("first"));
  const absl::Status story = repository_->GetStory("copy").status();
  EXPECT_TRUE(absl::IsDataLoss(story)) << story;
  EXPECT_THAT(story.message(), HasSubstr("'first'"));
}

TEST_F(DamagedArticleTest, IsNamedWhereItIsAskedForOrWouldBeMissed) {
  const auto scan = repository_->Scan({});
  ASSERT_TRUE(scan.ok()) << scan.status();
  for (const absl::Status& status :
       {repository_->GetSerialized("b").status(),
        repository_->Get("b", {}).status(),
        repository_->BatchGet({"a", "b"}, {}).status(),
        (*scan)->Next(1 << 20).status()}) {
    EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
    EXPECT_THAT(status.message(), HasSubstr("'b'"));
  }
  EXPECT_TRUE(repository_->GetSerialized("a").ok());
}

TEST_F(SqliteFileTest, SaysThatTheDiskIsFullAndGoesOnWhenItIsNot) {
  Fill();
  auto repository = OpenAt(path_);
  ASSERT_TRUE(repository.ok()) << repository.status();
  ArticleBatch batch = {.positions = {{{kTopic, 0}, 300}}};
  for (int i = 200; i < 300; ++i) {
    batch.changes.push_back(
        ChangeTo(MakeArticle("u" + std::to_string(i), 1, "Title",
                             std::string(20'000, 'x')),
                 i));
  }
  {
    // Files may not grow beyond this; a full disk fails the same writes.
    const FileSizeLimit full(1'000'000);
    const absl::Status status = (*repository)->Apply(batch).status();
    EXPECT_TRUE(absl::IsResourceExhausted(status)) << status;
    EXPECT_EQ((*repository)->Count().value(), 200);
    EXPECT_THAT((*repository)->Positions().value(),
                ElementsAre(kafka::Position{{kTopic, 0}, 200}));
  }
  EXPECT_EQ((*repository)->Apply(batch).value(), ApplyCounts{.stored = 100});
}

TEST_F(SqliteFileTest, SaysThatAWriteIsNotAllowed) {
  Fill();
  auto connection = Connection::Open(path_, Connection::Mode::kReadWrite);
  ASSERT_TRUE((*connection)->Execute("PRAGMA query_only = 1").ok());
  const absl::Status status = (*connection)->Execute("DELETE FROM articles");
  EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
}

TEST_F(SqliteFileTest, SaysThatTheFileIsReadOnly) {
  Fill();
  if (geteuid() == 0) GTEST_SKIP() << "permissions don't bind the superuser";
  std::filesystem::permissions(path_, std::filesystem::perms::owner_read);
  const absl::Status status = OpenAt(path_).status();
  EXPECT_TRUE(absl::IsPermissionDenied(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr(path_));
}

TEST_F(SqliteFileTest, EndsAScanThatNobodyReads) {
  Fill();
  auto repository = SqliteRepository::Open(
      {.path = path_, .readers = 1, .idle_scan_limit = absl::ZeroDuration()},
      absl::Now());
  ASSERT_TRUE(repository.ok()) << repository.status();
  auto scan = (*repository)->Scan({});
  ASSERT_TRUE(scan.ok()) << scan.status();
  EXPECT_TRUE((*scan)->Next(1).ok());
  ASSERT_TRUE((*repository)->Apply({}).ok());
  EXPECT_EQ((*scan)->total(), 200);
  EXPECT_TRUE(absl::IsUnavailable((*scan)->Next(1).status()));
}

// Of 50,000 rows, so that each query is asked whether to go on.
class LongQueryTest : public SqliteFileTest {
 protected:
  LongQueryTest() {
    OpenAt(path_).value().reset();
    auto connection = Connection::Open(path_, Connection::Mode::kReadWrite);
    const absl::Status filled = (*connection)->Execute(R"sql(
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n
                                WHERE i < 50000)
        INSERT INTO articles(uid, version, parse_us, publish_us, fetch_us,
            access, article_type, signature, publisher, domain, language,
            section, headline, content_sha256, text_version, text_fetch_us,
            first_seen_us, last_seen_us, seen_count, revision_count)
          SELECT 'u' || i, 1, 0, i, i, 0, 0, 0, '', '', '', '', 'h', '', 1, 0,
              0, 0, 1, 1 FROM n;
        INSERT INTO contents(id, article) SELECT id, x'' FROM articles)sql");
    EXPECT_TRUE(filled.ok()) << filled;
    repository_ = *SqliteRepository::Open(
        {.path = path_, .readers = 1, .idle_scan_limit = absl::ZeroDuration()},
        absl::Now());
  }

  const filter::Condition rare_ = filter::Compile("headline = \"*x*\"").value();
  std::unique_ptr<SqliteRepository> repository_;
};

TEST_F(LongQueryTest, EndsWhenItIsInterrupted) {
  const absl::Status why = absl::DeadlineExceededError("enough");
  const Interrupt interrupt = [&] { return why; };
  EXPECT_EQ(
      repository_
          ->List(
              {.filter = rare_, .page = {.limit = 1}, .interrupt = interrupt})
          .status(),
      why);
  EXPECT_EQ(repository_
                ->Aggregate({.selection = {.filter = rare_},
                             .groupings = {v1::AGGREGATE_GROUPING_PUBLISHER},
                             .top = 1,
                             .interrupt = interrupt})
                .status(),
            why);
  EXPECT_EQ(
      repository_->Scan({.filter = rare_, .interrupt = interrupt}).status(),
      why);
  // The connection is as good as before.
  EXPECT_TRUE(repository_->List({.filter = rare_, .page = {.limit = 1}}).ok());
}

TEST_F(LongQueryTest, AScanThatIsBeingReadHoldsNoBatchUp) {
  absl::Notification reading;
  absl::Notification applied;
  std::atomic<bool> hold = false;
  auto scan = repository_->Scan({.filter = rare_, .interrupt = [&] {
                                   if (hold.exchange(false)) {
                                     reading.Notify();
                                     applied.WaitForNotification();
                                   }
                                   return absl::OkStatus();
                                 }});
  ASSERT_TRUE(scan.ok()) << scan.status();
  hold = true;
  std::thread reader([&] { EXPECT_TRUE((*scan)->Next(1)->empty()); });
  reading.WaitForNotification();
  EXPECT_TRUE(repository_->Apply({.positions = {{{kTopic, 0}, 7}}}).ok());
  applied.Notify();
  reader.join();
}

TEST_F(SqliteFileTest, RebuildsBesideWhatIsServedAndSwitchesOver) {
  Fill();
  auto repository = OpenAt(path_);
  ASSERT_TRUE(repository.ok()) << repository.status();
  auto rebuild = (*repository)->StartRebuild(absl::Now());
  ASSERT_TRUE(rebuild.ok()) << rebuild.status();
  EXPECT_THAT((*rebuild)->repository().Positions().value(), IsEmpty());
  ASSERT_TRUE(
      (*rebuild)
          ->repository()
          .Apply({.changes = {ChangeTo(MakeArticle("new", 1, "T", "x"), 0)},
                  .positions = {{{kTopic, 0}, 7}}})
          .ok());
  EXPECT_EQ((*repository)->Count().value(), 200);
  auto scan = (*repository)->Scan({});
  ASSERT_TRUE(scan.ok());
  ASSERT_TRUE((*scan)->Next(1).ok());
  std::atomic<bool> stop = false;
  std::atomic<int> failures = 0;
  std::thread reader([&] {
    while (!stop) {
      if (!(*repository)->Count().ok()) ++failures;
    }
  });
  const absl::Status switched = (*rebuild)->SwitchOver();
  stop = true;
  reader.join();
  EXPECT_TRUE(switched.ok()) << switched;
  EXPECT_EQ(failures, 0);
  EXPECT_EQ((*repository)->Count().value(), 1);
  EXPECT_TRUE((*repository)->Get("new", {}).ok());
  EXPECT_THAT((*repository)->Positions().value(),
              ElementsAre(kafka::Position{{kTopic, 0}, 7}));
  EXPECT_TRUE(absl::IsUnavailable((*scan)->Next(1).status()));
  EXPECT_FALSE(std::filesystem::exists(path_ + ".rebuild"));
  EXPECT_TRUE(
      (*repository)
          ->Apply({.changes = {ChangeTo(MakeArticle("more", 1, "T", "x"), 7)},
                   .positions = {{{kTopic, 0}, 8}}})
          .ok());
  repository->reset();
  EXPECT_EQ(OpenAt(path_).value()->Count().value(), 2);
}

TEST_F(SqliteFileTest, LeavesTheOldFileWhereTheNewOnesLogIsNotTakenIn) {
  Fill();
  auto repository = OpenAt(path_);
  ASSERT_TRUE(repository.ok()) << repository.status();
  auto rebuild = (*repository)->StartRebuild(absl::Now());
  ASSERT_TRUE(rebuild.ok()) << rebuild.status();
  // Another process reads the new file as it was before the batch.
  auto other =
      Connection::Open(path_ + ".rebuild", Connection::Mode::kReadOnly);
  ASSERT_TRUE((*other)->Execute("BEGIN").ok());
  ASSERT_TRUE((*other)->QueryInt("SELECT count(*) FROM articles").ok());
  ASSERT_TRUE(
      (*rebuild)
          ->repository()
          .Apply({.changes = {ChangeTo(MakeArticle("new", 1, "T", "x"), 0)},
                  .positions = {{{kTopic, 0}, 7}}})
          .ok());
  const absl::Status status = (*rebuild)->SwitchOver();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("write-ahead log"));
  EXPECT_EQ((*repository)->Count().value(), 200);
}

TEST_F(SqliteFileTest, LeavesTheOldFileWhereAnotherProcessReadsIt) {
  Fill();
  auto repository = OpenAt(path_);
  ASSERT_TRUE(repository.ok()) << repository.status();
  auto rebuild = (*repository)->StartRebuild(absl::Now());
  ASSERT_TRUE(rebuild.ok()) << rebuild.status();
  auto other = Connection::Open(path_, Connection::Mode::kReadOnly);
  ASSERT_TRUE((*other)->QueryInt("SELECT count(*) FROM articles").ok());
  const absl::Status status = (*rebuild)->SwitchOver();
  EXPECT_TRUE(absl::IsFailedPrecondition(status)) << status;
  EXPECT_EQ((*repository)->Count().value(), 200);
  EXPECT_TRUE(
      (*repository)
          ->Apply({.changes = {ChangeTo(MakeArticle("more", 1, "T", "x"), 200)},
                   .positions = {{{kTopic, 0}, 201}}})
          .ok());
}

TEST_F(SqliteFileTest, BeginsARebuildAnewThatWasBrokenOff) {
  Fill();
  auto repository = OpenAt(path_);
  ASSERT_TRUE(repository.ok()) << repository.status();
  {
    auto rebuild = (*repository)->StartRebuild(absl::Now());
    ASSERT_TRUE(rebuild.ok()) << rebuild.status();
    ASSERT_TRUE(
        (*rebuild)->repository().Apply({.positions = {{{kTopic, 0}, 7}}}).ok());
  }
  auto rebuild = (*repository)->StartRebuild(absl::Now());
  ASSERT_TRUE(rebuild.ok()) << rebuild.status();
  EXPECT_THAT((*rebuild)->repository().Positions().value(), IsEmpty());
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

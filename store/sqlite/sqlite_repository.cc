#include "store/sqlite/sqlite_repository.h"

#include <atomic>
#include <filesystem>
#include <map>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "store/sqlite/article_queries.h"
#include "store/sqlite/article_scan.h"
#include "store/sqlite/open_database.h"

namespace dateline::store {
namespace {

bool IsApplied(const std::map<kafka::TopicPartition, int64_t>& applied,
               const ArticleChange& change) {
  const auto found = applied.find(change.partition);
  return found != applied.end() && change.offset < found->second;
}

absl::Status Closed() {
  return absl::UnavailableError(
      "the database could not be opened again after a rebuild");
}

absl::Status Ended() {
  return absl::UnavailableError(
      "the scan was not read for long, or the store was rebuilt; begin anew");
}

}  // namespace

struct SqliteRepository::SharedScan {
  // Set when the scan is to end at once, even while it is read.
  std::atomic<bool> ending = false;
  absl::Mutex mutex;
  std::unique_ptr<ArticleScan> scan ABSL_GUARDED_BY(mutex);
  absl::Time last_read ABSL_GUARDED_BY(mutex) = absl::Now();
};

class SqliteRepository::EndableScan final : public ArticleScan {
 public:
  EndableScan(std::shared_ptr<SharedScan> shared, int64_t total)
      : shared_(std::move(shared)), total_(total) {}
  ~EndableScan() override {
    absl::MutexLock lock(&shared_->mutex);
    shared_->scan.reset();
  }

  int64_t total() const override { return total_; }

  absl::StatusOr<std::vector<v1::Article>> Next(size_t max_bytes) override {
    absl::MutexLock lock(&shared_->mutex);
    if (shared_->scan == nullptr) return Ended();
    absl::StatusOr<std::vector<v1::Article>> articles =
        shared_->scan->Next(max_bytes);
    shared_->last_read = absl::Now();
    return articles;
  }

 private:
  const std::shared_ptr<SharedScan> shared_;
  const int64_t total_;
};

class SqliteRepository::FileRebuild final : public Rebuild {
 public:
  FileRebuild(SqliteRepository& old, std::unique_ptr<SqliteRepository> fresh)
      : old_(old), fresh_(std::move(fresh)) {}

  ArticleRepository& repository() override { return *fresh_; }

  absl::Status SwitchOver() override {
    const std::string path = fresh_->options_.path;
    const absl::Status status = fresh_->TakeLogIn();
    fresh_.reset();
    return status.ok() ? old_.Replace(path) : status;
  }

 private:
  SqliteRepository& old_;
  std::unique_ptr<SqliteRepository> fresh_;
};

absl::StatusOr<std::unique_ptr<SqliteRepository::Database>>
SqliteRepository::OpenFile(
    const SqliteOptions& options,
    absl::StatusOr<std::unique_ptr<Connection>> connection) {
  if (!connection.ok()) return connection.status();
  auto database = std::make_unique<Database>(*std::move(connection));
  absl::StatusOr<std::unique_ptr<ReaderPool>> readers =
      ReaderPool::Open(options.path, options.readers);
  if (!readers.ok()) return readers.status();
  database->readers = *std::move(readers);
  return database;
}

absl::StatusOr<std::unique_ptr<SqliteRepository>> SqliteRepository::Open(
    const SqliteOptions& options, absl::Time now) {
  absl::StatusOr<std::unique_ptr<Database>> database =
      OpenFile(options, OpenDatabase(options.path, now));
  if (!database.ok()) return database.status();
  return std::unique_ptr<SqliteRepository>(
      new SqliteRepository(options, *std::move(database)));
}

SqliteRepository::SqliteRepository(SqliteOptions options,
                                   std::unique_ptr<Database> database)
    : options_(std::move(options)), database_(std::move(database)) {}

absl::StatusOr<std::unique_ptr<Rebuild>> SqliteRepository::StartRebuild(
    absl::Time now) {
  const SqliteOptions options = {.path = options_.path + ".rebuild",
                                 .readers = 1};
  for (const char* suffix : {"-wal", "-shm", ""}) {
    std::error_code ignored;
    std::filesystem::remove(options.path + suffix, ignored);
  }
  absl::StatusOr<std::unique_ptr<SqliteRepository>> fresh = Open(options, now);
  if (!fresh.ok()) return fresh.status();
  return std::make_unique<FileRebuild>(*this, *std::move(fresh));
}

std::vector<std::shared_ptr<SqliteRepository::SharedScan>>
SqliteRepository::OpenScans() const {
  std::vector<std::shared_ptr<SharedScan>> open;
  absl::MutexLock lock(&scans_mutex_);
  for (const std::weak_ptr<SharedScan>& weak : scans_) {
    if (auto scan = weak.lock(); scan != nullptr) open.push_back(scan);
  }
  std::erase_if(scans_, [](const auto& scan) { return scan.expired(); });
  return open;
}

void SqliteRepository::EndIdleScans() const {
  const absl::Time unread_since = absl::Now() - options_.idle_scan_limit;
  for (const std::shared_ptr<SharedScan>& open : OpenScans()) {
    // One that is being read isn't idle, and may search for long.
    if (!open->mutex.TryLock()) continue;
    if (open->last_read <= unread_since) open->scan.reset();
    open->mutex.Unlock();
  }
}

void SqliteRepository::EndScans() const {
  const std::vector<std::shared_ptr<SharedScan>> scans = OpenScans();
  for (const auto& open : scans) open->ending = true;
  for (const auto& open : scans) {
    absl::MutexLock lock(&open->mutex);
    open->scan.reset();
  }
}

absl::Status SqliteRepository::TakeLogIn() {
  absl::ReaderMutexLock lock(&mutex_);
  if (database_ == nullptr) return Closed();
  const absl::Status status = Checkpoint(*database_->connection);
  if (status.ok()) return status;
  return absl::Status(status.code(), absl::StrCat("database ", options_.path,
                                                  ": ", status.message()));
}

absl::Status SqliteRepository::Replace(const std::string& path) {
  // What is in a log that is left would be missing from the file.
  if (std::error_code ignored;
      std::filesystem::exists(path + "-wal", ignored)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "database ", path, ": its write-ahead log is still there"));
  }
  absl::MutexLock lock(&mutex_);
  EndScans();
  database_.reset();
  absl::Status status;
  std::error_code error;
  // A log that is left belongs to the old file, and would be read into the new
  // one: another process has the file open.
  if (std::filesystem::exists(options_.path + "-wal", error)) {
    status = absl::FailedPreconditionError(
        absl::StrCat("database ", options_.path,
                     ": can't be replaced while another process reads it"));
  } else {
    std::filesystem::rename(path, options_.path, error);
    if (error) {
      status = absl::FailedPreconditionError(
          absl::StrCat("database ", options_.path,
                       ": can't be replaced: ", error.message()));
    }
  }
  absl::StatusOr<std::unique_ptr<Database>> database =
      OpenFile(options_, OpenKnownDatabase(options_.path));
  if (!database.ok()) return database.status();
  database_ = *std::move(database);
  if (status.ok()) damage_log_.Clear();
  return status;
}

absl::StatusOr<ApplyCounts> SqliteRepository::Apply(const ArticleBatch& batch) {
  absl::ReaderMutexLock lock(&mutex_);
  if (database_ == nullptr) return Closed();
  Transaction transaction(*database_->connection);
  absl::Status status = transaction.Begin(Transaction::Kind::kWrite);
  if (!status.ok()) return status;
  const absl::StatusOr<std::vector<kafka::Position>> positions =
      ReadPositions(*database_->connection);
  if (!positions.ok()) return positions.status();
  std::map<kafka::TopicPartition, int64_t> applied;
  for (const kafka::Position& position : *positions) {
    applied[position.partition] = position.offset;
  }
  ApplyCounts counts;
  for (const ArticleChange& change : batch.changes) {
    if (IsApplied(applied, change)) continue;
    const absl::StatusOr<ChangeResult> result = database_->writer.Write(change);
    if (!result.ok()) return result.status();
    counts.Add(*result);
  }
  status = database_->writer.Settle();
  if (!status.ok()) return status;
  for (const kafka::Position& position : batch.positions) {
    status = database_->writer.WritePosition(position);
    if (!status.ok()) return status;
  }
  status = transaction.Commit();
  if (!status.ok()) return status;
  EndIdleScans();
  return counts;
}

absl::StatusOr<int64_t> SqliteRepository::DeleteOldest(
    int64_t fetched_before_us, int limit) {
  absl::ReaderMutexLock lock(&mutex_);
  if (database_ == nullptr) return Closed();
  Transaction transaction(*database_->connection);
  absl::Status status = transaction.Begin(Transaction::Kind::kWrite);
  if (!status.ok()) return status;
  const absl::StatusOr<int64_t> deleted =
      database_->writer.DeleteOldest(fetched_before_us, limit);
  if (!deleted.ok()) return deleted.status();
  status = transaction.Commit();
  if (!status.ok()) return status;
  return deleted;
}

template <typename Query>
auto SqliteRepository::Read(Query query, const Interrupt& interrupt) const {
  return ReadOnce(
      [&query](ReaderPool::Loan& reader) {
        using Result = decltype(query(*reader));
        absl::Status status = reader.Begin();
        return status.ok() ? query(*reader) : Result(std::move(status));
      },
      interrupt);
}

template <typename Query>
auto SqliteRepository::ReadOnce(Query query, const Interrupt& interrupt) const {
  using Result = decltype(query(std::declval<ReaderPool::Loan&>()));
  absl::ReaderMutexLock lock(&mutex_);
  if (database_ == nullptr) return Result(Closed());
  ReaderPool::Loan reader = database_->readers->Borrow();
  const Connection::Interruptible interruptible(*reader, interrupt);
  Result result = query(reader);
  return result.ok() ? std::move(result)
                     : Result(interruptible.Explain(result.status()));
}

absl::StatusOr<std::vector<kafka::Position>> SqliteRepository::Positions()
    const {
  return Read(ReadPositions);
}

absl::StatusOr<StoredArticle> SqliteRepository::Get(
    absl::string_view uid, const google::protobuf::FieldMask& read_mask) const {
  return ReadOnce([&](ReaderPool::Loan& reader) {
    return GetArticle(*reader, uid, read_mask);
  });
}

absl::StatusOr<SerializedArticle> SqliteRepository::GetSerialized(
    absl::string_view uid) const {
  return ReadOnce([&](ReaderPool::Loan& reader) {
    return GetSerializedArticle(*reader, uid);
  });
}

absl::StatusOr<std::vector<v1::Article>> SqliteRepository::BatchGet(
    const std::vector<std::string>& uids,
    const google::protobuf::FieldMask& read_mask) const {
  return Read([&](Connection& connection) {
    return BatchGetArticles(connection, uids, read_mask);
  });
}

template <typename Page>
absl::StatusOr<Page> SqliteRepository::Told(absl::StatusOr<Page> page) const {
  if (page.ok()) damage_log_.Tell(page->damaged);
  return page;
}

absl::StatusOr<ArticlePage> SqliteRepository::List(
    const ListQuery& query) const {
  return Told(ReadOnce(
      [&](ReaderPool::Loan& reader) {
        return store::ListArticles(*reader, query);
      },
      query.interrupt));
}

absl::StatusOr<SerializedPage> SqliteRepository::ListSerialized(
    const ListQuery& query) const {
  return Told(ReadOnce(
      [&](ReaderPool::Loan& reader) {
        return ListSerializedArticles(*reader, query);
      },
      query.interrupt));
}

absl::StatusOr<FoundPage> SqliteRepository::Search(
    const SearchQuery& query) const {
  return Told(Read(
      [&](Connection& connection) {
        return store::SearchArticles(connection, query);
      },
      query.interrupt));
}

absl::StatusOr<v1::AggregateArticlesResponse> SqliteRepository::Aggregate(
    const AggregateQuery& query) const {
  return Read(
      [&](Connection& connection) {
        return AggregateArticles(connection, query);
      },
      query.interrupt);
}

absl::StatusOr<RevisionPage> SqliteRepository::ListRevisions(
    const RevisionQuery& query) const {
  return Read(
      [&](Connection& connection) {
        return store::ListRevisions(connection, query);
      },
      query.interrupt);
}

absl::StatusOr<StoryPage> SqliteRepository::ListStories(
    const StoryQuery& query) const {
  return Told(Read(
      [&](Connection& connection) {
        return store::ListStories(connection, query);
      },
      query.interrupt));
}

absl::StatusOr<v1::Story> SqliteRepository::GetStory(
    absl::string_view uid) const {
  return Read(
      [&](Connection& connection) { return store::GetStory(connection, uid); });
}

absl::StatusOr<std::unique_ptr<ArticleScan>> SqliteRepository::Scan(
    const ScanQuery& query) const {
  absl::ReaderMutexLock lock(&mutex_);
  if (database_ == nullptr) return Closed();
  absl::StatusOr<std::unique_ptr<Connection>> connection =
      Connection::Open(options_.path, Connection::Mode::kReadOnly);
  if (!connection.ok()) return connection.status();
  auto shared = std::make_shared<SharedScan>();
  ScanQuery endable = query;
  // The scan is a part of what it refers to.
  endable.interrupt = [scan = shared.get(), inner = query.interrupt] {
    return scan->ending ? Ended() : Interrupted(inner);
  };
  absl::StatusOr<std::unique_ptr<ArticleScan>> scan =
      NewScan(*std::move(connection), endable);
  if (!scan.ok()) return scan.status();
  const int64_t total = (*scan)->total();
  {
    absl::MutexLock scan_lock(&shared->mutex);
    shared->scan = *std::move(scan);
    shared->last_read = absl::Now();
  }
  absl::MutexLock scans_lock(&scans_mutex_);
  scans_.push_back(shared);
  return std::make_unique<EndableScan>(std::move(shared), total);
}

absl::StatusOr<Usage> SqliteRepository::MeasureUsage() const {
  return Read(
      [](Connection& connection) { return store::MeasureUsage(connection); });
}

absl::StatusOr<int64_t> SqliteRepository::Count() const {
  return Read([](Connection& connection) {
    return connection.QueryInt("SELECT count(*) FROM articles");
  });
}

}  // namespace dateline::store

#ifndef DATELINE_STORE_SQLITE_SQLITE_REPOSITORY_H_
#define DATELINE_STORE_SQLITE_SQLITE_REPOSITORY_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "store/core/article_repository.h"
#include "store/core/rebuild.h"
#include "store/sqlite/article_writer.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/damage_log.h"
#include "store/sqlite/reader_pool.h"

namespace dateline::store {

struct SqliteOptions {
  std::string path = {};
  // How many reading calls run at once; more wait.
  int readers = 4;
  // A scan that isn't read for so long is ended by the next Apply: while it is
  // open the write-ahead log grows.
  absl::Duration idle_scan_limit = absl::Minutes(5);
};

// The embedded engine: one SQLite file in WAL mode with an FTS5 index. Apply
// writes on a connection of its own; reading calls have theirs, and neither
// waits for the other. What Apply returned OK for outlasts the process; after a
// power cut the last batches may be gone, rows and positions together.
class SqliteRepository final : public ArticleRepository {
 public:
  // See OpenDatabase for what becomes of a damaged file.
  static absl::StatusOr<std::unique_ptr<SqliteRepository>> Open(
      const SqliteOptions& options, absl::Time now);

  // Begins a rebuild in PATH.rebuild; what an earlier one left there goes.
  // SwitchOver puts the file in the place of this repository's, which is gone
  // then. This must outlive it.
  absl::StatusOr<std::unique_ptr<Rebuild>> StartRebuild(absl::Time now);

  absl::StatusOr<ApplyCounts> Apply(const ArticleBatch& batch) override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::vector<kafka::Position>> Positions() const override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<int64_t> DeleteOldest(int64_t fetched_before_us,
                                       int limit) override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<StoredArticle> Get(
      absl::string_view uid,
      const google::protobuf::FieldMask& read_mask) const override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<SerializedArticle> GetSerialized(
      absl::string_view uid) const override ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::vector<v1::Article>> BatchGet(
      const std::vector<std::string>& uids,
      const google::protobuf::FieldMask& read_mask) const override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<ArticlePage> List(const ListQuery& query) const override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<SerializedPage> ListSerialized(
      const ListQuery& query) const override ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<FoundPage> Search(const SearchQuery& query) const override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<v1::AggregateArticlesResponse> Aggregate(
      const AggregateQuery& query) const override ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<RevisionPage> ListRevisions(
      const RevisionQuery& query) const override ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<StoryPage> ListStories(const StoryQuery& query) const override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<v1::Story> GetStory(absl::string_view uid) const override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<std::unique_ptr<ArticleScan>> Scan(
      const ScanQuery& query) const override ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<Usage> MeasureUsage() const override
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<int64_t> Count() const override ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  // The open file. Closing the last connection takes the write-ahead log into
  // the file and removes it.
  struct Database {
    explicit Database(std::unique_ptr<Connection> writing)
        : connection(std::move(writing)), writer(*connection) {}

    const std::unique_ptr<Connection> connection;
    ArticleWriter writer;
    std::unique_ptr<ReaderPool> readers;
  };
  // An open scan; the repository may end it.
  struct SharedScan;
  class EndableScan;
  class FileRebuild;

  SqliteRepository(SqliteOptions options, std::unique_ptr<Database> database);

  static absl::StatusOr<std::unique_ptr<Database>> OpenFile(
      const SqliteOptions& options,
      absl::StatusOr<std::unique_ptr<Connection>> connection);

  // `query` on a reader's connection, in a transaction.
  template <typename Query>
  auto Read(Query query, const Interrupt& interrupt = {}) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // The same of one statement, which needs none.
  template <typename Query>
  auto ReadOnce(Query query, const Interrupt& interrupt = {}) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Before the file is moved elsewhere.
  absl::Status TakeLogIn() ABSL_LOCKS_EXCLUDED(mutex_);
  // Closes the file, moves the one at `path` in its place and opens that.
  absl::Status Replace(const std::string& path) ABSL_LOCKS_EXCLUDED(mutex_);
  std::vector<std::shared_ptr<SharedScan>> OpenScans() const
      ABSL_LOCKS_EXCLUDED(scans_mutex_);
  // Waits for no scan that is being read.
  void EndIdleScans() const ABSL_LOCKS_EXCLUDED(scans_mutex_);
  // `page`, once the log knows what it leaves out.
  template <typename Page>
  absl::StatusOr<Page> Told(absl::StatusOr<Page> page) const;
  // Ends all, at once.
  void EndScans() const ABSL_LOCKS_EXCLUDED(scans_mutex_);

  const SqliteOptions options_;
  // Exclusive only while the file is replaced.
  mutable absl::Mutex mutex_;
  std::unique_ptr<Database> database_ ABSL_GUARDED_BY(mutex_);
  mutable DamageLog damage_log_;
  mutable absl::Mutex scans_mutex_;
  mutable std::vector<std::weak_ptr<SharedScan>> scans_
      ABSL_GUARDED_BY(scans_mutex_);
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_SQLITE_SQLITE_REPOSITORY_H_

#ifndef DATELINE_STORE_SQLITE_SQLITE_REPOSITORY_H_
#define DATELINE_STORE_SQLITE_SQLITE_REPOSITORY_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "store/core/article_repository.h"
#include "store/sqlite/article_writer.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/reader_pool.h"

namespace dateline::store {

struct SqliteOptions {
  std::string path = {};
  // How many reading calls run at once; more wait.
  int readers = 4;
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

  absl::StatusOr<ApplyCounts> Apply(const ArticleBatch& batch) override;
  absl::StatusOr<std::vector<kafka::Position>> Positions() const override;
  absl::StatusOr<int64_t> DeleteOldest(int64_t fetched_before_us,
                                       int limit) override;
  absl::StatusOr<StoredArticle> Get(
      absl::string_view uid,
      const google::protobuf::FieldMask& read_mask) const override;
  absl::StatusOr<std::vector<v1::Article>> BatchGet(
      const std::vector<std::string>& uids,
      const google::protobuf::FieldMask& read_mask) const override;
  absl::StatusOr<ArticlePage> List(const ListQuery& query) const override;
  absl::StatusOr<FoundPage> Search(const SearchQuery& query) const override;
  absl::StatusOr<v1::AggregateArticlesResponse> Aggregate(
      const AggregateQuery& query) const override;
  absl::StatusOr<RevisionPage> ListRevisions(
      const RevisionQuery& query) const override;
  absl::StatusOr<StoryPage> ListStories(const StoryQuery& query) const override;
  absl::StatusOr<v1::Story> GetStory(absl::string_view uid) const override;
  absl::StatusOr<std::unique_ptr<ArticleScan>> Scan(
      const ScanQuery& query) const override;
  absl::StatusOr<Usage> MeasureUsage() const override;
  absl::StatusOr<int64_t> Count() const override;

 private:
  SqliteRepository(std::unique_ptr<Connection> connection,
                   std::unique_ptr<ReaderPool> readers);

  std::unique_ptr<Connection> connection_;
  ArticleWriter writer_;
  std::unique_ptr<ReaderPool> readers_;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_SQLITE_SQLITE_REPOSITORY_H_

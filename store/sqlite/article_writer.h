#ifndef DATELINE_STORE_SQLITE_ARTICLE_WRITER_H_
#define DATELINE_STORE_SQLITE_ARTICLE_WRITER_H_

#include <cstdint>
#include <limits>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/kafka/record.h"
#include "store/core/article_change.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/story_writer.h"

namespace dateline::store {

// `publish_us` and `fetch_us` of an article without that time.
inline constexpr int64_t kNoTime = std::numeric_limits<int64_t>::min();

// What the store knows of an article's life, as its row has it.
struct StoredHistory {
  int64_t first_seen_us = 0;
  int64_t last_seen_us = 0;
  int64_t seen_count = 1;
  int64_t revision_count = 1;
};

// Writes single changes and positions, within a transaction of its caller's.
class ArticleWriter {
 public:
  // `connection` must outlive this.
  explicit ArticleWriter(Connection& connection)
      : connection_(connection), stories_(connection) {}

  absl::StatusOr<ChangeResult> Write(const ArticleChange& change);

  // Writes an article, which isn't there, with a past.
  absl::Status Restore(const v1::Article& article,
                       const StoredHistory& history);

  // See ArticleRepository::DeleteOldest.
  absl::StatusOr<int64_t> DeleteOldest(int64_t fetched_before_us, int limit);

  // Never moves a position back.
  absl::Status WritePosition(const kafka::Position& position);

 private:
  struct Row;

  absl::StatusOr<Row> Find(absl::string_view uid);
  absl::Status Update(const Row& row, const v1::Article& article,
                      const Decision& decision);
  absl::Status UpdateRow(const Row& row, int64_t signature,
                         const v1::Article& article, const Decision& decision);
  absl::Status UpdateText(int64_t id, const v1::Article& article);
  absl::Status UpdateNames(int64_t id, const v1::Article& article);
  absl::Status KeepRevision(const Row& row);
  absl::Status Delete(int64_t id, int64_t signature);

  Connection& connection_;
  StoryWriter stories_;
};

absl::StatusOr<std::vector<kafka::Position>> ReadPositions(
    Connection& connection);

}  // namespace dateline::store

#endif  // DATELINE_STORE_SQLITE_ARTICLE_WRITER_H_

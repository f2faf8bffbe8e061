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

namespace dateline::store {

// `publish_us` of an article without a publish time.
inline constexpr int64_t kNoPublishTime = std::numeric_limits<int64_t>::min();

// Writes single changes and positions, within a transaction of its caller's.
class ArticleWriter {
 public:
  // `connection` must outlive this.
  explicit ArticleWriter(Connection& connection) : connection_(connection) {}

  absl::StatusOr<ChangeResult> Write(const ArticleChange& change);

  // Never moves a position back.
  absl::Status WritePosition(const kafka::Position& position);

 private:
  absl::Status Insert(const v1::Article& article);
  absl::Status Update(int64_t id, const v1::Article& article,
                      const Decision& decision);
  absl::Status UpdateText(int64_t id, const v1::Article& article);
  absl::Status Delete(int64_t id);

  Connection& connection_;
};

absl::StatusOr<std::vector<kafka::Position>> ReadPositions(
    Connection& connection);

}  // namespace dateline::store

#endif  // DATELINE_STORE_SQLITE_ARTICLE_WRITER_H_

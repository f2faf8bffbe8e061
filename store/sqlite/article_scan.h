#ifndef DATELINE_STORE_SQLITE_ARTICLE_SCAN_H_
#define DATELINE_STORE_SQLITE_ARTICLE_SCAN_H_

#include <memory>

#include "absl/status/statusor.h"
#include "store/core/article_repository.h"
#include "store/sqlite/connection.h"

namespace dateline::store {

// A scan that has `connection` to itself, in a read transaction: as long as it
// is open, the write-ahead log can't be taken into the database and grows.
absl::StatusOr<std::unique_ptr<ArticleScan>> NewScan(
    std::unique_ptr<Connection> connection, const ScanQuery& query);

}  // namespace dateline::store

#endif  // DATELINE_STORE_SQLITE_ARTICLE_SCAN_H_

#ifndef DATELINE_STORE_CORE_RETENTION_H_
#define DATELINE_STORE_CORE_RETENTION_H_

#include <cstdint>

#include "absl/time/time.h"
#include "store/core/article_repository.h"

namespace dateline::store {

// What a store keeps. The topic is not touched: other stores and subscribers
// keep what they like.
struct Retention {
  // Articles fetched longer ago go.
  absl::Duration age = absl::InfiniteDuration();
  // Where the store takes more than this on disk, those fetched longest ago go;
  // 0 for no bound.
  int64_t size_bytes = 0;
};

// How many articles, at least, have to go for `usage` to come down to
// `size_bytes`, all being of the same size.
int64_t ArticlesTooMany(const Usage& usage, int64_t size_bytes);

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_RETENTION_H_

#ifndef DATELINE_STORE_CORE_REBUILD_H_
#define DATELINE_STORE_CORE_REBUILD_H_

#include "absl/status/status.h"
#include "store/core/article_repository.h"

namespace dateline::store {

// Data that an engine builds anew, from nothing, beside what it serves.
class Rebuild {
 public:
  virtual ~Rebuild() = default;

  // The new data, for Apply and Positions.
  virtual ArticleRepository& repository() = 0;

  // Has the new data take the old one's place, for good: calls to the served
  // repository are answered from it, and Apply goes on in it. Nothing is being
  // applied to either. Reading calls may wait meanwhile; open scans end with
  // kUnavailable. On an error the old data is still what is served. Last call.
  virtual absl::Status SwitchOver() = 0;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_REBUILD_H_

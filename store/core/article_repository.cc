#include "store/core/article_repository.h"

namespace dateline::store {

void ApplyCounts::Add(ChangeResult result) {
  switch (result) {
    case ChangeResult::kStored:
      ++stored;
      return;
    case ChangeResult::kSeenAgain:
      ++seen_again;
      return;
    case ChangeResult::kStale:
      ++stale;
      return;
    case ChangeResult::kDeleted:
      ++deleted;
      return;
  }
}

}  // namespace dateline::store

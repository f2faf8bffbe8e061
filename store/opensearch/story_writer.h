#ifndef DATELINE_STORE_OPENSEARCH_STORY_WRITER_H_
#define DATELINE_STORE_OPENSEARCH_STORY_WRITER_H_

#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "nlohmann/json.hpp"
#include "store/opensearch/article_index.h"
#include "store/opensearch/story_closure.h"

namespace dateline::store {

// Articles that changed, and stories that changed or lost one.
struct StorySeeds {
  std::set<std::string> uids = {};
  std::set<std::string> stories = {};
};

// Sets stories right after articles came, changed or went.
//
// Two writers that bring two halves of one story at the same time both write
// them before they look for neighbours, so that one at least sees both; and a
// correction is refused where another one was made since it was thought of, and
// thought of again.
class OpenSearchStoryWriter {
 public:
  // `index` must outlive this.
  explicit OpenSearchStoryWriter(const ArticleIndex& index) : index_(index) {}

  // What changed must have been refreshed; what this changes is.
  absl::Status SetRight(const StorySeeds& seeds) const;

 private:
  absl::StatusOr<std::vector<StoryMember>> Find(nlohmann::json query) const;
  absl::StatusOr<StoryClosure> Close(const StorySeeds& seeds) const;
  // False where another writer was quicker.
  absl::StatusOr<bool> Write(const std::vector<StoryMember>& corrections) const;

  const ArticleIndex& index_;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_OPENSEARCH_STORY_WRITER_H_

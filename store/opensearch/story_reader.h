#ifndef DATELINE_STORE_OPENSEARCH_STORY_READER_H_
#define DATELINE_STORE_OPENSEARCH_STORY_READER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "store/core/article_repository.h"
#include "store/opensearch/article_index.h"

namespace dateline::store {

// As ArticleRepository has them.
absl::StatusOr<StoryPage> ListStories(const ArticleIndex& index,
                                      const StoryQuery& query);
absl::StatusOr<v1::Story> ReadStory(const ArticleIndex& index,
                                    absl::string_view uid);

}  // namespace dateline::store

#endif  // DATELINE_STORE_OPENSEARCH_STORY_READER_H_

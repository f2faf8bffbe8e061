#ifndef DATELINE_STORE_SQLITE_STORY_WRITER_H_
#define DATELINE_STORE_SQLITE_STORY_WRITER_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "store/sqlite/connection.h"

namespace dateline::store {

// Keeps `signatures`, `bands` and `stories` in step with `articles`, within a
// transaction of its caller's. What stands in them depends on the articles
// only, not on the order of calls (but for the numbers of signatures).
class StoryWriter {
 public:
  // `connection` must outlive this.
  explicit StoryWriter(Connection& connection) : connection_(connection) {}

  // For an article about to have this signature: what to write to its row, 0
  // for an empty one.
  absl::StatusOr<int64_t> Join(absl::string_view signature);
  // For an article that no longer has it; after its row was changed or deleted.
  absl::Status Leave(int64_t signature);
  // After the row of a new article of that signature was inserted.
  absl::Status Grow(int64_t signature, absl::string_view uid,
                    int64_t publish_us);
  // After the row of an article of that signature was changed.
  absl::Status Refresh(int64_t signature);

 private:
  absl::StatusOr<int64_t> Insert(absl::string_view signature);
  absl::StatusOr<std::vector<int64_t>> SharingABand(
      const std::vector<int64_t>& bands);
  absl::Status InsertBands(int64_t signature,
                           const std::vector<int64_t>& bands);
  absl::Status AddArticles(int64_t signature, int64_t count);
  absl::Status Merge(int64_t from_story, int64_t to_story);
  absl::StatusOr<bool> IsAlone(int64_t signature);
  absl::Status Remove(int64_t signature, int64_t story,
                      const std::string& value);
  absl::Status Split(int64_t story);
  absl::Status RefreshStory(int64_t story);

  Connection& connection_;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_SQLITE_STORY_WRITER_H_

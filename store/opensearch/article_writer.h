#ifndef DATELINE_STORE_OPENSEARCH_ARTICLE_WRITER_H_
#define DATELINE_STORE_OPENSEARCH_ARTICLE_WRITER_H_

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "store/core/article_repository.h"
#include "store/opensearch/article_index.h"
#include "store/opensearch/article_state.h"
#include "store/opensearch/story_writer.h"

namespace dateline::store {

// The writing half of OpenSearchRepository. One thread uses a writer; several
// writers may write to one index at the same time.
//
// What makes a batch exact without transactions: a document says up to which
// record of its partition it was made, records before that are left out, and
// its write is refused where another one came first. Positions are written when
// everything else is there. So a batch that was applied in part, or that two
// writers apply, ends as if it had been applied once.
class OpenSearchWriter {
 public:
  // `index` must outlive this.
  explicit OpenSearchWriter(const ArticleIndex& index)
      : index_(index), stories_(index) {}

  absl::StatusOr<ApplyCounts> Apply(const ArticleBatch& batch);
  absl::StatusOr<int64_t> DeleteOldest(int64_t fetched_before_us, int limit);

 private:
  // The changes of one uid, in order.
  using Changes = std::map<std::string, std::vector<const ArticleChange*>>;

  // An article that is to be forgotten.
  struct Expiring {
    std::string uid = {};
    std::string story_uid = {};
    SeenRevision seen = {};
  };

  absl::StatusOr<Changes> NotYetApplied(const ArticleBatch& batch);
  // Leaves those in `changes` whose documents were written by somebody else in
  // the meantime.
  absl::Status WriteOnce(Changes& changes, ApplyCounts& counts,
                         StorySeeds& seeds);
  absl::Status WriteArchived(const std::map<std::string, Folded>& folded) const;
  absl::Status WritePositions(const std::vector<kafka::Position>& positions);
  absl::StatusOr<std::vector<Expiring>> FindOldest(int64_t fetched_before_us,
                                                   int limit) const;
  absl::StatusOr<int64_t> Expire(std::vector<Expiring> expiring);

  const ArticleIndex& index_;
  OpenSearchStoryWriter stories_;
  // What this wrote last. Positions never go back, unless the index is another
  // one by now, deleted or built anew, in which records are missing.
  std::map<kafka::TopicPartition, int64_t> written_;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_OPENSEARCH_ARTICLE_WRITER_H_

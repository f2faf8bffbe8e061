#ifndef DATELINE_STORE_OPENSEARCH_OPENSEARCH_REPOSITORY_H_
#define DATELINE_STORE_OPENSEARCH_OPENSEARCH_REPOSITORY_H_

#include <memory>
#include <string>
#include <vector>

#include "store/core/article_repository.h"
#include "store/core/rebuild.h"
#include "store/opensearch/article_index.h"
#include "store/opensearch/article_writer.h"
#include "store/opensearch/client.h"

namespace dateline::store {

struct OpenSearchRepositoryOptions {
  OpenSearchOptions client = {};
  // The alias of the index.
  std::string index = "dateline-articles";
  // Of a new index.
  int shards = 1;
};

// The engine where one machine is outgrown: an index in an OpenSearch cluster,
// which any number of these may write to and read.
//
// Without transactions, three promises of ArticleRepository hold in another
// way. Where Apply fails, a part of the batch may be stored; applying it again
// makes it whole, and counts only the rest. A batch shows shard by shard, with
// one refresh, and just before its stories are joined. And Apply may be called
// by one caller in each of several processes, also with the same records.
class OpenSearchRepository final : public ArticleRepository {
 public:
  // Doesn't wait for OpenSearch: calls are kUnavailable while it is away.
  // kInvalidArgument where an address is none.
  static absl::StatusOr<std::unique_ptr<OpenSearchRepository>> Open(
      const OpenSearchRepositoryOptions& options);

  // Begins a rebuild in the next index; what an earlier one left there goes.
  // SwitchOver moves the alias to it. Other stores that write to the index find
  // that it is another one with their next batch, which is kUnavailable, so
  // that they go on at its positions. This must outlive it.
  absl::StatusOr<std::unique_ptr<Rebuild>> StartRebuild();

  absl::StatusOr<ApplyCounts> Apply(const ArticleBatch& batch) override;
  absl::StatusOr<std::vector<kafka::Position>> Positions() const override;
  absl::StatusOr<int64_t> DeleteOldest(int64_t fetched_before_us,
                                       int limit) override;
  absl::StatusOr<StoredArticle> Get(
      absl::string_view uid,
      const google::protobuf::FieldMask& read_mask) const override;
  absl::StatusOr<std::vector<v1::Article>> BatchGet(
      const std::vector<std::string>& uids,
      const google::protobuf::FieldMask& read_mask) const override;
  absl::StatusOr<ArticlePage> List(const ListQuery& query) const override;
  absl::StatusOr<FoundPage> Search(const SearchQuery& query) const override;
  absl::StatusOr<v1::AggregateArticlesResponse> Aggregate(
      const AggregateQuery& query) const override;
  absl::StatusOr<RevisionPage> ListRevisions(
      const RevisionQuery& query) const override;
  absl::StatusOr<StoryPage> ListStories(const StoryQuery& query) const override;
  absl::StatusOr<v1::Story> GetStory(absl::string_view uid) const override;
  absl::StatusOr<std::unique_ptr<ArticleScan>> Scan(
      const ScanQuery& query) const override;
  absl::StatusOr<Usage> MeasureUsage() const override;
  absl::StatusOr<int64_t> Count() const override;

 private:
  class IndexRebuild;

  OpenSearchRepository(std::shared_ptr<const OpenSearchClient> client,
                       std::unique_ptr<ArticleIndex> index);

  const std::shared_ptr<const OpenSearchClient> client_;
  // Makes what is missing before it is first used.
  const std::unique_ptr<ArticleIndex> made_;
  ArticleIndex& index_;
  OpenSearchWriter writer_;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_OPENSEARCH_OPENSEARCH_REPOSITORY_H_

#ifndef DATELINE_STORE_OPENSEARCH_ARTICLE_READER_H_
#define DATELINE_STORE_OPENSEARCH_ARTICLE_READER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/field_mask.pb.h"
#include "nlohmann/json.hpp"
#include "store/core/article_repository.h"
#include "store/opensearch/article_index.h"

namespace dateline::store {

// The reading half of OpenSearchRepository, without stories. Each call is as
// ArticleRepository has it; `index` is one that was prepared.

absl::StatusOr<std::vector<kafka::Position>> ReadPositions(
    const ArticleIndex& index);
absl::StatusOr<StoredArticle> ReadArticle(
    const ArticleIndex& index, absl::string_view uid,
    const google::protobuf::FieldMask& read_mask);
absl::StatusOr<std::vector<v1::Article>> ReadArticles(
    const ArticleIndex& index, const std::vector<std::string>& uids,
    const google::protobuf::FieldMask& read_mask);
absl::StatusOr<ArticlePage> ListArticles(const ArticleIndex& index,
                                         const ListQuery& query);
absl::StatusOr<FoundPage> SearchArticles(const ArticleIndex& index,
                                         const SearchQuery& query);
absl::StatusOr<v1::AggregateArticlesResponse> AggregateArticles(
    const ArticleIndex& index, const AggregateQuery& query);
absl::StatusOr<RevisionPage> ListRevisions(const ArticleIndex& index,
                                           const RevisionQuery& query);
absl::StatusOr<std::unique_ptr<ArticleScan>> ScanArticles(
    const ArticleIndex& index, const ScanQuery& query);
absl::StatusOr<int64_t> CountArticles(const ArticleIndex& index);

// What these and the stories share.

absl::Status NoSuchArticle(absl::string_view uid);

// The article of a hit or document, masked.
absl::StatusOr<v1::Article> ArticleOf(
    const nlohmann::json& hit, const google::protobuf::FieldMask& read_mask);

}  // namespace dateline::store

#endif  // DATELINE_STORE_OPENSEARCH_ARTICLE_READER_H_

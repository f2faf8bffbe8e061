#ifndef DATELINE_STORE_SQLITE_ARTICLE_QUERIES_H_
#define DATELINE_STORE_SQLITE_ARTICLE_QUERIES_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "store/core/article_repository.h"
#include "store/sqlite/connection.h"

namespace dateline::store {

// The reading half of ArticleRepository on one connection, within a read
// transaction of the caller's.
absl::StatusOr<StoredArticle> GetArticle(
    Connection& connection, absl::string_view uid,
    const google::protobuf::FieldMask& read_mask);
absl::StatusOr<SerializedArticle> GetSerializedArticle(Connection& connection,
                                                       absl::string_view uid);
absl::StatusOr<std::vector<v1::Article>> BatchGetArticles(
    Connection& connection, const std::vector<std::string>& uids,
    const google::protobuf::FieldMask& read_mask);
absl::StatusOr<ArticlePage> ListArticles(Connection& connection,
                                         const ListQuery& query);
absl::StatusOr<SerializedPage> ListSerializedArticles(Connection& connection,
                                                      const ListQuery& query);
absl::StatusOr<FoundPage> SearchArticles(Connection& connection,
                                         const SearchQuery& query);
absl::StatusOr<v1::AggregateArticlesResponse> AggregateArticles(
    Connection& connection, const AggregateQuery& query);
absl::StatusOr<RevisionPage> ListRevisions(Connection& connection,
                                           const RevisionQuery& query);
absl::StatusOr<StoryPage> ListStories(Connection& connection,
                                      const StoryQuery& query);
absl::StatusOr<v1::Story> GetStory(Connection& connection,
                                   absl::string_view uid);
absl::StatusOr<Usage> MeasureUsage(Connection& connection);

// What Get and the like say of a uid that isn't there.
absl::Status NoArticle(absl::string_view uid);

// Whether one more thing of `size_bytes` goes into a page that has `count` of
// them of `page_bytes` in all.
bool FitsPage(const PageLimits& limits, size_t count, size_t page_bytes,
              size_t size_bytes);

}  // namespace dateline::store

#endif  // DATELINE_STORE_SQLITE_ARTICLE_QUERIES_H_

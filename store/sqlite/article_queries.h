#ifndef DATELINE_STORE_SQLITE_ARTICLE_QUERIES_H_
#define DATELINE_STORE_SQLITE_ARTICLE_QUERIES_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "store/core/article_repository.h"
#include "store/sqlite/connection.h"

namespace dateline::store {

// The reading half of ArticleRepository on one connection, within a read
// transaction of the caller's.
absl::StatusOr<StoredArticle> GetArticle(Connection& connection,
                                         absl::string_view uid);
absl::StatusOr<ArticlePage> ListArticles(Connection& connection,
                                         const ListQuery& query);
absl::StatusOr<FoundPage> SearchArticles(Connection& connection,
                                         const SearchQuery& query);

}  // namespace dateline::store

#endif  // DATELINE_STORE_SQLITE_ARTICLE_QUERIES_H_

#ifndef DATELINE_STORE_CORE_ANSWERS_H_
#define DATELINE_STORE_CORE_ANSWERS_H_

#include "absl/status/statusor.h"
#include "dateline/v1/article_store_service.pb.h"
#include "store/core/article_repository.h"

namespace dateline::store {

// ArticleStoreService's unary methods, without gRPC: each makes the response of
// a request. kInvalidArgument names the field that is wrong; kUnimplemented
// says which part of the API is still to come; other errors are the
// repository's.
absl::StatusOr<v1::GetArticleResponse> Answer(
    const v1::GetArticleRequest& request, const ArticleRepository& articles);
absl::StatusOr<v1::BatchGetArticlesResponse> Answer(
    const v1::BatchGetArticlesRequest& request,
    const ArticleRepository& articles);
absl::StatusOr<v1::ListArticlesResponse> Answer(
    const v1::ListArticlesRequest& request, const ArticleRepository& articles);
absl::StatusOr<v1::SearchArticlesResponse> Answer(
    const v1::SearchArticlesRequest& request,
    const ArticleRepository& articles);

// What WatchArticles and the above share: kUnimplemented for a filter.
absl::Status CheckFilter(absl::string_view filter);

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_ANSWERS_H_

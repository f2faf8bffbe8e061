#ifndef DATELINE_STORE_CORE_ANSWERS_H_
#define DATELINE_STORE_CORE_ANSWERS_H_

#include "absl/status/statusor.h"
#include "dateline/v1/article_store_service.pb.h"
#include "store/core/article_repository.h"

namespace dateline::store {

// ArticleStoreService's reading methods, without gRPC: each makes the response
// of a request, to be serialized (a GetArticleResponse and a
// ListArticlesResponse may have articles as bytes, in fields that count as
// unknown until parsed). kInvalidArgument names the field that is wrong; other
// errors are the repository's, with the details AIP-193 asks for, or why the
// call was given up.
absl::StatusOr<v1::GetArticleResponse> Answer(
    const v1::GetArticleRequest& request, const ArticleRepository& articles,
    const Interrupt& interrupt = {});
absl::StatusOr<v1::BatchGetArticlesResponse> Answer(
    const v1::BatchGetArticlesRequest& request,
    const ArticleRepository& articles, const Interrupt& interrupt = {});
absl::StatusOr<v1::ListArticlesResponse> Answer(
    const v1::ListArticlesRequest& request, const ArticleRepository& articles,
    const Interrupt& interrupt = {});
absl::StatusOr<v1::SearchArticlesResponse> Answer(
    const v1::SearchArticlesRequest& request, const ArticleRepository& articles,
    const Interrupt& interrupt = {});
absl::StatusOr<v1::AggregateArticlesResponse> Answer(
    const v1::AggregateArticlesRequest& request,
    const ArticleRepository& articles, const Interrupt& interrupt = {});
absl::StatusOr<v1::ListRevisionsResponse> Answer(
    const v1::ListRevisionsRequest& request, const ArticleRepository& articles,
    const Interrupt& interrupt = {});
absl::StatusOr<v1::ListStoriesResponse> Answer(
    const v1::ListStoriesRequest& request, const ArticleRepository& articles,
    const Interrupt& interrupt = {});
absl::StatusOr<v1::GetStoryResponse> Answer(const v1::GetStoryRequest& request,
                                            const ArticleRepository& articles,
                                            const Interrupt& interrupt = {});

// What an export scans. kInvalidArgument names the field that is wrong.
absl::StatusOr<ScanQuery> ScanOf(const v1::ExportArticlesRequest& request,
                                 const Interrupt& interrupt = {});

// kInvalidArgument where `uid` can be none; kNotFound where the store has no
// article of it; OK where there is one to delete.
absl::Status CheckDelete(const v1::DeleteArticleRequest& request,
                         const ArticleRepository& articles);

// A repository's error as a client is told it, with the details that its code
// asks for.
absl::Status ForClient(absl::Status status);

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_ANSWERS_H_

#include "store/core/answers.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "store/core/limits.h"
#include "store/core/page_token.h"
#include "store/core/read_mask.h"

namespace dateline::store {
namespace {

absl::Status CheckUid(absl::string_view uid) {
  return uid.empty() ? absl::InvalidArgumentError("uid: is empty")
                     : absl::OkStatus();
}

// The order there is may be asked for by name, in any spacing.
absl::Status CheckOrderBy(absl::string_view order_by) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(order_by, ' ', absl::SkipEmpty());
  if (words.empty() ||
      words == std::vector<absl::string_view>{"publish_time", "desc"}) {
    return absl::OkStatus();
  }
  return absl::UnimplementedError(
      absl::StrCat("order_by: this version of Dateline only lists by "
                   "'publish_time desc', not by '",
                   order_by, "'"));
}

}  // namespace

absl::Status CheckFilter(absl::string_view filter) {
  if (filter.empty()) return absl::OkStatus();
  return absl::UnimplementedError(
      "filter: is part of the protocol, but this version of Dateline doesn't "
      "filter yet; leave it empty");
}

absl::StatusOr<v1::GetArticleResponse> Answer(
    const v1::GetArticleRequest& request, const ArticleRepository& articles) {
  absl::Status status = CheckUid(request.uid());
  status.Update(CheckReadMask(request.read_mask()));
  if (!status.ok()) return status;
  absl::StatusOr<StoredArticle> stored =
      articles.Get(request.uid(), request.read_mask());
  if (!stored.ok()) return stored.status();
  v1::GetArticleResponse response;
  *response.mutable_article() = std::move(stored->article);
  *response.mutable_history() = std::move(stored->history);
  return response;
}

absl::StatusOr<v1::BatchGetArticlesResponse> Answer(
    const v1::BatchGetArticlesRequest& request,
    const ArticleRepository& articles) {
  absl::Status status = CheckReadMask(request.read_mask());
  if (request.uids_size() > kMaxBatchUids) {
    status.Update(absl::InvalidArgumentError(
        absl::StrCat("uids: more than ", kMaxBatchUids)));
  }
  for (const std::string& uid : request.uids()) status.Update(CheckUid(uid));
  if (!status.ok()) return status;
  v1::BatchGetArticlesResponse response;
  for (const std::string& uid : request.uids()) {
    absl::StatusOr<StoredArticle> stored =
        articles.Get(uid, request.read_mask());
    if (absl::IsNotFound(stored.status())) {
      response.add_missing_uids(uid);
      continue;
    }
    if (!stored.ok()) return stored.status();
    *response.add_articles() = std::move(stored->article);
  }
  return response;
}

absl::StatusOr<v1::ListArticlesResponse> Answer(
    const v1::ListArticlesRequest& request, const ArticleRepository& articles) {
  absl::Status status = CheckReadMask(request.read_mask());
  status.Update(CheckFilter(request.filter()));
  status.Update(CheckOrderBy(request.order_by()));
  const absl::StatusOr<int> limit = PageSize(request.page_size());
  status.Update(limit.status());
  absl::StatusOr<std::string> cursor = ReadPageToken(request);
  status.Update(cursor.status());
  if (!status.ok()) return status;
  absl::StatusOr<ArticlePage> page =
      articles.List({.read_mask = request.read_mask(),
                     .page = {.limit = *limit, .cursor = *std::move(cursor)}});
  if (!page.ok()) return page.status();
  v1::ListArticlesResponse response;
  for (v1::Article& article : page->articles) {
    ApplyReadMask(request.read_mask(), article);
    *response.add_articles() = std::move(article);
  }
  response.set_next_page_token(MakePageToken(request, page->next_cursor));
  return response;
}

absl::StatusOr<v1::SearchArticlesResponse> Answer(
    const v1::SearchArticlesRequest& request,
    const ArticleRepository& articles) {
  absl::Status status = CheckReadMask(request.read_mask());
  status.Update(CheckFilter(request.filter()));
  const absl::StatusOr<int> limit = PageSize(request.page_size());
  status.Update(limit.status());
  absl::StatusOr<std::string> cursor = ReadPageToken(request);
  status.Update(cursor.status());
  absl::StatusOr<std::vector<SearchTerm>> terms =
      ParseSearchQuery(request.query());
  status.Update(terms.status());
  if (!status.ok()) return status;
  absl::StatusOr<FoundPage> page = articles.Search(
      {.selection = {.terms = *std::move(terms)},
       .read_mask = request.read_mask(),
       .page = {.limit = *limit, .cursor = *std::move(cursor)}});
  if (!page.ok()) return page.status();
  v1::SearchArticlesResponse response;
  for (FoundArticle& found : page->articles) {
    v1::SearchResult& result = *response.add_results();
    ApplyReadMask(request.read_mask(), found.article);
    *result.mutable_article() = std::move(found.article);
    result.set_score(found.score);
    result.set_snippet(std::move(found.snippet));
  }
  response.set_next_page_token(MakePageToken(request, page->next_cursor));
  return response;
}

}  // namespace dateline::store

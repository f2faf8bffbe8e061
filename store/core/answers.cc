#include "store/core/answers.h"

#include <algorithm>
#include <unordered_set>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/error_details.h"
#include "store/core/filter/checker.h"
#include "store/core/limits.h"
#include "store/core/order_by.h"
#include "store/core/page_token.h"
#include "store/core/read_mask.h"
#include "store/core/search_query.h"

namespace dateline::store {
namespace {

constexpr char kArticleType[] = "dateline.v1.Article";
constexpr absl::Duration kRetryDelay = absl::Seconds(1);

absl::Status CheckUid(absl::string_view uid) {
  return uid.empty() ? InvalidField("uid", "is empty") : absl::OkStatus();
}

// Keeps the first error, and what an OK value has.
template <typename T>
T Take(absl::StatusOr<T> value, absl::Status& status) {
  status.Update(value.status());
  return value.ok() ? *std::move(value) : T();
}

absl::Status Missing(absl::string_view uid, const absl::Status& status) {
  return absl::IsNotFound(status)
             ? MissingResource(kArticleType, uid, status.message())
             : status;
}

template <typename Request>
PageLimits PageOf(const Request& request, absl::Status& status) {
  PageLimits page = {.max_bytes = kMaxPageBytes};
  page.limit = Take(PageSize(request.page_size()), status);
  page.cursor = Take(ReadPageToken(request), status);
  return page;
}

absl::Status CheckGroupings(const v1::AggregateArticlesRequest& request) {
  const auto& groupings = request.groupings();
  if (groupings.empty() || groupings.size() > 2) {
    return InvalidField("groupings", absl::StrCat("expected one or two, not ",
                                                  groupings.size()));
  }
  for (const int grouping : groupings) {
    if (grouping == v1::AGGREGATE_GROUPING_UNSPECIFIED ||
        !v1::AggregateGrouping_IsValid(grouping)) {
      return InvalidField("groupings",
                          absl::StrCat(grouping, " is no grouping"));
    }
  }
  if (groupings.size() == 2 && groupings[0] == groupings[1]) {
    return InvalidField("groupings", "are the same");
  }
  return absl::OkStatus();
}

// On the wire an unknown field is as a known one. To parse an article only to
// write it again would cost more than all the rest of the call.
template <typename Response>
void AddSerialized(int field, std::string article, Response& response) {
  *response.GetReflection()
       ->MutableUnknownFields(&response)
       ->AddLengthDelimited(field) = std::move(article);
}

}  // namespace

absl::Status ForClient(absl::Status status) {
  if (absl::IsResourceExhausted(status) &&
      !status.GetPayload("type.googleapis.com/google.rpc.RetryInfo")) {
    return TryAgainAfter(kRetryDelay, status.message());
  }
  return status;
}

absl::StatusOr<v1::GetArticleResponse> Answer(
    const v1::GetArticleRequest& request, const ArticleRepository& articles,
    const Interrupt&) {
  absl::Status status = CheckUid(request.uid());
  status.Update(CheckReadMask(request.read_mask()));
  if (!status.ok()) return status;
  v1::GetArticleResponse response;
  if (request.read_mask().paths().empty()) {
    absl::StatusOr<SerializedArticle> stored =
        articles.GetSerialized(request.uid());
    if (!stored.ok()) return Missing(request.uid(), stored.status());
    *response.mutable_history() = std::move(stored->history);
    AddSerialized(v1::GetArticleResponse::kArticleFieldNumber,
                  std::move(stored->article), response);
    return response;
  }
  absl::StatusOr<StoredArticle> stored =
      articles.Get(request.uid(), request.read_mask());
  if (!stored.ok()) return Missing(request.uid(), stored.status());
  *response.mutable_article() = std::move(stored->article);
  *response.mutable_history() = std::move(stored->history);
  return response;
}

absl::StatusOr<v1::BatchGetArticlesResponse> Answer(
    const v1::BatchGetArticlesRequest& request,
    const ArticleRepository& articles, const Interrupt&) {
  absl::Status status = CheckReadMask(request.read_mask());
  if (request.uids_size() > kMaxBatchUids) {
    status.Update(
        InvalidField("uids", absl::StrCat("more than ", kMaxBatchUids)));
  }
  for (const std::string& uid : request.uids()) {
    if (uid.empty()) status.Update(InvalidField("uids", "one is empty"));
  }
  if (!status.ok()) return status;
  absl::StatusOr<std::vector<v1::Article>> found = articles.BatchGet(
      {request.uids().begin(), request.uids().end()}, request.read_mask());
  if (!found.ok()) return found.status();
  v1::BatchGetArticlesResponse response;
  std::unordered_set<std::string> there;
  for (v1::Article& article : *found) {
    there.insert(article.uid());
    ApplyReadMask(request.read_mask(), article);
    *response.add_articles() = std::move(article);
  }
  for (const std::string& uid : request.uids()) {
    if (!there.contains(uid)) response.add_missing_uids(uid);
  }
  return response;
}

absl::StatusOr<v1::ListArticlesResponse> Answer(
    const v1::ListArticlesRequest& request, const ArticleRepository& articles,
    const Interrupt& interrupt) {
  absl::Status status = CheckReadMask(request.read_mask());
  ListQuery query = {.read_mask = request.read_mask(), .interrupt = interrupt};
  query.filter = Take(filter::Compile(request.filter()), status);
  query.order = Take(ParseOrderBy(request.order_by()), status);
  query.page = PageOf(request, status);
  if (!status.ok()) return status;
  absl::StatusOr<SerializedPage> page = articles.ListSerialized(query);
  if (!page.ok()) return page.status();
  v1::ListArticlesResponse response;
  for (std::string& article : page->articles) {
    AddSerialized(v1::ListArticlesResponse::kArticlesFieldNumber,
                  std::move(article), response);
  }
  response.set_next_page_token(MakePageToken(request, page->next_cursor));
  return response;
}

absl::StatusOr<v1::SearchArticlesResponse> Answer(
    const v1::SearchArticlesRequest& request, const ArticleRepository& articles,
    const Interrupt& interrupt) {
  absl::Status status = CheckReadMask(request.read_mask());
  SearchQuery query = {.read_mask = request.read_mask(),
                       .interrupt = interrupt};
  query.selection.filter = Take(filter::Compile(request.filter()), status);
  query.selection.terms = Take(ParseSearchQuery(request.query()), status);
  query.page = PageOf(request, status);
  if (!status.ok()) return status;
  absl::StatusOr<FoundPage> page = articles.Search(query);
  if (!page.ok()) return page.status();
  v1::SearchArticlesResponse response;
  for (FoundArticle& found : page->articles) {
    v1::SearchResult& result = *response.add_results();
    *result.mutable_article() = std::move(found.article);
    result.set_score(found.score);
    result.set_snippet(std::move(found.snippet));
  }
  response.set_next_page_token(MakePageToken(request, page->next_cursor));
  return response;
}

absl::StatusOr<v1::AggregateArticlesResponse> Answer(
    const v1::AggregateArticlesRequest& request,
    const ArticleRepository& articles, const Interrupt& interrupt) {
  absl::Status status = CheckGroupings(request);
  if (request.top() < 0) {
    status.Update(
        InvalidField("top", absl::StrCat(request.top(), " is negative")));
  }
  AggregateQuery query = {.top = request.top() == 0
                                     ? kDefaultTop
                                     : std::min(request.top(), kMaxTop),
                          .interrupt = interrupt};
  query.selection.filter = Take(filter::Compile(request.filter()), status);
  if (!request.query().empty()) {
    query.selection.terms = Take(ParseSearchQuery(request.query()), status);
  }
  if (!status.ok()) return status;
  for (const int grouping : request.groupings()) {
    query.groupings.push_back(static_cast<v1::AggregateGrouping>(grouping));
  }
  return articles.Aggregate(query);
}

absl::StatusOr<v1::ListRevisionsResponse> Answer(
    const v1::ListRevisionsRequest& request, const ArticleRepository& articles,
    const Interrupt& interrupt) {
  absl::Status status = CheckUid(request.uid());
  RevisionQuery query = {.uid = request.uid(), .interrupt = interrupt};
  query.page = PageOf(request, status);
  if (!status.ok()) return status;
  absl::StatusOr<RevisionPage> page = articles.ListRevisions(query);
  if (!page.ok()) return Missing(request.uid(), page.status());
  v1::ListRevisionsResponse response;
  for (v1::Revision& revision : page->revisions) {
    *response.add_revisions() = std::move(revision);
  }
  response.set_next_page_token(MakePageToken(request, page->next_cursor));
  return response;
}

absl::StatusOr<v1::ListStoriesResponse> Answer(
    const v1::ListStoriesRequest& request, const ArticleRepository& articles,
    const Interrupt& interrupt) {
  absl::Status status;
  if (request.min_articles() < 0) {
    status.Update(InvalidField(
        "min_articles", absl::StrCat(request.min_articles(), " is negative")));
  }
  StoryQuery query = {
      .min_articles = std::max(request.min_articles(), kMinStoryArticles),
      .interrupt = interrupt};
  query.filter = Take(filter::Compile(request.filter()), status);
  query.page = PageOf(request, status);
  if (!status.ok()) return status;
  absl::StatusOr<StoryPage> page = articles.ListStories(query);
  if (!page.ok()) return page.status();
  v1::ListStoriesResponse response;
  for (v1::Story& story : page->stories) {
    *response.add_stories() = std::move(story);
  }
  response.set_next_page_token(MakePageToken(request, page->next_cursor));
  return response;
}

absl::StatusOr<v1::GetStoryResponse> Answer(const v1::GetStoryRequest& request,
                                            const ArticleRepository& articles,
                                            const Interrupt&) {
  absl::Status status = CheckUid(request.uid());
  if (!status.ok()) return status;
  absl::StatusOr<v1::Story> story = articles.GetStory(request.uid());
  if (!story.ok()) return Missing(request.uid(), story.status());
  v1::GetStoryResponse response;
  *response.mutable_story() = *std::move(story);
  return response;
}

absl::StatusOr<ScanQuery> ScanOf(const v1::ExportArticlesRequest& request,
                                 const Interrupt& interrupt) {
  absl::Status status = CheckReadMask(request.read_mask());
  ScanQuery query = {.read_mask = request.read_mask(), .interrupt = interrupt};
  query.filter = Take(filter::Compile(request.filter()), status);
  if (!status.ok()) return status;
  return query;
}

absl::Status CheckDelete(const v1::DeleteArticleRequest& request,
                         const ArticleRepository& articles) {
  absl::Status status = CheckUid(request.uid());
  if (!status.ok()) return status;
  google::protobuf::FieldMask uid_only;
  uid_only.add_paths("uid");
  return Missing(request.uid(), articles.Get(request.uid(), uid_only).status());
}

}  // namespace dateline::store

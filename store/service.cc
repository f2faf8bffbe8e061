#include "store/service.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "common/rpc/status.h"
#include "store/core/answers.h"
#include "store/core/read_mask.h"
#include "store/core/resume_token.h"
#include "store/watch_reactor.h"

namespace dateline::store {
namespace {

prometheus::Histogram& Latency(Metrics& metrics, const char* method) {
  return metrics.Latency("dateline_store_query_seconds",
                         "From a query's arrival to its answer, by method",
                         {{"method", method}});
}

// Where to begin a watch: none for now.
absl::StatusOr<std::optional<Offsets>> WatchFrom(
    const v1::WatchArticlesRequest& request, absl::string_view topic) {
  absl::Status status = CheckFilter(request.filter());
  status.Update(CheckReadMask(request.read_mask()));
  if (!status.ok()) return status;
  if (request.resume_token().empty()) return std::optional<Offsets>();
  absl::StatusOr<Offsets> offsets =
      ReadResumeToken(topic, request.resume_token());
  if (!offsets.ok()) return offsets.status();
  return std::optional<Offsets>(*std::move(offsets));
}

class RefusedExport final
    : public grpc::ServerWriteReactor<v1::ExportArticlesResponse> {
 public:
  RefusedExport() { Finish(rpc::NotYet("ExportArticles")); }
  void OnDone() override { delete this; }
};

grpc::ServerUnaryReactor* Refuse(grpc::CallbackServerContext* context,
                                 absl::string_view method) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(rpc::NotYet(method));
  return reactor;
}

}  // namespace

ArticleStoreServiceImpl::ArticleStoreServiceImpl(
    const ArticleRepository& articles, ThreadPool& pool,
    const WatchSource& watch_source, RecentArrivals& recent, WatchHub& hub,
    Metrics& metrics)
    : articles_(articles),
      pool_(pool),
      watch_source_(watch_source),
      recent_(recent),
      hub_(hub),
      get_latency_(Latency(metrics, "GetArticle")),
      batch_get_latency_(Latency(metrics, "BatchGetArticles")),
      list_latency_(Latency(metrics, "ListArticles")),
      search_latency_(Latency(metrics, "SearchArticles")) {}

template <typename Request, typename Response>
grpc::ServerUnaryReactor* ArticleStoreServiceImpl::Query(
    grpc::CallbackServerContext& context, const Request& request,
    Response& response, prometheus::Histogram& latency) {
  grpc::ServerUnaryReactor* reactor = context.DefaultReactor();
  const absl::Time arrival = absl::Now();
  // gRPC keeps context, request and response until Finish.
  const bool scheduled =
      pool_.TrySchedule([=, this, &context, &request, &response, &latency] {
        if (context.IsCancelled()) {
          reactor->Finish(grpc::Status::CANCELLED);
          return;
        }
        absl::StatusOr<Response> answer = Answer(request, articles_);
        if (answer.ok()) response = *std::move(answer);
        latency.Observe(absl::ToDoubleSeconds(absl::Now() - arrival));
        reactor->Finish(rpc::ToGrpcStatus(answer.status()));
      });
  if (!scheduled) {
    reactor->Finish(grpc::Status(
        grpc::StatusCode::RESOURCE_EXHAUSTED,
        "too many queries are waiting already; try again in a moment"));
  }
  return reactor;
}

grpc::ServerUnaryReactor* ArticleStoreServiceImpl::GetArticle(
    grpc::CallbackServerContext* context, const v1::GetArticleRequest* request,
    v1::GetArticleResponse* response) {
  return Query(*context, *request, *response, get_latency_);
}

grpc::ServerUnaryReactor* ArticleStoreServiceImpl::BatchGetArticles(
    grpc::CallbackServerContext* context,
    const v1::BatchGetArticlesRequest* request,
    v1::BatchGetArticlesResponse* response) {
  return Query(*context, *request, *response, batch_get_latency_);
}

grpc::ServerUnaryReactor* ArticleStoreServiceImpl::ListArticles(
    grpc::CallbackServerContext* context,
    const v1::ListArticlesRequest* request,
    v1::ListArticlesResponse* response) {
  return Query(*context, *request, *response, list_latency_);
}

grpc::ServerUnaryReactor* ArticleStoreServiceImpl::SearchArticles(
    grpc::CallbackServerContext* context,
    const v1::SearchArticlesRequest* request,
    v1::SearchArticlesResponse* response) {
  return Query(*context, *request, *response, search_latency_);
}

grpc::ServerWriteReactor<v1::WatchArticlesResponse>*
ArticleStoreServiceImpl::WatchArticles(
    grpc::CallbackServerContext* context,
    const v1::WatchArticlesRequest* request) {
  absl::StatusOr<std::optional<Offsets>> from =
      WatchFrom(*request, watch_source_.topic);
  if (!from.ok()) return new RefusedWatch(from.status());
  auto watch = std::make_shared<Watch>(watch_source_, recent_, *std::move(from),
                                       request->read_mask());
  auto reactor = std::make_unique<WatchReactor>(*context, watch);
  const absl::Status status = hub_.Start(std::move(watch), *reactor);
  if (!status.ok()) return new RefusedWatch(status);
  return reactor.release();
}

grpc::ServerUnaryReactor* ArticleStoreServiceImpl::AggregateArticles(
    grpc::CallbackServerContext* context, const v1::AggregateArticlesRequest*,
    v1::AggregateArticlesResponse*) {
  return Refuse(context, "AggregateArticles");
}

grpc::ServerUnaryReactor* ArticleStoreServiceImpl::ListRevisions(
    grpc::CallbackServerContext* context, const v1::ListRevisionsRequest*,
    v1::ListRevisionsResponse*) {
  return Refuse(context, "ListRevisions");
}

grpc::ServerUnaryReactor* ArticleStoreServiceImpl::ListStories(
    grpc::CallbackServerContext* context, const v1::ListStoriesRequest*,
    v1::ListStoriesResponse*) {
  return Refuse(context, "ListStories");
}

grpc::ServerUnaryReactor* ArticleStoreServiceImpl::GetStory(
    grpc::CallbackServerContext* context, const v1::GetStoryRequest*,
    v1::GetStoryResponse*) {
  return Refuse(context, "GetStory");
}

grpc::ServerWriteReactor<v1::ExportArticlesResponse>*
ArticleStoreServiceImpl::ExportArticles(grpc::CallbackServerContext*,
                                        const v1::ExportArticlesRequest*) {
  return new RefusedExport();
}

grpc::ServerUnaryReactor* ArticleStoreServiceImpl::DeleteArticle(
    grpc::CallbackServerContext* context, const v1::DeleteArticleRequest*,
    v1::DeleteArticleResponse*) {
  return Refuse(context, "DeleteArticle");
}

}  // namespace dateline::store

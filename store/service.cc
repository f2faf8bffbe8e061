#include "store/service.h"

#include <memory>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "common/error_details.h"
#include "common/rpc/status.h"
#include "store/core/answers.h"
#include "store/core/filter/checker.h"
#include "store/core/limits.h"
#include "store/core/read_mask.h"
#include "store/core/resume_token.h"
#include "store/watch_reactor.h"

namespace dateline::store {
namespace {

// Articles of a list that may be brief; copying more takes long.
constexpr int kMostInBriefPage = 50;
static_assert(kDefaultPageSize <= kMostInBriefPage,
              "a page size of 0 is brief");

constexpr char kWatchArticles[] =
    "/dateline.v1.ArticleStoreService/WatchArticles";
constexpr char kExportArticles[] =
    "/dateline.v1.ArticleStoreService/ExportArticles";

// Where to begin a watch: none for now.
absl::StatusOr<std::optional<Offsets>> WatchFrom(
    const v1::WatchArticlesRequest& request, absl::string_view topic) {
  if (request.resume_token().empty()) return std::optional<Offsets>();
  absl::StatusOr<Offsets> offsets =
      ReadResumeToken(topic, request.resume_token());
  if (!offsets.ok()) return offsets.status();
  return std::optional<Offsets>(*std::move(offsets));
}

// Once the client has gone, its own deadline being over included, or once it is
// `deadline`. The context must outlive it.
Interrupt WhenNobodyWaits(const grpc::CallbackServerContext& context,
                          absl::Time deadline) {
  return [&context, deadline] {
    if (context.IsCancelled()) {
      return absl::CancelledError("the client has gone");
    }
    return absl::Now() < deadline
               ? absl::OkStatus()
               : absl::DeadlineExceededError(
                     "the query took too long; ask for less at a time");
  };
}

absl::Status Busy() {
  return TryAgainAfter(
      absl::Seconds(1),
      "too many queries are waiting already; try again in a moment");
}

}  // namespace

ArticleStoreServiceImpl::ArticleStoreServiceImpl(const ServiceParts& parts)
    : parts_(parts),
      get_latency_(Latency("GetArticle")),
      batch_get_latency_(Latency("BatchGetArticles")),
      list_latency_(Latency("ListArticles")),
      search_latency_(Latency("SearchArticles")),
      aggregate_latency_(Latency("AggregateArticles")),
      revisions_latency_(Latency("ListRevisions")),
      stories_latency_(Latency("ListStories")),
      story_latency_(Latency("GetStory")) {}

prometheus::Histogram& ArticleStoreServiceImpl::Latency(
    const char* method) const {
  return parts_.metrics.Latency("dateline_store_query_seconds",
                                "From a query's arrival to its answer, by "
                                "method",
                                {{"method", method}});
}

// A query in progress; gRPC keeps what it refers to until Finish.
template <typename Request, typename Response>
struct ArticleStoreServiceImpl::Call {
  Call(grpc::CallbackServerContext& asked, const Request& question,
       Response& place, prometheus::Histogram& seconds)
      : context(asked),
        request(question),
        response(place),
        latency(seconds),
        reactor(*asked.DefaultReactor()) {}

  void Finish(absl::StatusOr<Response> answer) const {
    if (answer.ok()) response = *std::move(answer);
    latency.Observe(absl::ToDoubleSeconds(absl::Now() - arrival));
    reactor.Finish(rpc::ToGrpcStatus(ForClient(answer.status())));
  }

  grpc::CallbackServerContext& context;
  const Request& request;
  Response& response;
  prometheus::Histogram& latency;
  grpc::ServerUnaryReactor& reactor;
  const absl::Time arrival = absl::Now();
};

template <typename Request, typename Response>
void ArticleStoreServiceImpl::AnswerOnPool(
    const Call<Request, Response>& call) {
  const bool scheduled = parts_.pool.TrySchedule([this, call] {
    const Interrupt interrupt =
        WhenNobodyWaits(call.context, call.arrival + parts_.query_timeout);
    if (absl::Status status = interrupt(); !status.ok()) {
      call.reactor.Finish(rpc::ToGrpcStatus(status));
      return;
    }
    call.Finish(Answer(call.request, parts_.articles, interrupt));
  });
  if (!scheduled) call.reactor.Finish(rpc::ToGrpcStatus(Busy()));
}

template <typename Request, typename Response>
bool ArticleStoreServiceImpl::AnswerBriefly(
    const Call<Request, Response>& call) {
  if (!parts_.brief_slots.TryTake()) return false;
  // What takes long enough to be asked whether to go on isn't brief.
  bool too_long = false;
  absl::StatusOr<Response> answer =
      Answer(call.request, parts_.articles, [&too_long] {
        too_long = true;
        return absl::CancelledError("to be continued on the pool");
      });
  parts_.brief_slots.GiveBack();
  if (!too_long) call.Finish(std::move(answer));
  return !too_long;
}

template <typename Request, typename Response>
grpc::ServerUnaryReactor* ArticleStoreServiceImpl::Query(
    grpc::CallbackServerContext& context, const Request& request,
    Response& response, prometheus::Histogram& latency) {
  const Call<Request, Response> call(context, request, response, latency);
  AnswerOnPool(call);
  return &call.reactor;
}

template <typename Request, typename Response>
grpc::ServerUnaryReactor* ArticleStoreServiceImpl::BriefQuery(
    grpc::CallbackServerContext& context, const Request& request,
    Response& response, prometheus::Histogram& latency) {
  const Call<Request, Response> call(context, request, response, latency);
  if (!AnswerBriefly(call)) AnswerOnPool(call);
  return &call.reactor;
}

grpc::ServerUnaryReactor* ArticleStoreServiceImpl::GetArticle(
    grpc::CallbackServerContext* context, const v1::GetArticleRequest* request,
    v1::GetArticleResponse* response) {
  return BriefQuery(*context, *request, *response, get_latency_);
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
  if (request->page_size() > kMostInBriefPage) {
    return Query(*context, *request, *response, list_latency_);
  }
  return BriefQuery(*context, *request, *response, list_latency_);
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
  absl::Status status = CheckReadMask(request->read_mask());
  absl::StatusOr<filter::Condition> filter = filter::Compile(request->filter());
  status.Update(filter.status());
  absl::StatusOr<std::optional<Offsets>> from =
      WatchFrom(*request, parts_.watch_source.topic);
  status.Update(from.status());
  if (!status.ok()) return new RefusedWatch(status);
  auto watch = std::make_shared<Watch>(parts_.watch_source, parts_.recent,
                                       *std::move(from), request->read_mask(),
                                       *std::move(filter));
  auto reactor = std::make_unique<WatchReactor>(*context, watch);
  status = parts_.hub.Start(std::move(watch), *reactor);
  if (!status.ok()) {
    if (absl::IsResourceExhausted(status)) {
      refusals_.Add(kWatchArticles, context->peer(), status, absl::Now());
    }
    return new RefusedWatch(ForClient(status));
  }
  return reactor.release();
}

grpc::ServerUnaryReactor* ArticleStoreServiceImpl::AggregateArticles(
    grpc::CallbackServerContext* context,
    const v1::AggregateArticlesRequest* request,
    v1::AggregateArticlesResponse* response) {
  return Query(*context, *request, *response, aggregate_latency_);
}

grpc::ServerUnaryReactor* ArticleStoreServiceImpl::ListRevisions(
    grpc::CallbackServerContext* context,
    const v1::ListRevisionsRequest* request,
    v1::ListRevisionsResponse* response) {
  return Query(*context, *request, *response, revisions_latency_);
}

grpc::ServerUnaryReactor* ArticleStoreServiceImpl::ListStories(
    grpc::CallbackServerContext* context, const v1::ListStoriesRequest* request,
    v1::ListStoriesResponse* response) {
  return Query(*context, *request, *response, stories_latency_);
}

grpc::ServerUnaryReactor* ArticleStoreServiceImpl::GetStory(
    grpc::CallbackServerContext* context, const v1::GetStoryRequest* request,
    v1::GetStoryResponse* response) {
  return Query(*context, *request, *response, story_latency_);
}

grpc::ServerWriteReactor<v1::ExportArticlesResponse>*
ArticleStoreServiceImpl::ExportArticles(
    grpc::CallbackServerContext* context,
    const v1::ExportArticlesRequest* request) {
  absl::StatusOr<ScanQuery> query =
      ScanOf(*request, WhenNobodyWaits(*context, absl::InfiniteFuture()));
  if (!query.ok()) return new RefusedExport(query.status());
  if (!parts_.export_slots.TryTake()) {
    const auto status = absl::ResourceExhaustedError(
        "there are as many exports as there may be already; try again later");
    refusals_.Add(kExportArticles, context->peer(), status, absl::Now());
    return new RefusedExport(status);
  }
  auto* reactor = new ExportReactor(
      *context, parts_.articles, *std::move(query), parts_.export_pool,
      parts_.export_slots, parts_.export_write_limit);
  reactor->Start();
  return reactor;
}

grpc::ServerUnaryReactor* ArticleStoreServiceImpl::DeleteArticle(
    grpc::CallbackServerContext* context,
    const v1::DeleteArticleRequest* request, v1::DeleteArticleResponse*) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const bool scheduled = parts_.pool.TrySchedule([this, context, reactor,
                                                  request] {
    absl::Status status = WhenNobodyWaits(*context, absl::InfiniteFuture())();
    if (status.ok()) status = CheckDelete(*request, parts_.articles);
    if (!status.ok()) {
      reactor->Finish(rpc::ToGrpcStatus(ForClient(status)));
      return;
    }
    parts_.deleter.Delete(request->uid(), [reactor](const absl::Status& done) {
      reactor->Finish(rpc::ToGrpcStatus(ForClient(done)));
    });
  });
  if (!scheduled) reactor->Finish(rpc::ToGrpcStatus(Busy()));
  return reactor;
}

}  // namespace dateline::store

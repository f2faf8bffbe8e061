#ifndef DATELINE_STORE_SERVICE_H_
#define DATELINE_STORE_SERVICE_H_

#include "absl/time/time.h"
#include "common/metrics.h"
#include "common/rpc/refusal_log.h"
#include "common/thread_pool.h"
#include "dateline/v1/article_store_service.grpc.pb.h"
#include "store/article_deleter.h"
#include "store/core/article_repository.h"
#include "store/export_reactor.h"
#include "store/slots.h"
#include "store/watch_hub.h"

namespace dateline::store {

// What the service is made of.
struct ServiceParts {
  const ArticleRepository& articles;
  // Threads for queries, and for reading what is exported.
  ThreadPool& pool;
  ThreadPool& export_pool;
  Slots& export_slots;
  // Of brief queries that are answered where they arrive; at most as many as
  // gRPC has threads. None where the repository asks over the network.
  Slots& brief_slots;
  const WatchSource& watch_source;
  RecentArrivals& recent;
  WatchHub& hub;
  ArticleDeleter& deleter;
  Metrics& metrics;
  // How long a query may take from its arrival on.
  absl::Duration query_timeout = absl::Seconds(30);
  // How long a client may leave what an export has for it unread.
  absl::Duration export_write_limit = absl::Minutes(5);
};

// ArticleStoreService. Queries run on the pool's threads; where its queue is
// full they end with RESOURCE_EXHAUSTED. GetArticle and short lists are tried
// on gRPC's own thread first, which saves two changes of threads, and begin
// anew on the pool where they turn out to search for long. A query whose client
// has gone ends, and so does one that takes longer than it may, with
// DEADLINE_EXCEEDED.
class ArticleStoreServiceImpl final
    : public v1::ArticleStoreService::CallbackService {
 public:
  // All parts must outlive the service.
  explicit ArticleStoreServiceImpl(const ServiceParts& parts);

  grpc::ServerUnaryReactor* GetArticle(
      grpc::CallbackServerContext* context,
      const v1::GetArticleRequest* request,
      v1::GetArticleResponse* response) override;
  grpc::ServerUnaryReactor* BatchGetArticles(
      grpc::CallbackServerContext* context,
      const v1::BatchGetArticlesRequest* request,
      v1::BatchGetArticlesResponse* response) override;
  grpc::ServerUnaryReactor* ListArticles(
      grpc::CallbackServerContext* context,
      const v1::ListArticlesRequest* request,
      v1::ListArticlesResponse* response) override;
  grpc::ServerUnaryReactor* SearchArticles(
      grpc::CallbackServerContext* context,
      const v1::SearchArticlesRequest* request,
      v1::SearchArticlesResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchArticlesResponse>* WatchArticles(
      grpc::CallbackServerContext* context,
      const v1::WatchArticlesRequest* request) override;

  grpc::ServerUnaryReactor* AggregateArticles(
      grpc::CallbackServerContext* context,
      const v1::AggregateArticlesRequest* request,
      v1::AggregateArticlesResponse* response) override;
  grpc::ServerUnaryReactor* ListRevisions(
      grpc::CallbackServerContext* context,
      const v1::ListRevisionsRequest* request,
      v1::ListRevisionsResponse* response) override;
  grpc::ServerUnaryReactor* ListStories(
      grpc::CallbackServerContext* context,
      const v1::ListStoriesRequest* request,
      v1::ListStoriesResponse* response) override;
  grpc::ServerUnaryReactor* GetStory(grpc::CallbackServerContext* context,
                                     const v1::GetStoryRequest* request,
                                     v1::GetStoryResponse* response) override;
  grpc::ServerWriteReactor<v1::ExportArticlesResponse>* ExportArticles(
      grpc::CallbackServerContext* context,
      const v1::ExportArticlesRequest* request) override;
  grpc::ServerUnaryReactor* DeleteArticle(
      grpc::CallbackServerContext* context,
      const v1::DeleteArticleRequest* request,
      v1::DeleteArticleResponse* response) override;

 private:
  template <typename Request, typename Response>
  struct Call;

  // On the pool.
  template <typename Request, typename Response>
  grpc::ServerUnaryReactor* Query(grpc::CallbackServerContext& context,
                                  const Request& request, Response& response,
                                  prometheus::Histogram& latency);
  // Where it arrives, if there is a slot and it is brief; else on the pool.
  template <typename Request, typename Response>
  grpc::ServerUnaryReactor* BriefQuery(grpc::CallbackServerContext& context,
                                       const Request& request,
                                       Response& response,
                                       prometheus::Histogram& latency);
  template <typename Request, typename Response>
  bool AnswerBriefly(const Call<Request, Response>& call);
  template <typename Request, typename Response>
  void AnswerOnPool(const Call<Request, Response>& call);

  prometheus::Histogram& Latency(const char* method) const;

  const ServiceParts parts_;
  prometheus::Histogram& get_latency_;
  prometheus::Histogram& batch_get_latency_;
  prometheus::Histogram& list_latency_;
  prometheus::Histogram& search_latency_;
  prometheus::Histogram& aggregate_latency_;
  prometheus::Histogram& revisions_latency_;
  prometheus::Histogram& stories_latency_;
  prometheus::Histogram& story_latency_;
  // Of streams beyond what there may be of all clients. rpc::Guard logs what it
  // refuses itself.
  rpc::RefusalLog refusals_;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_SERVICE_H_

// dateline-store: keeps the articles and answers questions on them.

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/hostname.h"
#include "common/kafka/client.h"
#include "common/kafka/flags.h"
#include "common/log.h"
#include "common/metrics.h"
#include "common/otlp/flags.h"
#include "common/rpc/server.h"
#include "common/rpc/server_flags.h"
#include "common/service_main.h"
#include "common/thread_pool.h"
#include "store/article_tail.h"
#include "store/core/retention.h"
#include "store/ingest.h"
#include "store/opensearch/opensearch_repository.h"
#include "store/rebuild_runner.h"
#include "store/service.h"
#include "store/sqlite/sqlite_repository.h"
#include "store/watch_hub.h"

ABSL_FLAG(std::string, listen, "127.0.0.1:7403", "Where to serve gRPC");
ABSL_FLAG(std::string, metrics_listen, "127.0.0.1:9403",
          "Where to serve Prometheus metrics; empty for nowhere");
ABSL_FLAG(std::string, engine, "sqlite",
          "What keeps the articles: sqlite, a file of this process, or "
          "opensearch, a cluster that several stores may share");
ABSL_FLAG(std::string, database, "dateline.db",
          "The SQLite file; made where there is none");
ABSL_FLAG(std::string, opensearch_url, "http://127.0.0.1:9200",
          "The nodes of the OpenSearch cluster, separated by commas; "
          "https://USER:PASSWORD@HOST:PORT where it wants to know who asks");
ABSL_FLAG(std::string, opensearch_index, "dateline-articles",
          "The alias of the OpenSearch index; index and alias are made where "
          "there are none");
ABSL_FLAG(absl::Duration, opensearch_timeout, absl::Seconds(10),
          "How long OpenSearch may take for an answer");
ABSL_FLAG(int, opensearch_shards, 1, "Shards of a new OpenSearch index");
ABSL_FLAG(int64_t, max_lag, 1000,
          "Health is SERVING while the store is at most this many records "
          "behind the articles topic");
ABSL_FLAG(size_t, batch_records, 2000, "Most records in one transaction");
ABSL_FLAG(int, query_threads,
          std::max(static_cast<int>(std::thread::hardware_concurrency()), 2),
          "Threads that answer queries");
ABSL_FLAG(int, inline_queries,
          std::clamp(static_cast<int>(std::thread::hardware_concurrency()) / 2,
                     2, 16),
          "Brief queries (GetArticle, short lists) that may be answered at a "
          "time on the thread of gRPC's that they arrive on, with "
          "--engine=sqlite; by default as many as gRPC has. Fewer where the "
          "disk is slow and the database larger than memory; 0: all wait for "
          "a query thread");
ABSL_FLAG(size_t, max_queued_queries, 256,
          "Queries that may wait for a thread; more end with "
          "RESOURCE_EXHAUSTED");
ABSL_FLAG(absl::Duration, query_timeout, absl::Seconds(30),
          "How long a query may take; longer ones end with DEADLINE_EXCEEDED");
ABSL_FLAG(int, max_exports, 8, "Most ExportArticles calls at a time");
ABSL_FLAG(absl::Duration, retain_age, absl::InfiniteDuration(),
          "Articles fetched longer ago than this are deleted from this store "
          "('720h'); the topic keeps its own");
ABSL_FLAG(int64_t, retain_bytes, 0,
          "Where the database is larger than this, the articles fetched "
          "longest ago are deleted from it; 0 for no bound");
ABSL_FLAG(bool, rebuild, false,
          "Build the database anew from the first offset, beside the one that "
          "is there and goes on answering, and switch over once it is caught "
          "up");
ABSL_FLAG(size_t, max_watches, 256, "Most WatchArticles calls at a time");
ABSL_FLAG(size_t, watch_buffer_bytes, size_t{64} << 20,
          "Latest articles held in memory for watches; a slower reader reads "
          "the topic itself");

namespace dateline::store {
namespace {

constexpr absl::Duration kGrace = absl::Seconds(10);

// A page of articles is built and freed within a call. glibc would give memory
// of that size back to the kernel each time, and the faults of taking it again
// are a quarter of what a list costs.
constexpr HeapBounds kHeapBounds = {
    .mapped_bytes = 4 << 20, .kept_bytes = 16 << 20, .most_heaps = 0};

ConsumerFactory Consumers(kafka::ClientOptions client) {
  return [client = std::move(client)] {
    return kafka::NewConsumer(client, kafka::ConsumerOptions());
  };
}

// There may be many of these at a time.
ConsumerFactory WatchConsumers(kafka::ClientOptions client) {
  client.properties.emplace("queued.max.messages.kbytes", "4096");
  return Consumers(std::move(client));
}

// What keeps the articles.
struct Engine {
  std::unique_ptr<ArticleRepository> repository;
  // Its own way to build them anew.
  RebuildFactory start_rebuild;
  // Brief queries that may run on gRPC's threads.
  int inline_queries = 0;
};

// How many queries run at a time.
struct QueryLimits {
  int threads = 1;
  int in_line = 0;
};

absl::StatusOr<QueryLimits> QueryLimitsFromFlags() {
  const QueryLimits limits = {.threads = absl::GetFlag(FLAGS_query_threads),
                              .in_line = absl::GetFlag(FLAGS_inline_queries)};
  absl::Status status = RequireAtLeast("query_threads", limits.threads, 1);
  status.Update(RequireAtLeast("inline_queries", limits.in_line, 0));
  if (!status.ok()) return status;
  return limits;
}

absl::StatusOr<Engine> OpenSqlite(const QueryLimits& limits) {
  // None waits for another's connection, nor what measures the usage.
  const int readers = limits.threads + limits.in_line + 1;
  absl::StatusOr<std::unique_ptr<SqliteRepository>> repository =
      SqliteRepository::Open(
          {.path = absl::GetFlag(FLAGS_database), .readers = readers},
          absl::Now());
  if (!repository.ok()) return repository.status();
  SqliteRepository* const sqlite = repository->get();
  return Engine{
      .repository = *std::move(repository),
      .start_rebuild = [sqlite] { return sqlite->StartRebuild(absl::Now()); },
      .inline_queries = limits.in_line};
}

absl::StatusOr<Engine> OpenOpenSearch() {
  const int shards = absl::GetFlag(FLAGS_opensearch_shards);
  if (absl::Status status = RequireAtLeast("opensearch_shards", shards, 1);
      !status.ok()) {
    return status;
  }
  const std::string urls = absl::GetFlag(FLAGS_opensearch_url);
  absl::StatusOr<std::unique_ptr<OpenSearchRepository>> repository =
      OpenSearchRepository::Open(
          {.client = {.http = {.urls = absl::StrSplit(urls, ',',
                                                      absl::SkipWhitespace())},
                      .read_timeout = absl::GetFlag(FLAGS_opensearch_timeout)},
           .index = absl::GetFlag(FLAGS_opensearch_index),
           .shards = shards});
  if (!repository.ok()) return repository.status();
  OpenSearchRepository* const opensearch = repository->get();
  return Engine{
      .repository = *std::move(repository),
      .start_rebuild = [opensearch] { return opensearch->StartRebuild(); }};
}

absl::StatusOr<Engine> OpenEngine(const QueryLimits& limits) {
  const std::string engine = absl::GetFlag(FLAGS_engine);
  if (engine == "sqlite") return OpenSqlite(limits);
  if (engine == "opensearch") return OpenOpenSearch();
  return absl::InvalidArgumentError(
      absl::StrCat("--engine takes sqlite or opensearch, not '", engine, "'"));
}

absl::StatusOr<IngestOptions> IngestOptionsFromFlags(std::string topic) {
  IngestOptions options = {
      .topic = std::move(topic),
      .max_lag = absl::GetFlag(FLAGS_max_lag),
      .batch_records = absl::GetFlag(FLAGS_batch_records),
      .retention = {.age = absl::GetFlag(FLAGS_retain_age),
                    .size_bytes = absl::GetFlag(FLAGS_retain_bytes)},
      .replica = Hostname()};
  absl::Status status = CheckRetention(options.retention);
  status.Update(RequireAtLeast("max_lag", options.max_lag, 0));
  status.Update(RequireAtLeast("batch_records",
                               static_cast<int64_t>(options.batch_records), 1));
  if (!status.ok()) return status;
  return options;
}

// What the flags say, checked.
struct Settings {
  kafka::ClientOptions client;
  rpc::ServerOptions server;
  std::string topic;
  QueryLimits queries;
  int max_exports = 1;
  IngestOptions ingest;
};

absl::StatusOr<Settings> SettingsFromFlags() {
  absl::StatusOr<kafka::ClientOptions> client =
      kafka::ClientOptionsFromFlags("dateline-store");
  absl::Status status = client.status();
  absl::StatusOr<rpc::ServerOptions> server = rpc::ServerOptionsFromFlags();
  status.Update(server.status());
  const absl::StatusOr<QueryLimits> queries = QueryLimitsFromFlags();
  status.Update(queries.status());
  const int max_exports = absl::GetFlag(FLAGS_max_exports);
  status.Update(RequireAtLeast("max_exports", max_exports, 1));
  status.Update(RequireAtLeast(
      "max_queued_queries",
      static_cast<int64_t>(absl::GetFlag(FLAGS_max_queued_queries)), 1));
  if (absl::GetFlag(FLAGS_query_timeout) <= absl::ZeroDuration()) {
    status.Update(
        absl::InvalidArgumentError("--query_timeout must be above 0"));
  }
  std::string topic = kafka::TopicNamesFromFlags().articles;
  absl::StatusOr<IngestOptions> ingest = IngestOptionsFromFlags(topic);
  status.Update(ingest.status());
  if (!status.ok()) return status;
  return Settings{.client = *std::move(client),
                  .server = *std::move(server),
                  .topic = std::move(topic),
                  .queries = *queries,
                  .max_exports = max_exports,
                  .ingest = *std::move(ingest)};
}

// ArticleStoreService and all that it works with, but the server.
class Answering {
 public:
  Answering(const Settings& settings, const Engine& engine,
            std::unique_ptr<kafka::Producer> producer, Metrics& metrics)
      : watch_source_{.factory = WatchConsumers(settings.client),
                      .topic = settings.topic},
        recent_(absl::GetFlag(FLAGS_watch_buffer_bytes)),
        tail_(Consumers(settings.client), settings.topic, recent_),
        hub_(absl::GetFlag(FLAGS_max_watches), metrics),
        deleter_(std::move(producer), settings.topic),
        pool_(settings.queries.threads,
              absl::GetFlag(FLAGS_max_queued_queries)),
        // Each export has one task at a time.
        export_pool_(1, static_cast<size_t>(settings.max_exports)),
        export_slots_(settings.max_exports),
        brief_slots_(engine.inline_queries),
        service_({.articles = *engine.repository,
                  .pool = pool_,
                  .export_pool = export_pool_,
                  .export_slots = export_slots_,
                  .brief_slots = brief_slots_,
                  .watch_source = watch_source_,
                  .recent = recent_,
                  .hub = hub_,
                  .deleter = deleter_,
                  .metrics = metrics,
                  .query_timeout = absl::GetFlag(FLAGS_query_timeout)}) {}

  // What is written for watches.
  void Start() { tail_.Start(); }
  // Ends the calls that would go on for ever, and those that wait for a broker
  // which may be away: they would outlast the server's grace.
  void Stop() {
    hub_.Stop();
    tail_.Stop();
    deleter_.Stop();
  }

  grpc::Service& service() { return service_; }
  ArticleDeleter& deleter() { return deleter_; }
  Slots& brief_slots() { return brief_slots_; }

 private:
  const WatchSource watch_source_;
  RecentArrivals recent_;
  ArticleTail tail_;
  WatchHub hub_;
  ArticleDeleter deleter_;
  ThreadPool pool_;
  ThreadPool export_pool_;
  Slots export_slots_;
  Slots brief_slots_;
  ArticleStoreServiceImpl service_;
};

// Reads the topic into the repository, or into a rebuilt one that takes its
// place, until a signal comes.
void IngestUntilTermination(const Settings& settings, const Engine& engine,
                            Metrics& metrics, otlp::SpanSink* spans,
                            Answering& answering, rpc::Server& server) {
  std::unique_ptr<Ingest> ingest;
  const auto start_ingest = [&] {
    answering.brief_slots().Open();
    ingest = std::make_unique<Ingest>(
        Consumers(settings.client), settings.ingest, *engine.repository,
        metrics,
        IngestListener{
            .caught_up =
                [&server](bool caught_up) { server.SetServing(caught_up); },
            .applied =
                [&answering](const ArticleBatch& batch) {
                  answering.deleter().OnApplied(batch);
                }},
        spans);
    ingest->Start();
  };
  std::unique_ptr<RebuildRunner> rebuild_runner;
  if (absl::GetFlag(FLAGS_rebuild)) {
    rebuild_runner = std::make_unique<RebuildRunner>(
        engine.start_rebuild, Consumers(settings.client), settings.ingest,
        [&] {
          // The switch-over waits for those who read, and who comes meanwhile
          // waits for it: not on gRPC's threads.
          answering.brief_slots().Close();
          ingest->Stop();
        },
        start_ingest);
  }
  start_ingest();
  if (rebuild_runner != nullptr) rebuild_runner->Start();
  LogInfo("listening", {{"port", server.port()},
                        {"brokers", settings.client.brokers},
                        {"engine", absl::GetFlag(FLAGS_engine)}});
  LogInfo("stopping", {{"signal", WaitForTermination()}});
  server.SetServing(false);
  if (rebuild_runner != nullptr) rebuild_runner->Stop();
  ingest->Stop();
}

absl::Status Run() {
  BoundHeaps(kHeapBounds);
  const absl::StatusOr<Settings> settings = SettingsFromFlags();
  if (!settings.ok()) return settings.status();
  Metrics metrics;
  const auto port = metrics.Serve(absl::GetFlag(FLAGS_metrics_listen));
  if (!port.ok()) return port.status();
  const absl::StatusOr<std::unique_ptr<otlp::SpanExporter>> spans =
      otlp::SpanExporterFromFlags("dateline-store", metrics);
  if (!spans.ok()) return spans.status();
  const absl::StatusOr<Engine> engine = OpenEngine(settings->queries);
  if (!engine.ok()) return engine.status();
  absl::StatusOr<std::unique_ptr<kafka::Producer>> producer =
      kafka::NewProducer(settings->client);
  if (!producer.ok()) return producer.status();
  Answering answering(*settings, *engine, *std::move(producer), metrics);
  absl::StatusOr<std::unique_ptr<rpc::Server>> server = rpc::Server::Start(
      absl::GetFlag(FLAGS_listen),
      {{&answering.service(), v1::ArticleStoreService::service_full_name()}},
      settings->server);
  if (!server.ok()) return server.status();
  answering.Start();
  IngestUntilTermination(*settings, *engine, metrics, spans->get(), answering,
                         **server);
  answering.Stop();
  (*server)->Shutdown(kGrace);
  if (*spans != nullptr) (*spans)->Stop();
  return absl::OkStatus();
}

}  // namespace
}  // namespace dateline::store

int main(int argc, char** argv) {
  dateline::InitMain(argc, argv,
                     "dateline-store: keeps the articles of the articles topic "
                     "and answers questions on them.");
  const absl::Status status = dateline::store::Run();
  return status.ok() ? 0 : dateline::FailMain("dateline-store", status);
}

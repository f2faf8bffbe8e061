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
};

absl::StatusOr<Engine> OpenSqlite(int query_threads) {
  absl::StatusOr<std::unique_ptr<SqliteRepository>> repository =
      SqliteRepository::Open(
          {.path = absl::GetFlag(FLAGS_database), .readers = query_threads + 1},
          absl::Now());
  if (!repository.ok()) return repository.status();
  SqliteRepository* const sqlite = repository->get();
  return Engine{*std::move(repository),
                [sqlite] { return sqlite->StartRebuild(absl::Now()); }};
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
  return Engine{*std::move(repository),
                [opensearch] { return opensearch->StartRebuild(); }};
}

absl::StatusOr<Engine> OpenEngine(int query_threads) {
  const std::string engine = absl::GetFlag(FLAGS_engine);
  if (engine == "sqlite") return OpenSqlite(query_threads);
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
  if (options.batch_records == 0) {
    status.Update(RequireAtLeast("batch_records", 0, 1));
  }
  if (!status.ok()) return status;
  return options;
}

absl::Status Run() {
  const absl::StatusOr<kafka::ClientOptions> client =
      kafka::ClientOptionsFromFlags("dateline-store");
  if (!client.ok()) return client.status();
  const absl::StatusOr<rpc::ServerOptions> server_options =
      rpc::ServerOptionsFromFlags();
  if (!server_options.ok()) return server_options.status();
  const std::string topic = kafka::TopicNamesFromFlags().articles;
  const int query_threads = absl::GetFlag(FLAGS_query_threads);
  absl::Status status = RequireAtLeast("query_threads", query_threads, 1);
  status.Update(
      RequireAtLeast("max_exports", absl::GetFlag(FLAGS_max_exports), 1));
  const absl::StatusOr<IngestOptions> ingest_options =
      IngestOptionsFromFlags(topic);
  status.Update(ingest_options.status());
  if (!status.ok()) return status;
  Metrics metrics;
  if (const std::string address = absl::GetFlag(FLAGS_metrics_listen);
      !address.empty()) {
    if (const auto port = metrics.Serve(address); !port.ok()) {
      return port.status();
    }
  }
  const absl::StatusOr<std::unique_ptr<otlp::SpanExporter>> spans =
      otlp::SpanExporterFromFlags("dateline-store", metrics);
  if (!spans.ok()) return spans.status();
  const absl::StatusOr<Engine> engine = OpenEngine(query_threads);
  if (!engine.ok()) return engine.status();
  ArticleRepository& repository = *engine->repository;
  absl::StatusOr<std::unique_ptr<kafka::Producer>> producer =
      kafka::NewProducer(*client);
  if (!producer.ok()) return producer.status();
  ArticleDeleter deleter(*std::move(producer), topic);
  const WatchSource watch_source = {.factory = WatchConsumers(*client),
                                    .topic = topic};
  RecentArrivals recent(absl::GetFlag(FLAGS_watch_buffer_bytes));
  WatchHub hub(absl::GetFlag(FLAGS_max_watches), metrics);
  ThreadPool pool(query_threads, absl::GetFlag(FLAGS_max_queued_queries));
  // Each export has one task at a time.
  const int max_exports = absl::GetFlag(FLAGS_max_exports);
  ThreadPool export_pool(1, static_cast<size_t>(max_exports));
  ExportSlots export_slots(max_exports);
  ArticleStoreServiceImpl service(
      {.articles = repository,
       .pool = pool,
       .export_pool = export_pool,
       .export_slots = export_slots,
       .watch_source = watch_source,
       .recent = recent,
       .hub = hub,
       .deleter = deleter,
       .metrics = metrics,
       .query_timeout = absl::GetFlag(FLAGS_query_timeout)});
  absl::StatusOr<std::unique_ptr<rpc::Server>> server = rpc::Server::Start(
      absl::GetFlag(FLAGS_listen),
      {{&service, v1::ArticleStoreService::service_full_name()}},
      *server_options);
  if (!server.ok()) return server.status();
  ArticleTail tail(Consumers(*client), topic, recent);
  std::unique_ptr<Ingest> ingest;
  const auto start_ingest = [&] {
    ingest = std::make_unique<Ingest>(
        Consumers(*client), *ingest_options, repository, metrics,
        IngestListener{
            .caught_up =
                [&server](bool caught_up) { (*server)->SetServing(caught_up); },
            .applied =
                [&deleter](const ArticleBatch& batch) {
                  deleter.OnApplied(batch);
                }},
        spans->get());
    ingest->Start();
  };
  std::unique_ptr<RebuildRunner> rebuild_runner;
  if (absl::GetFlag(FLAGS_rebuild)) {
    rebuild_runner = std::make_unique<RebuildRunner>(
        engine->start_rebuild, Consumers(*client), *ingest_options,
        [&ingest] { ingest->Stop(); }, start_ingest);
  }
  tail.Start();
  start_ingest();
  if (rebuild_runner != nullptr) rebuild_runner->Start();
  LogInfo("listening", {{"port", (*server)->port()},
                        {"brokers", client->brokers},
                        {"engine", absl::GetFlag(FLAGS_engine)}});
  LogInfo("stopping", {{"signal", WaitForTermination()}});
  (*server)->SetServing(false);
  if (rebuild_runner != nullptr) rebuild_runner->Stop();
  ingest->Stop();
  hub.Stop();
  tail.Stop();
  // Else the calls that wait for a broker which is away outlast the grace.
  deleter.Stop();
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

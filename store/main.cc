// dateline-store: keeps the articles and answers questions on them.

#include <algorithm>
#include <memory>
#include <string>
#include <thread>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/time/clock.h"
#include "common/kafka/client.h"
#include "common/kafka/flags.h"
#include "common/log.h"
#include "common/metrics.h"
#include "common/rpc/server.h"
#include "common/service_main.h"
#include "common/thread_pool.h"
#include "store/article_tail.h"
#include "store/ingest.h"
#include "store/rebuild_runner.h"
#include "store/service.h"
#include "store/sqlite/sqlite_repository.h"
#include "store/watch_hub.h"

ABSL_FLAG(std::string, listen, "127.0.0.1:7403", "Where to serve gRPC");
ABSL_FLAG(std::string, metrics_listen, "127.0.0.1:9403",
          "Where to serve Prometheus metrics; empty for nowhere");
ABSL_FLAG(std::string, database, "dateline.db",
          "The SQLite file; made where there is none");
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

absl::Status Run() {
  const absl::StatusOr<kafka::ClientOptions> client =
      kafka::ClientOptionsFromFlags("dateline-store");
  if (!client.ok()) return client.status();
  const std::string topic = kafka::TopicNamesFromFlags().articles;
  const int query_threads = absl::GetFlag(FLAGS_query_threads);
  absl::Status status = RequireAtLeast("query_threads", query_threads, 1);
  status.Update(
      RequireAtLeast("max_exports", absl::GetFlag(FLAGS_max_exports), 1));
  if (!status.ok()) return status;
  Metrics metrics;
  if (const std::string address = absl::GetFlag(FLAGS_metrics_listen);
      !address.empty()) {
    if (const auto port = metrics.Serve(address); !port.ok()) {
      return port.status();
    }
  }
  const absl::StatusOr<std::unique_ptr<SqliteRepository>> repository =
      SqliteRepository::Open(
          {.path = absl::GetFlag(FLAGS_database), .readers = query_threads + 1},
          absl::Now());
  if (!repository.ok()) return repository.status();
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
  ArticleStoreServiceImpl service({.articles = **repository,
                                   .pool = pool,
                                   .export_pool = export_pool,
                                   .export_slots = export_slots,
                                   .watch_source = watch_source,
                                   .recent = recent,
                                   .hub = hub,
                                   .deleter = deleter,
                                   .metrics = metrics});
  absl::StatusOr<std::unique_ptr<rpc::Server>> server =
      rpc::Server::Start(absl::GetFlag(FLAGS_listen), {&service});
  if (!server.ok()) return server.status();
  ArticleTail tail(Consumers(*client), topic, recent);
  const IngestOptions ingest_options = {
      .topic = topic,
      .max_lag = absl::GetFlag(FLAGS_max_lag),
      .batch_records = absl::GetFlag(FLAGS_batch_records),
      .retention = {.age = absl::GetFlag(FLAGS_retain_age),
                    .size_bytes = absl::GetFlag(FLAGS_retain_bytes)}};
  std::unique_ptr<Ingest> ingest;
  const auto start_ingest = [&] {
    ingest = std::make_unique<Ingest>(
        Consumers(*client), ingest_options, **repository, metrics,
        IngestListener{
            .caught_up =
                [&server](bool caught_up) { (*server)->SetServing(caught_up); },
            .applied =
                [&deleter](const ArticleBatch& batch) {
                  deleter.OnApplied(batch);
                }});
    ingest->Start();
  };
  std::unique_ptr<RebuildRunner> rebuild_runner;
  if (absl::GetFlag(FLAGS_rebuild)) {
    absl::StatusOr<std::unique_ptr<Rebuild>> rebuild =
        (*repository)->StartRebuild(absl::Now());
    if (!rebuild.ok()) return rebuild.status();
    rebuild_runner = std::make_unique<RebuildRunner>(
        *std::move(rebuild), Consumers(*client), ingest_options,
        [&ingest] { ingest->Stop(); }, start_ingest);
  }
  tail.Start();
  start_ingest();
  if (rebuild_runner != nullptr) rebuild_runner->Start();
  LogInfo("listening", {{"port", (*server)->port()},
                        {"brokers", client->brokers},
                        {"database", absl::GetFlag(FLAGS_database)}});
  LogInfo("stopping", {{"signal", WaitForTermination()}});
  (*server)->SetServing(false);
  if (rebuild_runner != nullptr) rebuild_runner->Stop();
  ingest->Stop();
  hub.Stop();
  tail.Stop();
  (*server)->Shutdown(kGrace);
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

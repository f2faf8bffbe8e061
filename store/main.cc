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
ABSL_FLAG(size_t, batch_records, 500, "Most records in one transaction");
ABSL_FLAG(int, query_threads,
          std::max(static_cast<int>(std::thread::hardware_concurrency()), 2),
          "Threads that answer queries");
ABSL_FLAG(size_t, max_queued_queries, 256,
          "Queries that may wait for a thread; more end with "
          "RESOURCE_EXHAUSTED");
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
  if (absl::Status status = RequireAtLeast("query_threads", query_threads, 1);
      !status.ok()) {
    return status;
  }
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
  const WatchSource watch_source = {.factory = WatchConsumers(*client),
                                    .topic = topic};
  RecentArrivals recent(absl::GetFlag(FLAGS_watch_buffer_bytes));
  WatchHub hub(absl::GetFlag(FLAGS_max_watches), metrics);
  ThreadPool pool(query_threads, absl::GetFlag(FLAGS_max_queued_queries));
  ArticleStoreServiceImpl service(**repository, pool, watch_source, recent, hub,
                                  metrics);
  absl::StatusOr<std::unique_ptr<rpc::Server>> server =
      rpc::Server::Start(absl::GetFlag(FLAGS_listen), {&service});
  if (!server.ok()) return server.status();
  ArticleTail tail(Consumers(*client), topic, recent);
  Ingest ingest(Consumers(*client),
                {.topic = topic,
                 .max_lag = absl::GetFlag(FLAGS_max_lag),
                 .batch_records = absl::GetFlag(FLAGS_batch_records)},
                **repository, metrics, [&server](bool caught_up) {
                  (*server)->SetServing(caught_up);
                });
  tail.Start();
  ingest.Start();
  LogInfo("listening", {{"port", (*server)->port()},
                        {"brokers", client->brokers},
                        {"database", absl::GetFlag(FLAGS_database)}});
  LogInfo("stopping", {{"signal", WaitForTermination()}});
  (*server)->SetServing(false);
  ingest.Stop();
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

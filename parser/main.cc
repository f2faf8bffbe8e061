// dateline-parser: pages in, articles out.

#include <algorithm>
#include <memory>
#include <string>
#include <thread>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "common/clock.h"
#include "common/hostname.h"
#include "common/kafka/client.h"
#include "common/kafka/flags.h"
#include "common/log.h"
#include "common/metrics.h"
#include "common/rpc/server.h"
#include "common/service_main.h"
#include "common/thread_pool.h"
#include "parser/rules_folder.h"
#include "parser/service.h"
#include "parser/worker.h"

ABSL_FLAG(std::string, listen, "127.0.0.1:7402", "Where to serve gRPC");
ABSL_FLAG(std::string, metrics_listen, "127.0.0.1:9402",
          "Where to serve Prometheus metrics; empty for nowhere");
ABSL_FLAG(std::string, group_id, "dateline-parser",
          "The consumer group that shares the pages");
ABSL_FLAG(std::string, transactional_id, "",
          "Must differ between replicas and stay the same over a restart; "
          "'dateline-parser-HOSTNAME' where empty");
ABSL_FLAG(int, parse_threads,
          std::max(static_cast<int>(std::thread::hardware_concurrency()), 1),
          "Threads that parse pages");
ABSL_FLAG(int, batch_records, 500, "Most pages in one transaction");
ABSL_FLAG(absl::Duration, batch_wait, absl::Milliseconds(100),
          "Longest wait for the first page of a transaction");

namespace dateline {
namespace {

constexpr absl::Duration kGrace = absl::Seconds(10);
constexpr size_t kMaxQueuedCalls = 256;

ParserClients Clients(const kafka::ClientOptions& client) {
  std::string transactional_id = absl::GetFlag(FLAGS_transactional_id);
  if (transactional_id.empty())
    transactional_id = "dateline-parser-" + Hostname();
  const kafka::ConsumerOptions group = {.group_id =
                                            absl::GetFlag(FLAGS_group_id)};
  return {[client, group] { return kafka::NewConsumer(client, group); },
          [client, transactional_id] {
            return kafka::NewTransactionalProducer(
                client, {.transactional_id = transactional_id});
          }};
}

absl::Status CheckFlags() {
  absl::Status status =
      RequireAtLeast("parse_threads", absl::GetFlag(FLAGS_parse_threads), 1);
  if (!status.ok()) return status;
  return RequireAtLeast("batch_records", absl::GetFlag(FLAGS_batch_records), 1);
}

// A wrong property is an error of the start, not one to try again.
absl::Status CheckClients(const ParserClients& clients) {
  if (auto producer = clients.producer(); !producer.ok()) {
    return producer.status();
  }
  return clients.consumer().status();
}

absl::Status Run() {
  if (absl::Status flags = CheckFlags(); !flags.ok()) return flags;
  const absl::StatusOr<kafka::ClientOptions> client =
      kafka::ClientOptionsFromFlags("dateline-parser");
  if (!client.ok()) return client.status();
  const absl::StatusOr<SiteRules> rules = SiteRulesFromFlags();
  if (!rules.ok()) return rules.status();
  SystemClock clock;
  Metrics metrics;
  if (const std::string address = absl::GetFlag(FLAGS_metrics_listen);
      !address.empty()) {
    if (const auto port = metrics.Serve(address); !port.ok()) {
      return port.status();
    }
  }
  const ParserClients clients = Clients(*client);
  if (absl::Status usable = CheckClients(clients); !usable.ok()) return usable;
  ThreadPool pool(absl::GetFlag(FLAGS_parse_threads), kMaxQueuedCalls);
  ParserServiceImpl service(pool, clock, &*rules);
  absl::StatusOr<std::unique_ptr<rpc::Server>> server =
      rpc::Server::Start(absl::GetFlag(FLAGS_listen), {&service});
  if (!server.ok()) return server.status();
  ParserWorker worker(
      clients, kafka::TopicNamesFromFlags(),
      {.batch_records = static_cast<size_t>(absl::GetFlag(FLAGS_batch_records)),
       .batch_wait = absl::GetFlag(FLAGS_batch_wait),
       .parse_threads = absl::GetFlag(FLAGS_parse_threads),
       .rules = &*rules},
      clock, metrics);
  worker.Start();
  (*server)->SetServing(true);
  LogInfo("serving",
          {{"port", (*server)->port()}, {"brokers", client->brokers}});
  LogInfo("stopping", {{"signal", WaitForTermination()}});
  (*server)->SetServing(false);
  worker.Stop();
  (*server)->Shutdown(kGrace);
  return absl::OkStatus();
}

}  // namespace
}  // namespace dateline

int main(int argc, char** argv) {
  dateline::InitMain(argc, argv,
                     "dateline-parser: turns the pages on Kafka into articles "
                     "and dead letters, exactly once.");
  const absl::Status status = dateline::Run();
  return status.ok() ? 0 : dateline::FailMain("dateline-parser", status);
}

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
#include "parser/in_process_reader.h"
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
ABSL_FLAG(absl::Duration, transaction_interval, absl::Milliseconds(100),
          "Outcomes are written this long after the last transaction began");
ABSL_FLAG(int, transaction_pages, 500,
          "Or when there are so many; also the most of one transaction");
ABSL_FLAG(int64_t, max_in_flight_bytes, int64_t{64} << 20,
          "Reading waits while pages and outcomes in memory have more bytes; "
          "what one poll returns, 32 MiB, may come on top");

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
  status = RequireAtLeast("transaction_pages",
                          absl::GetFlag(FLAGS_transaction_pages), 1);
  if (!status.ok()) return status;
  return RequireAtLeast("max_in_flight_bytes",
                        absl::GetFlag(FLAGS_max_in_flight_bytes), 1);
}

ParserSessionOptions SessionOptionsFromFlags() {
  return {.transaction_interval = absl::GetFlag(FLAGS_transaction_interval),
          .transaction_pages =
              static_cast<size_t>(absl::GetFlag(FLAGS_transaction_pages)),
          .max_in_flight_bytes =
              static_cast<size_t>(absl::GetFlag(FLAGS_max_in_flight_bytes))};
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
  InProcessReader call_reader(absl::GetFlag(FLAGS_parse_threads), &*rules);
  ParserServiceImpl service(pool, call_reader, clock);
  absl::StatusOr<std::unique_ptr<rpc::Server>> server =
      rpc::Server::Start(absl::GetFlag(FLAGS_listen), {&service});
  if (!server.ok()) return server.status();
  InProcessReader reader(absl::GetFlag(FLAGS_parse_threads), &*rules);
  ParserWorker worker(clients, reader, kafka::TopicNamesFromFlags(),
                      {.session = SessionOptionsFromFlags()}, clock, metrics);
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

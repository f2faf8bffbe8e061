// dateline-parser: pages in, articles out.

#include <signal.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "common/framing/topic_frames.h"
#include "common/hostname.h"
#include "common/kafka/client.h"
#include "common/kafka/flags.h"
#include "common/kafka/limit_check.h"
#include "common/log.h"
#include "common/metrics.h"
#include "common/otlp/flags.h"
#include "common/page_limits.h"
#include "common/rpc/server.h"
#include "common/rpc/server_flags.h"
#include "common/service_main.h"
#include "common/thread_pool.h"
#include "parser/dead_letters.h"
#include "parser/in_process_reader.h"
#include "parser/isolation/isolated_reader.h"
#include "parser/isolation/page_worker.h"
#include "parser/reparse/reparse.h"
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
          "Pages that are parsed at once, each in a process of its own");
ABSL_FLAG(absl::Duration, page_cpu_budget, absl::Seconds(2),
          "CPU time that parsing a page may take; beyond it the page is a dead "
          "letter");
ABSL_FLAG(absl::Duration, page_wall_budget, absl::Seconds(10),
          "The same by the clock on the wall");
ABSL_FLAG(int64_t, page_memory_budget, int64_t{256} << 20,
          "The same in bytes of memory");
ABSL_FLAG(bool, page_isolation, true,
          "Parse pages in processes of their own, without files, network or "
          "secrets. Off, a page that breaks the extractor ends the parser");
ABSL_FLAG(bool, test_poison, false,
          "For tests: pages can say that they crash, hang or blow up");
ABSL_FLAG(absl::Duration, transaction_interval, absl::Milliseconds(100),
          "Outcomes are written this long after the last transaction began");
ABSL_FLAG(int, transaction_pages, 500,
          "Or when there are so many; also the most of one transaction");
ABSL_FLAG(int64_t, max_in_flight_bytes, int64_t{64} << 20,
          "Reading waits while pages and outcomes in memory have more bytes; "
          "what one poll returns, 32 MiB, may come on top");

ABSL_FLAG(bool, reparse, false,
          "Serve nothing: read the pages that are on the topics again, write "
          "the articles that come out another way, say what changed, and end");
ABSL_FLAG(absl::Time, from, absl::InfinitePast(),
          "For --reparse: pages of this time or later, as "
          "2026-01-31T08:00:00Z");
ABSL_FLAG(absl::Time, to, absl::InfiniteFuture(),
          "For --reparse: pages before this time");
ABSL_FLAG(std::string, reparse_warc, "",
          "For --reparse: the pages of this WARC file instead");
ABSL_FLAG(std::string, reparse_report, "",
          "For --reparse: a file for the report, as JSON");
ABSL_FLAG(bool, dry_run, false, "For --reparse: only say what would change");

namespace dateline {
namespace {

constexpr absl::Duration kGrace = absl::Seconds(10);
constexpr size_t kMaxQueuedCalls = 256;
constexpr int kLetterThreads = 2;

ParserClients Clients(const kafka::ClientOptions& client,
                      const TopicFrames& frames) {
  std::string transactional_id = absl::GetFlag(FLAGS_transactional_id);
  if (transactional_id.empty())
    transactional_id = "dateline-parser-" + Hostname();
  const kafka::ConsumerOptions group = {
      .group_id = absl::GetFlag(FLAGS_group_id),
      .max_queued_bytes = int64_t{32} << 20};
  return {[client, group] { return kafka::NewConsumer(client, group); },
          [client, transactional_id, frames] {
            return NewFramedProducer(
                client, {.transactional_id = transactional_id}, frames);
          }};
}

absl::StatusOr<TopicFrames> FramesFromFlags() {
  return TopicFramesFromFlags(
      {{kafka::TopicNamesFromFlags().articles, v1::Article::descriptor()}});
}

absl::Status CheckFlags() {
  absl::Status status =
      RequireAtLeast("parse_threads", absl::GetFlag(FLAGS_parse_threads), 1);
  if (!status.ok()) return status;
  status = RequireAtLeast("page_memory_budget",
                          absl::GetFlag(FLAGS_page_memory_budget),
                          int64_t{16} << 20);
  if (!status.ok()) return status;
  status = RequireAtLeast("transaction_pages",
                          absl::GetFlag(FLAGS_transaction_pages), 1);
  if (!status.ok()) return status;
  return RequireAtLeast("max_in_flight_bytes",
                        absl::GetFlag(FLAGS_max_in_flight_bytes), 1);
}

DeadLetterClients LetterClients(const kafka::ClientOptions& client,
                                const TopicNames& topics) {
  // One redrive at a time, over all replicas.
  const std::string transactional_id =
      absl::StrCat("dateline-redrive-", topics.dead_letters);
  return {[client] { return kafka::NewConsumer(client, {}); },
          [client, transactional_id] {
            return kafka::NewTransactionalProducer(
                client, {.transactional_id = transactional_id});
          }};
}

ParserSessionOptions SessionOptionsFromFlags() {
  return {.transaction_interval = absl::GetFlag(FLAGS_transaction_interval),
          .transaction_pages =
              static_cast<size_t>(absl::GetFlag(FLAGS_transaction_pages)),
          .max_in_flight_bytes =
              static_cast<size_t>(absl::GetFlag(FLAGS_max_in_flight_bytes))};
}

IsolationOptions IsolationOptionsFromFlags(std::vector<RuleFile> rules) {
  return {.workers = absl::GetFlag(FLAGS_parse_threads),
          .budget = {.cpu = absl::GetFlag(FLAGS_page_cpu_budget),
                     .wall = absl::GetFlag(FLAGS_page_wall_budget),
                     .memory_bytes = absl::GetFlag(FLAGS_page_memory_budget)},
          .rules = std::move(rules),
          .test_poison = absl::GetFlag(FLAGS_test_poison)};
}

// `rules` are the compiled ones of `isolation`; must outlive the reader.
absl::StatusOr<std::unique_ptr<PageReader>> NewReader(
    const IsolationOptions& isolation, const SiteRules& rules,
    Metrics& metrics) {
  if (absl::GetFlag(FLAGS_page_isolation)) {
    return IsolatedReader::Create(isolation, metrics);
  }
  return std::make_unique<InProcessReader>(isolation.workers, &rules);
}

// A wrong property is an error of the start, not one to try again.
absl::Status CheckClients(const ParserClients& clients) {
  if (auto producer = clients.producer(); !producer.ok()) {
    return producer.status();
  }
  return clients.consumer().status();
}

absl::Status RunReparse(const kafka::ClientOptions& client,
                        const IsolationOptions& isolation,
                        const SiteRules& rules) {
  SystemClock clock;
  Metrics metrics;
  const auto reader = NewReader(isolation, rules, metrics);
  if (!reader.ok()) return reader.status();
  const TopicNames topics = kafka::TopicNamesFromFlags();
  absl::StatusOr<TopicFrames> frames = TopicFrames();
  if (!absl::GetFlag(FLAGS_dry_run)) frames = FramesFromFlags();
  if (!frames.ok()) return frames.status();
  const ReparseOptions options = {.from = absl::GetFlag(FLAGS_from),
                                  .to = absl::GetFlag(FLAGS_to),
                                  .warc = absl::GetFlag(FLAGS_reparse_warc),
                                  .group_id = absl::GetFlag(FLAGS_group_id),
                                  .dry_run = absl::GetFlag(FLAGS_dry_run),
                                  .frames = *std::move(frames)};
  Reparse reparse(client, topics, **reader, clock, options,
                  [](const std::string& line) { std::cerr << line << "\n"; });
  const absl::Status status = reparse.Run();
  // A file that breaks off is told of as far as it goes.
  if (!status.ok() && !absl::IsDataLoss(status)) return status;
  std::cout << reparse.report().ToText();
  const std::string path = absl::GetFlag(FLAGS_reparse_report);
  if (path.empty()) return status;
  std::ofstream file(path);
  file << reparse.report().ToJson() << "\n";
  if (!file.flush()) {
    return absl::InternalError(absl::StrCat("can't write ", path));
  }
  return status;
}

absl::Status Run() {
  if (absl::Status flags = CheckFlags(); !flags.ok()) return flags;
  const absl::StatusOr<kafka::ClientOptions> client =
      kafka::ClientOptionsFromFlags("dateline-parser");
  if (!client.ok()) return client.status();
  const absl::StatusOr<rpc::ServerOptions> server_options =
      rpc::ServerOptionsFromFlags();
  if (!server_options.ok()) return server_options.status();
  absl::StatusOr<std::vector<RuleFile>> rule_files = RuleFilesFromFlags();
  if (!rule_files.ok()) return rule_files.status();
  const absl::StatusOr<SiteRules> rules = SiteRules::Compile(*rule_files);
  if (!rules.ok()) return rules.status();
  const IsolationOptions isolation =
      IsolationOptionsFromFlags(*std::move(rule_files));
  if (absl::GetFlag(FLAGS_reparse)) {
    // It ends at once when it is told to; what is committed stays.
    sigset_t none;
    sigemptyset(&none);
    pthread_sigmask(SIG_SETMASK, &none, nullptr);
    return RunReparse(*client, isolation, *rules);
  }
  SystemClock clock;
  Metrics metrics;
  const auto port = metrics.Serve(absl::GetFlag(FLAGS_metrics_listen));
  if (!port.ok()) return port.status();
  const absl::StatusOr<std::unique_ptr<otlp::SpanExporter>> spans =
      otlp::SpanExporterFromFlags("dateline-parser", metrics);
  if (!spans.ok()) return spans.status();
  const absl::StatusOr<TopicFrames> frames = FramesFromFlags();
  if (!frames.ok()) return frames.status();
  const ParserClients clients = Clients(*client, *frames);
  if (absl::Status usable = CheckClients(clients); !usable.ok()) return usable;
  // Pages of calls and pages of topics don't wait for each other.
  const auto call_reader = NewReader(isolation, *rules, metrics);
  if (!call_reader.ok()) return call_reader.status();
  const auto reader = NewReader(isolation, *rules, metrics);
  if (!reader.ok()) return reader.status();
  ThreadPool pool(absl::GetFlag(FLAGS_parse_threads), kMaxQueuedCalls);
  const TopicNames topics = kafka::TopicNamesFromFlags();
  ThreadPool letters_pool(kLetterThreads, kMaxQueuedCalls);
  const DeadLetters letters(LetterClients(*client, topics), topics);
  ParserServiceImpl service(pool, **call_reader, clock, letters_pool, letters);
  absl::StatusOr<std::unique_ptr<rpc::Server>> server = rpc::Server::Start(
      absl::GetFlag(FLAGS_listen),
      {{&service, v1::ParserService::service_full_name()}}, *server_options);
  if (!server.ok()) return server.status();
  ParserWorker worker(clients, **reader, topics,
                      {.session = SessionOptionsFromFlags()}, clock, metrics,
                      spans->get());
  // Pages that are read must also fit the dead letters.
  kafka::LimitCheck limits(
      *client, {topics.pages, topics.pages_backfill, topics.dead_letters},
      static_cast<int64_t>(kMaxPageBytes));
  worker.Start();
  (*server)->SetServing(true);
  LogInfo("serving",
          {{"port", (*server)->port()}, {"brokers", client->brokers}});
  LogInfo("stopping", {{"signal", WaitForTermination()}});
  (*server)->SetServing(false);
  worker.Stop();
  (*server)->Shutdown(kGrace);
  if (*spans != nullptr) (*spans)->Stop();
  return limits.Stop();
}

}  // namespace
}  // namespace dateline

int main(int argc, char** argv) {
  if (dateline::IsPageWorker(argc, argv)) return dateline::RunPageWorker();
  dateline::InitMain(argc, argv,
                     "dateline-parser: turns the pages on Kafka into articles "
                     "and dead letters, exactly once.");
  dateline::BoundHeaps();
  const absl::Status status = dateline::Run();
  return status.ok() ? 0 : dateline::FailMain("dateline-parser", status);
}

#include "parser/worker.h"

#include <utility>

#include "common/log.h"

namespace dateline {
namespace {

constexpr absl::Duration kInitTimeout = absl::Seconds(10);

}  // namespace

ParserWorker::ParserWorker(ParserClients clients, PageReader& reader,
                           TopicNames topics, ParserWorkerOptions options,
                           const Clock& clock, Metrics& metrics,
                           otlp::SpanSink* spans)
    : clients_(std::move(clients)),
      reader_(reader),
      topics_(std::move(topics)),
      options_(options),
      clock_(clock),
      metrics_(metrics),
      spans_(spans),
      outcome_metrics_(metrics) {}

ParserWorker::~ParserWorker() { Stop(); }

void ParserWorker::Start() {
  thread_ = std::thread([this] { Run(); });
}

void ParserWorker::Stop() {
  if (!stop_.HasBeenNotified()) stop_.Notify();
  if (thread_.joinable()) thread_.join();
}

void ParserWorker::Run() {
  while (!stop_.HasBeenNotified()) {
    const absl::Status status = RunSession();
    if (status.ok()) return;
    metrics_
        .Counter("dateline_parser_faults_total",
                 "Faults after which the worker began anew")
        .Increment();
    LogWarning("beginning anew at the committed offsets",
               {{"reason", status.message()}});
    stop_.WaitForNotificationWithTimeout(options_.pause_after_fault);
  }
}

absl::Status ParserWorker::RunSession() {
  absl::StatusOr<std::unique_ptr<kafka::TransactionalProducer>> producer =
      clients_.producer();
  if (!producer.ok()) return producer.status();
  if (absl::Status status = (*producer)->Init(kInitTimeout); !status.ok()) {
    return status;
  }
  const absl::StatusOr<std::unique_ptr<kafka::Consumer>> live =
      clients_.consumer();
  if (!live.ok()) return live.status();
  const absl::StatusOr<std::unique_ptr<kafka::Consumer>> backfill =
      clients_.consumer();
  if (!backfill.ok()) return backfill.status();
  ParserSession session(**live, **backfill, **producer, reader_, topics_,
                        options_.session, clock_, metrics_, outcome_metrics_,
                        spans_);
  return session.Run(stop_);
}

}  // namespace dateline

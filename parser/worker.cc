#include "parser/worker.h"

#include <algorithm>
#include <atomic>
#include <map>
#include <string>
#include <utility>

#include "absl/synchronization/blocking_counter.h"
#include "common/log.h"

namespace dateline {
namespace {

constexpr absl::Duration kInitTimeout = absl::Seconds(10);

// Behind the last record of each partition.
std::vector<kafka::Position> PositionsBehind(
    const std::vector<kafka::Record>& batch) {
  std::map<kafka::TopicPartition, int64_t> next;
  for (const kafka::Record& record : batch) {
    next[record.partition] = record.offset + 1;
  }
  std::vector<kafka::Position> positions;
  for (const auto& [partition, offset] : next) {
    positions.push_back({partition, offset});
  }
  return positions;
}

}  // namespace

// A batch is always committed or aborted between two polls, and a poll returns
// no record of a partition that went, so that there is nothing to give up.
class ParserWorker::Listener final : public kafka::RebalanceListener {
 public:
  void OnAssigned(std::vector<kafka::Position>& partitions) override {
    for (const kafka::Position& position : partitions) {
      LogInfo("partition assigned",
              {{"partition", kafka::ToString(position.partition)}});
    }
  }
  void OnRevoked(
      const std::vector<kafka::TopicPartition>& partitions) override {
    for (const kafka::TopicPartition& partition : partitions) {
      LogInfo("partition revoked", {{"partition", kafka::ToString(partition)}});
    }
  }
  void OnLost(const std::vector<kafka::TopicPartition>& partitions) override {
    OnRevoked(partitions);
  }
};

ParserWorker::ParserWorker(ParserClients clients, TopicNames topics,
                           ParserWorkerOptions options, const Clock& clock,
                           Metrics& metrics)
    : clients_(std::move(clients)),
      topics_(std::move(topics)),
      options_(options),
      clock_(clock),
      metrics_(metrics),
      pool_(options.parse_threads, options.batch_records) {}

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
  Listener listener;
  absl::StatusOr<std::unique_ptr<kafka::TransactionalProducer>> producer =
      clients_.producer();
  if (!producer.ok()) return producer.status();
  if (absl::Status status = (*producer)->Init(kInitTimeout); !status.ok()) {
    return status;
  }
  absl::StatusOr<std::unique_ptr<kafka::Consumer>> consumer =
      clients_.consumer();
  if (!consumer.ok()) return consumer.status();
  absl::Status status = (*consumer)->Subscribe(
      {topics_.pages, topics_.pages_backfill}, &listener);
  while (status.ok() && !stop_.HasBeenNotified()) {
    absl::StatusOr<kafka::PollResult> polled =
        (*consumer)->Poll(options_.batch_records, options_.batch_wait);
    if (!polled.ok()) {
      status = polled.status();
    } else if (!polled->records.empty()) {
      status = ProcessBatch(polled->records, **consumer, **producer);
    }
  }
  (*consumer)->Close();
  return status;
}

absl::Status ParserWorker::ProcessBatch(
    const std::vector<kafka::Record>& batch, kafka::Consumer& consumer,
    kafka::TransactionalProducer& producer) {
  // Before the pages are parsed: where the group goes on without this member
  // meanwhile, the offsets are refused.
  const absl::StatusOr<std::string> group = consumer.GroupMetadata();
  if (!group.ok()) return group.status();
  std::vector<PageOutcome> outcomes = Decide(batch);
  absl::Status status = producer.Begin();
  if (status.ok()) status = Write(batch, outcomes, producer);
  if (status.ok()) {
    status = producer.SendOffsets(PositionsBehind(batch), *group);
  }
  if (status.ok()) status = producer.Commit();
  if (status.ok()) {
    Count(outcomes);
    return status;
  }
  if (const absl::Status aborted = producer.Abort(); !aborted.ok()) {
    LogWarning("the broker will end the open transaction by its time-out",
               {{"reason", aborted.message()}});
  }
  return status;
}

std::vector<PageOutcome> ParserWorker::Decide(
    const std::vector<kafka::Record>& batch) {
  std::vector<PageOutcome> outcomes(batch.size());
  const size_t workers = std::min<size_t>(
      static_cast<size_t>(options_.parse_threads), batch.size());
  std::atomic<size_t> next = 0;
  const auto decide = [&] {
    for (size_t i; (i = next++) < batch.size();) {
      outcomes[i] = DecidePage(batch[i], topics_, clock_.Now(), options_.rules);
    }
  };
  absl::BlockingCounter done(static_cast<int>(workers));
  for (size_t i = 0; i < workers; ++i) {
    const auto work = [&] {
      decide();
      done.DecrementCount();
    };
    if (!pool_.TrySchedule(work)) work();
  }
  done.Wait();
  return outcomes;
}

absl::Status ParserWorker::Write(const std::vector<kafka::Record>& batch,
                                 std::vector<PageOutcome>& outcomes,
                                 kafka::TransactionalProducer& producer) {
  for (size_t i = 0; i < batch.size(); ++i) {
    absl::Status status = producer.Produce(outcomes[i].record);
    // An article may become a dead letter, and that one lose its value.
    for (int tries = 0; tries < 2 && absl::IsInvalidArgument(status); ++tries) {
      outcomes[i] = SmallerOutcome(batch[i], std::move(outcomes[i]), topics_,
                                   clock_.Now(), status.message());
      status = producer.Produce(outcomes[i].record);
    }
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

void ParserWorker::Count(const std::vector<PageOutcome>& outcomes) {
  for (const PageOutcome& outcome : outcomes) {
    metrics_
        .Counter("dateline_parser_pages_total",
                 "Pages by outcome: article, or the dead letter's reason",
                 {{"outcome", outcome.label}})
        .Increment();
  }
}

}  // namespace dateline

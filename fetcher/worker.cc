#include "fetcher/worker.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/log.h"
#include "fetcher/core/metric_labels.h"
#include "fetcher/core/outcome.h"
#include "fetcher/core/partition_of.h"

namespace dateline::fetcher {
namespace {

constexpr absl::Duration kBrokerTimeout = absl::Seconds(5);
constexpr absl::Duration kRetryWait = absl::Seconds(1);
constexpr absl::Duration kPollWait = absl::Milliseconds(100);
constexpr absl::Duration kBusyWait = absl::Milliseconds(5);
constexpr absl::Duration kDrainTime = absl::Seconds(5);
// Longer than a transaction may last (TransactionOptions::timeout).
constexpr absl::Duration kSettleTime = absl::Seconds(20);
constexpr absl::Duration kShowSourcesEvery = absl::Seconds(15);
constexpr absl::Duration kLookupTime = absl::Seconds(5);
constexpr absl::Duration kLookupWait = absl::Milliseconds(500);
constexpr size_t kMaxRecords = 2000;
// One transaction's. Small enough that the next is fetched meanwhile, and no
// smaller than need be: what a transaction costs the broker, for each partition
// in it, is more than the pages of a few milliseconds do.
constexpr BatchBounds kBatch = {
    .fetches = 1000, .bytes = 16 << 20, .wait = absl::Milliseconds(100)};
constexpr size_t kMaxSettled = 1000;

bool IsPublished(const Conclusion& conclusion) {
  return conclusion.verdict.outcome == v1::FETCH_OUTCOME_FETCHED &&
         conclusion.entry.purpose() != v1::FETCH_PURPOSE_SOURCE &&
         conclusion.entry.purpose() != v1::FETCH_PURPOSE_ROBOTS;
}

}  // namespace

Worker::Worker(WorkerClients clients, const TopicNames& topics,
               const ScheduleRules& rules, Crawler* crawler, HttpClient* http,
               SourceReader* sources, EventHub* events, Metrics* metrics,
               PageArchive* archive, otlp::SpanSink* spans)
    : clients_(std::move(clients)),
      topics_(topics),
      crawler_(*crawler),
      http_(*http),
      sources_(*sources),
      events_(*events),
      metrics_(*metrics),
      writer_(topics, rules, crawler, sources, spans),
      archive_(archive),
      source_metrics_(metrics, sources) {}

Worker::~Worker() { Stop(); }

void Worker::Start() {
  thread_ = std::thread([this] { Run(); });
}

void Worker::Stop() {
  if (stop_.HasBeenNotified()) return;
  stop_.Notify();
  if (thread_.joinable()) thread_.join();
  lookups_.Close();
  http_.Stop();
}

void Worker::Run() {
  std::string said;
  while (!stop_.HasBeenNotified()) {
    absl::Status status = Connect();
    if (status.ok()) {
      said.clear();
      status = RunSession();
    }
    if (status.ok()) break;
    if (said != status.message()) {
      said = std::string(status.message());
      LogWarning("waiting for the frontier topic",
                 {{"topic", topics_.frontier}, {"error", said}});
    }
    // A broker that is away is waited for with the same clients.
    if (!absl::IsUnavailable(status) && !absl::IsNotFound(status)) Disconnect();
    stop_.WaitForNotificationWithTimeout(kRetryWait);
  }
  Disconnect();
}

absl::Status Worker::RunSession() {
  LogInfo("reading the frontier", {{"topic", topics_.frontier},
                                   {"partitions", partition_count_.load()}});
  while (!stop_.HasBeenNotified()) {
    const absl::Status status = Step(kPollWait);
    if (status.ok()) continue;
    if (absl::IsFailedPrecondition(status)) return status;
    LogWarning("transaction aborted, to be tried again",
               {{"error", status.message()}});
    stop_.WaitForNotificationWithTimeout(kPollWait);
  }
  Drain();
  return absl::OkStatus();
}

void Worker::Drain() {
  crawler_.StopTaking();
  const absl::Time deadline = absl::Now() + kDrainTime;
  while (absl::Now() < deadline &&
         (crawler_.InFlight() > 0 || crawler_.HasEnded() || !batch_.empty())) {
    if (!Step(kBusyWait).ok()) break;
  }
}

absl::Status Worker::Connect() {
  if (consumer_ == nullptr) {
    absl::StatusOr<std::unique_ptr<kafka::Consumer>> made = clients_.consumer();
    if (!made.ok()) return made.status();
    consumer_ = *std::move(made);
  }
  if (producer_ == nullptr) {
    absl::StatusOr<std::unique_ptr<kafka::TransactionalProducer>> made =
        clients_.producer();
    if (!made.ok()) return made.status();
    producer_ = *std::move(made);
  }
  const absl::StatusOr<int32_t> count =
      consumer_->PartitionCount(topics_.frontier, kBrokerTimeout);
  if (!count.ok()) return count.status();
  if (absl::Status status = producer_->Init(kBrokerTimeout); !status.ok()) {
    return status;
  }
  partition_count_ = *count;
  return consumer_->Subscribe({topics_.frontier}, this);
}

void Worker::Disconnect() {
  if (consumer_ != nullptr) consumer_->Close();
  consumer_.reset();
  producer_.reset();
  while (!next_offsets_.empty()) RemovePartition(next_offsets_.begin()->first);
  DropForeign();
  lookups_.Answer(*this, crawler_.Now());  // none is owned any more
}

absl::Status Worker::Step(absl::Duration longest_wait) {
  const absl::StatusOr<kafka::PollResult> polled =
      consumer_->Poll(kMaxRecords, WaitFor(longest_wait));
  if (polled.ok()) {
    TakeRecords(*polled);
  } else if (!absl::IsUnavailable(polled.status())) {
    return absl::FailedPreconditionError(polled.status().message());
  }
  lookups_.Answer(*this, crawler_.Now());
  UpdateSources();
  ShowSources();
  crawler_.Pump();
  return WriteEnded();
}

absl::Duration Worker::WaitFor(absl::Duration longest) const {
  if (!batch_.empty() || crawler_.HasBatch(kBatch)) {
    return absl::ZeroDuration();
  }
  if (crawler_.InFlight() > 0) return std::min(kBusyWait, longest);
  return crawler_.Idle(longest);
}

void Worker::TakeRecords(const kafka::PollResult& polled) {
  for (const kafka::Record& record : polled.records) {
    const absl::Status applied = crawler_.Apply(record);
    if (!applied.ok()) {
      LogWarning("record left out",
                 {{"partition", kafka::ToString(record.partition)},
                  {"offset", record.offset},
                  {"error", applied.message()}});
    }
    next_offsets_[record.partition.partition] = record.offset + 1;
  }
  for (const kafka::Position& end : polled.uncommitted_ends) {
    const int32_t partition = end.partition.partition;
    if (!crawler_.IsLoaded(partition)) {
      load_to_.try_emplace(partition, end.offset);
    }
  }
  for (const kafka::Position& end : polled.ends) {
    const int32_t partition = end.partition.partition;
    next_offsets_[partition] = end.offset;
    if (crawler_.IsLoaded(partition)) continue;
    const auto [load_to, is_first] =
        load_to_.try_emplace(partition, end.offset);
    if (end.offset < load_to->second) continue;
    crawler_.FinishLoading(partition);
    sources_version_ = -1;  // its sources are to be scheduled
    LogInfo("partition is read", {{"partition", partition},
                                  {"offset", end.offset},
                                  {"urls", crawler_.UrlCount()}});
  }
}

int32_t Worker::PartitionOf(absl::string_view url) const {
  return PartitionOfUrl(url, partition_count_).value_or(0);
}

int64_t Worker::ReadTo(int32_t partition) const {
  const auto next = next_offsets_.find(partition);
  return next == next_offsets_.end() ? 0 : next->second;
}

std::map<int32_t, int64_t> Worker::WrittenEnds(
    const std::set<int32_t>& partitions) {
  std::vector<kafka::TopicPartition> asked;
  for (const int32_t partition : partitions) {
    asked.push_back({topics_.frontier, partition});
  }
  std::map<int32_t, int64_t> ends;
  const auto answer = consumer_->WrittenEnds(asked, kLookupWait);
  if (!answer.ok()) return ends;
  for (const kafka::Position& end : *answer) {
    ends[end.partition.partition] = end.offset;
  }
  return ends;
}

void Worker::UpdateSources() {
  const int64_t version = sources_.Version();
  if (version == 0 || version == sources_version_) return;
  sources_version_ = version;
  crawler_.SetSources(sources_.All(), partition_count_);
}

absl::Status Worker::WriteEnded() {
  DropForeign();
  if (batch_.empty() && crawler_.HasBatch(kBatch)) {
    batch_ = crawler_.TakeEnded(kBatch);
  }
  const std::vector<SettledSubmission> settled =
      crawler_.UnsettledSubmissions(kMaxSettled);
  if (batch_.empty() && settled.empty()) return absl::OkStatus();
  absl::StatusOr<std::string> group = consumer_->GroupMetadata();
  if (!group.ok()) return group.status();
  const ConsumedUpTo consumed = {next_offsets_, *std::move(group)};
  const absl::StatusOr<std::vector<Conclusion>> written =
      writer_.Write(batch_, settled, partition_count_, consumed, *producer_);
  if (!written.ok()) return written.status();
  std::vector<v1::FetchEvent> events;
  for (size_t i = 0; i < batch_.size(); ++i) {
    crawler_.Finish(batch_[i], (*written)[i].entry);
    if (batch_[i].task.entry.purpose() == v1::FETCH_PURPOSE_ROBOTS) continue;
    events.push_back(
        EventOf((*written)[i], batch_[i].result, batch_[i].task.host));
  }
  crawler_.Settled(settled);
  Archive(*written);
  batch_.clear();
  Account(*written);
  events_.Publish(events);
  crawler_.Pump();
  return absl::OkStatus();
}

void Worker::DropForeign() {
  const auto foreign = std::stable_partition(
      batch_.begin(), batch_.end(),
      [&](const EndedFetch& fetch) { return crawler_.IsCurrent(fetch.task); });
  std::for_each(foreign, batch_.end(),
                [&](const EndedFetch& fetch) { crawler_.Drop(fetch); });
  batch_.erase(foreign, batch_.end());
}

void Worker::Account(const std::vector<Conclusion>& conclusions) {
  for (const Conclusion& conclusion : conclusions) {
    if (conclusion.entry.purpose() == v1::FETCH_PURPOSE_ROBOTS) {
      metrics_
          .Counter("dateline_fetcher_robots_total",
                   "Requests for a robots.txt that ended")
          .Increment();
      continue;
    }
    metrics_
        .Counter(
            "dateline_fetcher_fetches_total",
            "Fetches that ended, by outcome and reason",
            {{"outcome", std::string(OutcomeLabel(conclusion.verdict.outcome))},
             {"reason", ReasonLabel(conclusion.verdict.code)}})
        .Increment();
    source_metrics_.Count(conclusion.entry.hints().source(),
                          conclusion.verdict);
  }
  metrics_
      .Gauge("dateline_fetcher_frontier_urls",
             "URLs in the partitions of the frontier owned here")
      .Set(static_cast<double>(crawler_.UrlCount()));
}

void Worker::Archive(const std::vector<Conclusion>& conclusions) {
  if (archive_ == nullptr) return;
  for (size_t i = 0; i < batch_.size(); ++i) {
    if (IsPublished(conclusions[i])) {
      archive_->Add(conclusions[i].entry, std::move(batch_[i].result));
    }
  }
}

void Worker::ShowSources() {
  const absl::Time now = crawler_.Now();
  if (now < show_sources_) return;
  show_sources_ = now + kShowSourcesEvery;
  source_metrics_.Show(crawler_.SourceStandings());
}

void Worker::OnAssigned(std::vector<kafka::Position>& partitions) {
  for (kafka::Position& position : partitions) {
    position.offset = kafka::kOffsetBeginning;
    next_offsets_[position.partition.partition] = 0;
    crawler_.AddPartition(position.partition.partition);
  }
  LogInfo("partitions assigned", {{"count", partitions.size()}});
  std::vector<kafka::TopicPartition> assigned;
  for (const kafka::Position& position : partitions) {
    assigned.push_back(position.partition);
  }
  if (assigned.empty()) return;
  const absl::Status settled = consumer_->AwaitOffsets(assigned, kSettleTime);
  if (!settled.ok()) {
    LogWarning(
        "URLs may be fetched twice: what the partitions' last owner "
        "writes is not settled",
        {{"error", settled.message()}});
  }
}

void Worker::OnRevoked(const std::vector<kafka::TopicPartition>& partitions) {
  for (const kafka::TopicPartition& partition : partitions) {
    RemovePartition(partition.partition);
  }
  LogInfo("partitions revoked", {{"count", partitions.size()}});
}

void Worker::OnLost(const std::vector<kafka::TopicPartition>& partitions) {
  OnRevoked(partitions);
}

void Worker::RemovePartition(int32_t partition) {
  crawler_.RemovePartition(partition);
  next_offsets_.erase(partition);
  load_to_.erase(partition);
}

std::optional<int32_t> Worker::PartitionCount() const {
  const int32_t count = partition_count_;
  return count > 0 ? std::optional<int32_t>(count) : std::nullopt;
}

absl::StatusOr<v1::UrlEntry> Worker::Find(
    absl::string_view canonical_url) const {
  const std::optional<int32_t> count = PartitionCount();
  if (!count.has_value()) {
    return absl::UnavailableError("The broker has not answered yet.");
  }
  const absl::StatusOr<int32_t> partition =
      PartitionOfUrl(canonical_url, *count);
  if (!partition.ok()) return partition.status();
  if (!crawler_.IsLoaded(*partition)) {
    return absl::UnavailableError(
        "Another replica owns this URL's host, or its partition is still "
        "being read.");
  }
  std::optional<v1::UrlEntry> entry = crawler_.Find(*partition, canonical_url);
  if (!entry.has_value()) {
    return absl::NotFoundError(
        absl::StrCat("The URL ", canonical_url, " was never taken."));
  }
  return *std::move(entry);
}

void Worker::FindUpToDate(std::string canonical_url, UrlCallback answer) {
  absl::StatusOr<v1::UrlEntry> found = Find(canonical_url);
  if (!absl::IsNotFound(found.status())) return answer(std::move(found));
  lookups_.Add(std::move(canonical_url), crawler_.Now() + kLookupTime,
               std::move(answer));
}

}  // namespace dateline::fetcher

#include "parser/parser_session.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/log.h"
#include "common/otlp/record_attributes.h"
#include "parser/core/parse_span.h"

namespace dateline {
namespace {

using std::chrono::steady_clock;

// Records of one poll.
constexpr size_t kMaxPolled = 500;
// Fewer, as the others wait meanwhile.
constexpr size_t kMaxPolledBackfill = 50;
constexpr absl::Duration kIdlePoll = absl::Milliseconds(100);
// The same while nobody looks at the backfill.
constexpr absl::Duration kLivePoll = absl::Milliseconds(20);
// Between looks at the topic while pages are being read.
constexpr absl::Duration kBusyWait = absl::Milliseconds(5);
constexpr size_t kManyFinished = 64;
// Longest time without a poll: rebalances are served by polls. Pausing throws
// away what was fetched ahead, so it is not for the short stops.
constexpr std::chrono::milliseconds kLongestStop(1000);
// Longer than a transaction that a dead parser left open.
constexpr absl::Duration kCommittedTimeout = absl::Seconds(30);

size_t OutcomeBytes(const PageVerdict& verdict) {
  return verdict.article.size() + verdict.message.size() + verdict.url.size();
}

}  // namespace

ParserSession::ParserSession(kafka::Consumer& live, kafka::Consumer& backfill,
                             kafka::TransactionalProducer& producer,
                             PageReader& reader, const TopicNames& topics,
                             const ParserSessionOptions& options,
                             const Clock& clock, Metrics& metrics,
                             OutcomeMetrics& outcome_metrics,
                             otlp::SpanSink* spans)
    : producer_(producer),
      reader_(reader),
      topics_(topics),
      options_(options),
      clock_(clock),
      metrics_(metrics),
      spans_(spans),
      outcome_metrics_(outcome_metrics),
      live_{live, topics_.pages, kMaxPolled, options_.max_in_flight_bytes},
      backfill_{
          backfill, topics_.pages_backfill, kMaxPolledBackfill,
          options_.max_in_flight_bytes - options_.max_in_flight_bytes / 4},
      finished_(std::make_shared<FinishedPages>()) {}

ParserSession::~ParserSession() {
  for (const auto& [name, partition] : partitions_) {
    CountLeft(partition.pages.size());
  }
  partitions_.clear();
  live_.in_flight_bytes = backfill_.in_flight_bytes = 0;
  unfinished_ = 0;
  ShowInFlight();
}

absl::Status ParserSession::Run(const absl::Notification& stop) {
  fault_ = live_.consumer.Subscribe({live_.topic}, this);
  if (fault_.ok()) {
    fault_ = backfill_.consumer.Subscribe({backfill_.topic}, this);
  }
  while (fault_.ok() && !stop.HasBeenNotified()) {
    absl::Status status = Step();
    // The listener may have met one before.
    if (fault_.ok()) fault_ = std::move(status);
  }
  reader_.DropQueued();
  live_.consumer.Close();
  backfill_.consumer.Close();
  return fault_;
}

absl::Status ParserSession::Step() {
  CollectFinished();
  const SteadyTime now = steady_clock::now();
  const size_t ready = ReadyPages();
  const SteadyTime due = last_transaction_ + absl::ToChronoNanoseconds(
                                                 options_.transaction_interval);
  if (ready >= options_.transaction_pages || (ready > 0 && now >= due)) {
    return WriteReady();
  }
  for (Intake* intake : {&live_, &backfill_}) {
    if (intake->in_flight_bytes < intake->max_in_flight_bytes) {
      intake->full_since.reset();
    } else if (!intake->full_since.has_value()) {
      intake->full_since = now;
    }
  }
  ShowInFlight();
  return ReadMore(due, ready > 0);
}

absl::Status ParserSession::ReadMore(SteadyTime due, bool ready) {
  size_t pages = 0;
  for (Intake* intake : {&live_, &backfill_}) {
    const auto read = ReadFrom(*intake, absl::ZeroDuration());
    if (!read.ok()) return read.status();
    pages += *read;
  }
  if (pages > 0) return absl::OkStatus();
  ShowLag();
  const absl::Duration longest =
      ready ? std::clamp(absl::FromChrono(due - steady_clock::now()),
                         absl::ZeroDuration(), kIdlePoll)
            : kIdlePoll;
  if (unfinished_ > 0 || live_.full_since.has_value()) {
    AwaitReader(due, longest);
    return absl::OkStatus();
  }
  return ReadFrom(live_, std::min(longest, kLivePoll)).status();
}

absl::StatusOr<size_t> ParserSession::ReadFrom(Intake& intake,
                                               absl::Duration wait) {
  if (intake.full_since.has_value() &&
      steady_clock::now() - *intake.full_since < kLongestStop) {
    return 0;
  }
  absl::Status status = SetPauses(intake);
  if (!status.ok()) return status;
  absl::StatusOr<kafka::PollResult> polled =
      intake.consumer.Poll(intake.max_records, wait);
  if (!polled.ok()) return polled.status();
  if (!fault_.ok()) return fault_;
  const size_t pages = polled->records.size();
  status = Admit(std::move(polled->records));
  if (!status.ok()) return status;
  return pages;
}

void ParserSession::AwaitReader(SteadyTime due, absl::Duration longest) {
  // Before the next transaction is due, nobody waits for a single outcome.
  const size_t count = steady_clock::now() < due ? kManyFinished : 1;
  finished_->Await(count, std::min(longest, kBusyWait));
}

absl::Status ParserSession::Admit(std::vector<kafka::Record> records) {
  for (kafka::Record& record : records) {
    Partition& partition = partitions_[record.partition];
    const int64_t offset = record.offset;
    if (partition.window.IsBehind(offset)) {
      return absl::AbortedError(absl::StrCat(kafka::ToString(record.partition),
                                             " is read again from offset ",
                                             offset, " on"));
    }
    if (!partition.window.Admit(offset, record.key)) continue;
    Page page;
    page.begin = clock_.Now();
    page.bytes = record.key.size() + record.value.value_or("").size();
    page.record = std::make_shared<const kafka::Record>(std::move(record));
    IntakeOf(page.record->partition).in_flight_bytes += page.bytes;
    ++unfinished_;
    metrics_
        .Counter(
            "dateline_parser_pages_taken_total",
            "Pages read: each becomes an outcome, is in flight, or is left")
        .Increment();
    PageTask task = TaskOf(page.record, page.begin);
    task.can_wait = page.record->partition.topic == backfill_.topic;
    reader_.Read(std::move(task),
                 [finished = finished_, where = page.record->partition,
                  offset](PageVerdict verdict) {
                   finished->Add({where, offset, std::move(verdict)});
                 });
    partition.pages[offset] = std::move(page);
  }
  return absl::OkStatus();
}

void ParserSession::CollectFinished() {
  for (FinishedPage& finished : finished_->TakeAll()) {
    // Partitions go, and may have come again since.
    const auto partition = partitions_.find(finished.partition);
    if (partition == partitions_.end()) continue;
    const auto page = partition->second.pages.find(finished.offset);
    if (page == partition->second.pages.end() ||
        page->second.verdict.has_value()) {
      continue;
    }
    const size_t bytes = OutcomeBytes(finished.verdict);
    page->second.verdict = std::move(finished.verdict);
    page->second.bytes += bytes;
    IntakeOf(finished.partition).in_flight_bytes += bytes;
    --unfinished_;
    partition->second.window.Finish(finished.offset);
  }
}

size_t ParserSession::ReadyPages() const {
  size_t ready = 0;
  for (const auto& [name, partition] : partitions_) {
    ready += partition.window.ready();
  }
  return ready;
}

absl::Status ParserSession::WriteReady() {
  last_transaction_ = steady_clock::now();
  std::vector<TakenPage> taken = TakeReady();
  if (taken.empty()) return absl::OkStatus();
  const std::vector<kafka::Position> positions = NewPositions();
  absl::Status status = WriteTransaction(taken, positions);
  if (!status.ok()) {
    CountLeft(taken.size());
    return status;
  }
  for (const kafka::Position& position : positions) {
    partitions_[position.partition].committed =
        WindowMark{position.offset, position.metadata};
  }
  for (const TakenPage& page : taken) {
    IntakeOf(page.page.record->partition).in_flight_bytes -= page.page.bytes;
  }
  Count(taken);
  ShowLag();
  return absl::OkStatus();
}

std::vector<ParserSession::TakenPage> ParserSession::TakeReady() {
  std::vector<TakenPage> taken;
  for (auto& [name, partition] : partitions_) {
    while (taken.size() < options_.transaction_pages) {
      const std::optional<int64_t> offset = partition.window.TakeNext();
      if (!offset.has_value()) break;
      auto page = partition.pages.extract(*offset);
      TakenPage next{std::move(page.mapped()), {}};
      next.outcome = OutcomeOf(*next.page.record, *std::move(next.page.verdict),
                               topics_, clock_.Now());
      taken.push_back(std::move(next));
    }
  }
  return taken;
}

std::vector<kafka::Position> ParserSession::NewPositions() const {
  std::vector<kafka::Position> positions;
  for (const auto& [name, partition] : partitions_) {
    const std::optional<WindowMark> mark = partition.window.Mark();
    if (mark.has_value() && mark != partition.committed) {
      positions.push_back({name, mark->offset, mark->done});
    }
  }
  return positions;
}

absl::Status ParserSession::WriteTransaction(
    std::vector<TakenPage>& taken,
    const std::vector<kafka::Position>& positions) {
  const auto offsets = OffsetsOf(positions);
  if (!offsets.ok()) return offsets.status();
  absl::Status status = producer_.Begin();
  for (size_t i = 0; status.ok() && i < taken.size(); ++i) {
    status = WriteOutcome(taken[i]);
  }
  for (size_t i = 0; status.ok() && i < offsets->size(); ++i) {
    status =
        producer_.SendOffsets((*offsets)[i].positions, (*offsets)[i].group);
  }
  if (status.ok()) status = producer_.Commit();
  if (status.ok()) return status;
  if (const absl::Status aborted = producer_.Abort(); !aborted.ok()) {
    LogWarning("the broker will end the open transaction by its time-out",
               {{"reason", aborted.message()}});
  }
  return status;
}

absl::StatusOr<std::vector<ParserSession::Offsets>> ParserSession::OffsetsOf(
    const std::vector<kafka::Position>& positions) {
  std::vector<Offsets> all;
  for (Intake* intake : {&live_, &backfill_}) {
    Offsets offsets;
    for (const kafka::Position& position : positions) {
      if (&IntakeOf(position.partition) == intake) {
        offsets.positions.push_back(position);
      }
    }
    if (offsets.positions.empty()) continue;
    // Where the group goes on without this member, there is none, or the
    // offsets are refused.
    absl::StatusOr<std::string> group = intake->consumer.GroupMetadata();
    if (!group.ok()) return group.status();
    offsets.group = *std::move(group);
    all.push_back(std::move(offsets));
  }
  return all;
}

absl::Status ParserSession::WriteOutcome(TakenPage& taken) {
  absl::Status status = producer_.Produce(taken.outcome.record);
  // An article may become a dead letter, and that one lose its value.
  for (int tries = 0; tries < 2 && absl::IsInvalidArgument(status); ++tries) {
    taken.outcome = SmallerOutcome(*taken.page.record, std::move(taken.outcome),
                                   topics_, clock_.Now(), status.message());
    status = producer_.Produce(taken.outcome.record);
  }
  return status;
}

ParserSession::Intake& ParserSession::IntakeOf(
    const kafka::TopicPartition& partition) {
  return partition.topic == backfill_.topic ? backfill_ : live_;
}

absl::Status ParserSession::SetPauses(Intake& intake) {
  std::vector<kafka::TopicPartition> pause;
  std::vector<kafka::TopicPartition> resume;
  for (auto& [name, partition] : partitions_) {
    if (&IntakeOf(name) != &intake) continue;
    const bool wanted =
        intake.full_since.has_value() || partition.window.IsWide();
    if (wanted != partition.paused) (wanted ? pause : resume).push_back(name);
    partition.paused = wanted;
  }
  absl::Status status;
  if (!pause.empty()) status = intake.consumer.Pause(pause);
  if (status.ok() && !resume.empty()) status = intake.consumer.Resume(resume);
  return status;
}

void ParserSession::Drop(const kafka::TopicPartition& name) {
  const auto partition = partitions_.find(name);
  if (partition == partitions_.end()) return;
  for (const auto& [offset, page] : partition->second.pages) {
    IntakeOf(name).in_flight_bytes -= page.bytes;
    if (!page.verdict.has_value()) --unfinished_;
  }
  CountLeft(partition->second.pages.size());
  partitions_.erase(partition);
}

void ParserSession::OnAssigned(std::vector<kafka::Position>& partitions) {
  std::vector<kafka::TopicPartition> names;
  for (const kafka::Position& position : partitions) {
    names.push_back(position.partition);
    LogInfo("partition assigned",
            {{"partition", kafka::ToString(position.partition)}});
  }
  if (names.empty()) return;
  absl::StatusOr<std::vector<kafka::Position>> committed =
      IntakeOf(names.front()).consumer.Committed(names, kCommittedTimeout);
  if (!committed.ok()) {
    if (fault_.ok()) fault_ = committed.status();
    return;
  }
  for (const kafka::Position& position : *committed) {
    Partition& partition = partitions_[position.partition];
    if (position.offset == kafka::kOffsetStored) continue;
    partition.committed = WindowMark{position.offset, position.metadata};
    partition.window = PageWindow::Resume(*partition.committed);
  }
  // Read from where the marks were read, whoever commits meanwhile.
  partitions = *std::move(committed);
}

void ParserSession::OnRevoked(
    const std::vector<kafka::TopicPartition>& partitions) {
  // Between two transactions: polls and closes are.
  CollectFinished();
  while (fault_.ok() && ReadyPages() > 0) fault_ = WriteReady();
  for (const kafka::TopicPartition& partition : partitions) {
    LogInfo("partition revoked", {{"partition", kafka::ToString(partition)}});
    Drop(partition);
  }
}

void ParserSession::OnLost(
    const std::vector<kafka::TopicPartition>& partitions) {
  for (const kafka::TopicPartition& partition : partitions) {
    LogInfo("partition lost", {{"partition", kafka::ToString(partition)}});
    Drop(partition);
  }
}

void ParserSession::Count(const std::vector<TakenPage>& taken) {
  metrics_
      .Counter("dateline_parser_transactions_total", "Transactions committed")
      .Increment();
  const absl::Time now = clock_.Now();
  for (const TakenPage& page : taken) {
    outcome_metrics_.Count(*page.page.record, page.outcome, now);
  }
  AddSpans(taken, now);
}

void ParserSession::AddSpans(const std::vector<TakenPage>& taken,
                             absl::Time now) {
  for (const auto& [page, outcome] : taken) {
    if (!otlp::WantsTraceOf(spans_, page.record->headers)) continue;
    std::optional<otlp::Span> span =
        ParseSpan(*page.record, outcome, page.begin, now);
    if (span.has_value()) spans_->Add(*std::move(span));
  }
}

void ParserSession::CountLeft(size_t pages) {
  metrics_
      .Counter("dateline_parser_pages_left_total",
               "Pages taken whose outcome is not known to be committed: for "
               "whoever reads them next")
      .Increment(static_cast<double>(pages));
}

void ParserSession::ShowInFlight() {
  size_t pages = 0;
  for (const auto& [name, partition] : partitions_) {
    pages += partition.pages.size();
  }
  metrics_
      .Gauge("dateline_parser_in_flight_bytes",
             "Pages and outcomes between reading and writing")
      .Set(static_cast<double>(live_.in_flight_bytes +
                               backfill_.in_flight_bytes));
  metrics_
      .Gauge("dateline_parser_in_flight_pages", "The same, counted in pages")
      .Set(static_cast<double>(pages));
}

void ParserSession::ShowLag() {
  std::map<std::string, int64_t> lags = {{topics_.pages, 0},
                                         {topics_.pages_backfill, 0}};
  for (const auto& [name, partition] : partitions_) {
    const std::optional<int64_t> end = IntakeOf(name).consumer.FetchedEnd(name);
    const int64_t done =
        partition.committed.has_value() ? partition.committed->offset : 0;
    if (end.has_value()) lags[name.topic] += std::max<int64_t>(0, *end - done);
  }
  for (const auto& [topic, lag] : lags) {
    metrics_
        .Gauge("dateline_parser_lag_records",
               "Records without a committed outcome in the partitions owned "
               "here, transactions' marks included",
               {{"topic", topic}})
        .Set(static_cast<double>(lag));
  }
}

}  // namespace dateline

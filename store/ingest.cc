#include "store/ingest.h"

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "common/log.h"
#include "common/otlp/record_attributes.h"
#include "store/core/decode_record.h"
#include "store/core/store_span.h"

namespace dateline::store {
namespace {

constexpr absl::Duration kPollWait = absl::Milliseconds(100);
constexpr absl::Duration kNewPartitionsEvery = absl::Seconds(30);
constexpr absl::Duration kCountEvery = absl::Seconds(1);
constexpr absl::Duration kProgressEvery = absl::Seconds(10);
constexpr absl::Duration kRetainEvery = absl::Minutes(1);
// Few, so that new articles don't wait for long.
constexpr int kDeleteAtOnce = 200;

prometheus::Counter& ResultCounter(Metrics& metrics, const char* result) {
  return metrics.Counter("dateline_store_articles_total",
                         "Records of the articles topic, by what became of "
                         "them",
                         {{"result", result}});
}

}  // namespace

Ingest::Ingest(ConsumerFactory factory, IngestOptions options,
               ArticleRepository& repository, Metrics& metrics,
               IngestListener listener, otlp::SpanSink* spans)
    : factory_(std::move(factory)),
      options_(std::move(options)),
      repository_(repository),
      listener_(std::move(listener)),
      spans_(spans),
      stored_(ResultCounter(metrics, "stored")),
      seen_again_(ResultCounter(metrics, "seen_again")),
      stale_(ResultCounter(metrics, "stale")),
      deleted_(ResultCounter(metrics, "deleted")),
      corrupt_(ResultCounter(metrics, "corrupt")),
      refused_(ResultCounter(metrics, "refused")),
      expired_(metrics.Counter("dateline_store_expired_total",
                               "Articles deleted as too old or too many, by "
                               "--retain_age and --retain_bytes")),
      lag_(metrics.Gauge("dateline_store_lag_records",
                         "Records between the store and the end of the "
                         "articles topic, at most")),
      arrival_(metrics.Latency("dateline_store_arrival_seconds",
                               "From an article's parsing until it can be "
                               "read here, while caught up")),
      articles_(metrics.Gauge("dateline_store_articles",
                              "Articles that the store has")),
      thread_("ingest", [this] { return Read(); }) {}

void Ingest::Stop() {
  thread_.Stop();
  if (std::exchange(is_caught_up_, false)) listener_.caught_up(false);
}

absl::Status Ingest::Read() {
  const absl::StatusOr<std::vector<kafka::Position>> positions =
      repository_.Positions();
  if (!positions.ok()) return positions.status();
  TopicReader reader(factory_, options_.topic);
  absl::Status status = reader.Open(
      {.offsets = ToOffsets(options_.topic, *positions), .skip_gone = true});
  if (!status.ok()) return status;
  LogInfo("reading articles",
          {{"topic", options_.topic},
           {"partitions", reader.offsets().size()},
           {"behind", Distance(reader.offsets(), reader.ends())}});
  return ReadOpened(reader);
}

absl::Status Ingest::ReadOpened(TopicReader& reader) {
  absl::Time partitions_due = absl::Now() + kNewPartitionsEvery;
  const Progress progress(absl::Now(),
                          Distance(reader.offsets(), reader.ends()));
  progress_due_ = absl::Now() + kProgressEvery;
  TellLag(reader);
  while (!thread_.stopping()) {
    absl::StatusOr<std::vector<kafka::Record>> records =
        reader.Poll(options_.batch_records, kPollWait);
    if (!records.ok()) return records.status();
    if (!records->empty()) {
      absl::Status status = ApplyRecords(reader, *std::move(records));
      if (!status.ok()) return status;
      thread_.Going();
    }
    const absl::Time now = absl::Now();
    // This only asks; where the broker is away, the next time will do.
    if (now >= partitions_due) {
      reader.TakeUpNewPartitions().IgnoreError();
      partitions_due = absl::Now() + kNewPartitionsEvery;
    }
    if (absl::Status status = Retain(); !status.ok()) return status;
    if (count_is_old_ && now >= count_due_) TellCount();
    TellLag(reader);
    TellProgress(reader, progress);
  }
  return absl::OkStatus();
}

absl::Status Ingest::Retain() {
  const absl::Time now = absl::Now();
  if (now < retain_due_) return absl::OkStatus();
  const absl::StatusOr<int64_t> deleted = DeleteExpired(now);
  if (!deleted.ok()) return deleted.status();
  expired_.Increment(static_cast<double>(*deleted));
  count_is_old_ |= *deleted > 0;
  // Goes on at once where there may be more.
  if (*deleted < kDeleteAtOnce) retain_due_ = now + kRetainEvery;
  return absl::OkStatus();
}

absl::StatusOr<int64_t> Ingest::DeleteExpired(absl::Time now) {
  const Retention& retention = options_.retention;
  if (retention.age != absl::InfiniteDuration()) {
    const absl::StatusOr<int64_t> deleted = repository_.DeleteOldest(
        absl::ToUnixMicros(now - retention.age), kDeleteAtOnce);
    if (!deleted.ok() || *deleted > 0) return deleted;
  }
  if (retention.size_bytes <= 0) return 0;
  if (too_many_ == 0) {
    // Counts the articles, so this is done once for many deletions.
    const absl::StatusOr<Usage> usage = repository_.MeasureUsage();
    if (!usage.ok()) return usage.status();
    too_many_ = ArticlesTooMany(*usage, retention.size_bytes);
  }
  if (too_many_ == 0) return 0;
  const int64_t wanted = std::min<int64_t>(too_many_, kDeleteAtOnce);
  const absl::StatusOr<int64_t> deleted = repository_.DeleteOldest(
      std::numeric_limits<int64_t>::max(), static_cast<int>(wanted));
  // Measured anew after an error, or where there were not as many.
  too_many_ = deleted.ok() && *deleted == wanted ? too_many_ - wanted : 0;
  return deleted;
}

void Ingest::TellProgress(const TopicReader& reader, const Progress& progress) {
  const absl::Time now = absl::Now();
  if (is_caught_up_ || now < progress_due_) return;
  progress_due_ = now + kProgressEvery;
  const int64_t left = Distance(reader.offsets(), reader.ends());
  const std::optional<absl::Duration> remaining = progress.Remaining(now, left);
  LogInfo(
      "catching up",
      {{"percent", progress.Percent(left)},
       {"behind", left},
       {"records_per_second", static_cast<int64_t>(progress.Rate(now, left))},
       {"remaining", remaining.has_value() ? absl::FormatDuration(absl::Trunc(
                                                 *remaining, absl::Seconds(1)))
                                           : "unknown"}});
}

void Ingest::TellCount() {
  count_due_ = absl::Now() + kCountEvery;
  count_is_old_ = false;
  if (const absl::StatusOr<int64_t> count = repository_.Count(); count.ok()) {
    articles_.Set(static_cast<double>(*count));
  }
}

absl::Status Ingest::ApplyRecords(const TopicReader& reader,
                                  std::vector<kafka::Record> records) {
  ArticleBatch batch = {.positions =
                            ToPositions(options_.topic, reader.offsets())};
  std::vector<absl::Status> corrupt;
  std::vector<otlp::Span> spans;
  batch.changes.reserve(records.size());
  for (const kafka::Record& record : records) {
    absl::StatusOr<ArticleChange> change = DecodeRecord(record);
    BeginSpan(record, change.status(), spans);
    if (change.ok()) {
      batch.changes.push_back(*std::move(change));
    } else {
      corrupt.push_back(change.status());
    }
  }
  const absl::StatusOr<ApplyCounts> counts = repository_.Apply(batch);
  if (!counts.ok()) return counts.status();
  // Only now: a batch that failed comes again.
  CountApplied(*counts);
  ObserveArrivals(batch);
  EndSpans(std::move(spans));
  listener_.applied(batch);
  count_is_old_ = true;
  for (const absl::Status& status : corrupt) {
    corrupt_.Increment();
    LogError("passing by a corrupt record", {{"reason", status.message()}});
  }
  return absl::OkStatus();
}

void Ingest::BeginSpan(const kafka::Record& record, const absl::Status& decoded,
                       std::vector<otlp::Span>& spans) const {
  // What is read to catch up belongs to traces of long ago.
  if (!is_caught_up_ || !otlp::WantsTraceOf(spans_, record.headers)) return;
  std::optional<otlp::Span> span = StoreSpan(record, options_.replica);
  if (!span.has_value()) return;
  span->start = absl::Now();
  span->error = std::string(decoded.message());
  spans.push_back(*std::move(span));
}

void Ingest::EndSpans(std::vector<otlp::Span> spans) const {
  const absl::Time now = absl::Now();
  for (otlp::Span& span : spans) {
    span.end = now;
    spans_->Add(std::move(span));
  }
}

void Ingest::CountApplied(const ApplyCounts& counts) {
  stored_.Increment(static_cast<double>(counts.stored));
  seen_again_.Increment(static_cast<double>(counts.seen_again));
  stale_.Increment(static_cast<double>(counts.stale));
  deleted_.Increment(static_cast<double>(counts.deleted));
  refused_.Increment(static_cast<double>(counts.refused));
}

void Ingest::ObserveArrivals(const ArticleBatch& batch) {
  if (!is_caught_up_) return;
  const int64_t now_us = absl::ToUnixMicros(absl::Now());
  for (const ArticleChange& change : batch.changes) {
    if (!change.article.has_value()) continue;
    const absl::Duration age =
        absl::Microseconds(now_us - ToMicros(change.article->parse_time()));
    // Clocks of two machines differ.
    arrival_.Observe(std::max(0.0, absl::ToDoubleSeconds(age)));
  }
}

void Ingest::TellLag(const TopicReader& reader) {
  const int64_t lag = Distance(reader.offsets(), reader.ends());
  lag_.Set(static_cast<double>(lag));
  const bool caught_up = lag <= options_.max_lag;
  if (caught_up == is_caught_up_) return;
  is_caught_up_ = caught_up;
  LogInfo(caught_up ? "caught up" : "fallen behind", {{"lag", lag}});
  listener_.caught_up(caught_up);
}

}  // namespace dateline::store

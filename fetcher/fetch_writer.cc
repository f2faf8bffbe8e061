#include "fetcher/fetch_writer.h"

#include <map>
#include <utility>

#include "common/otlp/record_attributes.h"
#include "fetcher/core/partition_of.h"
#include "fetcher/core/record_key.h"
#include "fetcher/fetch_span.h"
#include "fetcher/page_record.h"

namespace dateline::fetcher {

FetchWriter::FetchWriter(const TopicNames& topics, const ScheduleRules& rules,
                         const Crawler* crawler, const SourceReader* sources,
                         otlp::SpanSink* spans)
    : topics_(topics),
      rules_(rules),
      crawler_(*crawler),
      sources_(*sources),
      spans_(spans) {}

absl::StatusOr<std::vector<Conclusion>> FetchWriter::Write(
    const std::vector<EndedFetch>& fetches,
    const std::vector<SettledSubmission>& settled, int32_t partition_count,
    const ConsumedUpTo& consumed, kafka::TransactionalProducer& producer) {
  if (absl::Status begun = producer.Begin(); !begun.ok()) return begun;
  open_spans_.clear();
  absl::StatusOr<std::vector<Conclusion>> conclusions =
      Produce(fetches, settled, partition_count, producer);
  absl::Status status = conclusions.status();
  if (status.ok()) {
    std::vector<kafka::Position> positions;
    for (const auto& [partition, offset] : consumed.next_offsets) {
      positions.push_back({{topics_.frontier, partition}, offset});
    }
    status = producer.SendOffsets(positions, consumed.group_metadata);
  }
  if (status.ok()) status = producer.Commit();
  if (status.ok()) {
    for (otlp::Span& span : open_spans_) spans_->Add(std::move(span));
    return conclusions;
  }
  if (!absl::IsFailedPrecondition(status)) {
    const absl::Status aborted = producer.Abort();
    if (!aborted.ok()) return aborted;
  }
  return status;
}

absl::StatusOr<std::vector<Conclusion>> FetchWriter::Produce(
    const std::vector<EndedFetch>& fetches,
    const std::vector<SettledSubmission>& settled, int32_t partition_count,
    kafka::TransactionalProducer& producer) {
  std::vector<Conclusion> conclusions;
  for (const EndedFetch& fetch : fetches) {
    absl::StatusOr<Conclusion> conclusion =
        ProduceFetch(fetch, partition_count, producer);
    if (!conclusion.ok()) return conclusion.status();
    conclusions.push_back(*std::move(conclusion));
  }
  if (absl::Status hosts = ProduceHosts(fetches, producer); !hosts.ok()) {
    return hosts;
  }
  for (const SettledSubmission& submission : settled) {
    const absl::Status produced = producer.Produce(FrontierRecord(
        submission.partition, SubmissionKey(submission.url), nullptr));
    if (!produced.ok()) return produced;
  }
  return conclusions;
}

absl::StatusOr<Conclusion> FetchWriter::ProduceFetch(
    const EndedFetch& fetch, int32_t partition_count,
    kafka::TransactionalProducer& producer) {
  const v1::UrlEntry& before = fetch.task.entry;
  if (before.purpose() == v1::FETCH_PURPOSE_ROBOTS) {
    Conclusion conclusion;
    conclusion.entry = before;
    return conclusion;
  }
  const std::optional<v1::Source> source =
      before.purpose() == v1::FETCH_PURPOSE_SOURCE
          ? sources_.Find(before.hints().source())
          : std::nullopt;
  Conclusion conclusion = Conclude(
      before, fetch.result, source.has_value() ? &*source : nullptr, rules_,
      fetch.task.rules == nullptr ? nullptr : &fetch.task.rules->sitemaps);
  if (conclusion.page.has_value()) {
    const absl::Status produced =
        ProducePage(fetch, *conclusion.page, producer);
    if (absl::IsInvalidArgument(produced)) {
      conclusion = WithoutPage(before, fetch.result, conclusion, rules_);
    } else if (!produced.ok()) {
      return produced;
    }
    conclusion.page.reset();
  }
  const absl::Status produced =
      ProduceFrontier(fetch, conclusion, partition_count, producer);
  if (!produced.ok()) return produced;
  return conclusion;
}

absl::Status FetchWriter::ProducePage(const EndedFetch& fetch,
                                      const v1::RawPage& page,
                                      kafka::TransactionalProducer& producer) {
  const kafka::OutgoingRecord record = PageRecord(topics_.pages, page);
  absl::Status produced = producer.Produce(record);
  if (!produced.ok() || !otlp::WantsTraceOf(spans_, record.headers)) {
    return produced;
  }
  std::optional<otlp::Span> span = FetchSpan(record, fetch.result);
  if (span.has_value()) open_spans_.push_back(*std::move(span));
  return produced;
}

absl::Status FetchWriter::ProduceFrontier(
    const EndedFetch& fetch, Conclusion& conclusion, int32_t partition_count,
    kafka::TransactionalProducer& producer) {
  v1::FrontierRecord record;
  record.mutable_url()->Swap(&conclusion.entry);
  absl::Status produced = producer.Produce(FrontierRecord(
      fetch.task.partition, UrlKey(record.url().url()), &record));
  record.mutable_url()->Swap(&conclusion.entry);
  if (!produced.ok()) return produced;
  const std::string& url = conclusion.entry.url();
  if (crawler_.HasSubmission(fetch.task)) {
    produced = producer.Produce(
        FrontierRecord(fetch.task.partition, SubmissionKey(url), nullptr));
    if (!produced.ok()) return produced;
  }
  for (const v1::Submission& found : conclusion.found) {
    const absl::StatusOr<int32_t> partition =
        PartitionOfUrl(found.url(), partition_count);
    if (!partition.ok()) continue;
    const std::optional<v1::UrlEntry> known =
        crawler_.Find(*partition, found.url());
    // A known page may prove to be a source, but never the other way round.
    if (known.has_value() && (known->purpose() == found.purpose() ||
                              found.purpose() == v1::FETCH_PURPOSE_PAGE)) {
      continue;
    }
    *record.mutable_submission() = found;
    produced = producer.Produce(
        FrontierRecord(*partition, SubmissionKey(found.url()), &record));
    if (!produced.ok()) return produced;
  }
  return absl::OkStatus();
}

absl::Status FetchWriter::ProduceHosts(const std::vector<EndedFetch>& fetches,
                                       kafka::TransactionalProducer& producer) {
  std::map<absl::string_view, const EndedFetch*> last;
  for (const EndedFetch& fetch : fetches) {
    if (fetch.host.has_value()) last[fetch.task.host] = &fetch;
  }
  for (const auto& [host, fetch] : last) {
    v1::FrontierRecord record;
    *record.mutable_host() = *fetch->host;
    const absl::Status produced = producer.Produce(
        FrontierRecord(fetch->task.partition, HostKey(host), &record));
    if (!produced.ok()) return produced;
  }
  return absl::OkStatus();
}

kafka::OutgoingRecord FetchWriter::FrontierRecord(
    int32_t partition, std::string key,
    const v1::FrontierRecord* record) const {
  kafka::OutgoingRecord outgoing;
  outgoing.topic = topics_.frontier;
  outgoing.partition = partition;
  outgoing.key = std::move(key);
  if (record != nullptr) outgoing.value = record->SerializeAsString();
  return outgoing;
}

}  // namespace dateline::fetcher

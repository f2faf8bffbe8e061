#include "store/topic_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"

namespace dateline::store {
namespace {

constexpr absl::Duration kBrokerTimeout = absl::Seconds(3);

}  // namespace

TopicReader::TopicReader(ConsumerFactory factory, std::string topic)
    : factory_(std::move(factory)), topic_(std::move(topic)) {}

absl::Status TopicReader::Open(const ReadFrom& from) {
  absl::StatusOr<std::unique_ptr<kafka::Consumer>> consumer = factory_();
  if (!consumer.ok()) return consumer.status();
  consumer_ = *std::move(consumer);
  const absl::StatusOr<int32_t> count =
      consumer_->PartitionCount(topic_, kBrokerTimeout);
  if (!count.ok()) return count.status();
  if (!from.offsets.empty() && from.offsets.rbegin()->first >= *count) {
    return absl::OutOfRangeError(
        absl::StrCat("topic ", topic_, " has ", *count,
                     " partitions, but was read up to partition ",
                     from.offsets.rbegin()->first, " before"));
  }
  offsets_.clear();
  ends_.clear();
  for (int32_t partition = 0; partition < *count; ++partition) {
    const absl::StatusOr<int64_t> begin = Begin(from, partition);
    if (!begin.ok()) return begin.status();
    offsets_[partition] = *begin;
  }
  return Assign();
}

absl::StatusOr<int64_t> TopicReader::Begin(const ReadFrom& from,
                                           int32_t partition) {
  const absl::StatusOr<kafka::Watermarks> there =
      consumer_->QueryWatermarks({topic_, partition}, kBrokerTimeout);
  if (!there.ok()) return there.status();
  ends_[partition] = there->high;
  const auto known = from.offsets.find(partition);
  if (known == from.offsets.end()) {
    return from.others_at_end ? there->high : there->low;
  }
  const int64_t offset = known->second;
  const std::string name = kafka::ToString({topic_, partition});
  if (offset > there->high) {
    return absl::OutOfRangeError(absl::StrCat(
        name, " ends at offset ", there->high, ", but was read up to ", offset,
        " before: it is another topic, or was made anew"));
  }
  if (offset < there->low && !from.skip_gone) {
    return absl::OutOfRangeError(
        absl::StrCat(name, " begins at offset ", there->low,
                     " by now; what came from ", offset, " on is gone"));
  }
  return std::max(offset, there->low);
}

absl::Status TopicReader::Assign() {
  return consumer_->Assign(ToPositions(topic_, offsets_));
}

absl::StatusOr<std::vector<kafka::Record>> TopicReader::Poll(
    size_t max_records, absl::Duration wait) {
  absl::StatusOr<kafka::PollResult> polled = consumer_->Poll(max_records, wait);
  if (!polled.ok()) return polled.status();
  std::vector<kafka::Record> records;
  records.reserve(polled->records.size());
  for (kafka::Record& record : polled->records) {
    const int32_t partition = record.partition.partition;
    // A consumer that lost its place begins again at the first record.
    if (record.offset < offsets_[partition]) continue;
    offsets_[partition] = record.offset + 1;
    records.push_back(std::move(record));
  }
  for (const kafka::Position& end : polled->ends) {
    Advance(offsets_, end.partition.partition, end.offset);
    ends_[end.partition.partition] = end.offset;
  }
  return records;
}

absl::Status TopicReader::TakeUpNewPartitions() {
  const absl::StatusOr<int32_t> count =
      consumer_->PartitionCount(topic_, kBrokerTimeout);
  if (!count.ok()) return count.status();
  const auto known = static_cast<int32_t>(offsets_.size());
  if (*count <= known) return absl::OkStatus();
  for (int32_t partition = known; partition < *count; ++partition) {
    const absl::StatusOr<int64_t> begin = Begin({}, partition);
    if (!begin.ok()) return begin.status();
    offsets_[partition] = *begin;
  }
  const absl::Status assigned = Assign();
  // Else the next call would take them for known.
  if (!assigned.ok()) {
    offsets_.erase(offsets_.lower_bound(known), offsets_.end());
  }
  return assigned;
}

void TopicReader::RefreshEnds() {
  for (auto& [partition, end] : ends_) {
    end = std::max(end, consumer_->FetchedEnd({topic_, partition}).value_or(0));
  }
}

}  // namespace dateline::store

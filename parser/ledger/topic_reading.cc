#include "parser/ledger/topic_reading.h"

#include <memory>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"

namespace dateline {
namespace {

constexpr absl::Duration kAnswerTimeout = absl::Seconds(20);
// Longer than a transaction may be open.
constexpr absl::Duration kSilence = absl::Seconds(60);
constexpr size_t kPolled = 1000;

// Forgets the partitions of which all is read.
void Reach(const kafka::TopicPartition& partition, int64_t next,
           const TopicEnds& ends, std::set<kafka::TopicPartition>& open) {
  if (next >= ends.at(partition).high) open.erase(partition);
}

}  // namespace

absl::StatusOr<TopicEnds> ReadEnds(const kafka::ClientOptions& client,
                                   const std::vector<std::string>& topics) {
  kafka::ClientOptions uncommitted = client;
  uncommitted.properties["isolation.level"] = "read_uncommitted";
  const auto consumer = kafka::NewConsumer(uncommitted, {});
  if (!consumer.ok()) return consumer.status();
  TopicEnds ends;
  for (const std::string& topic : topics) {
    const absl::StatusOr<int32_t> count =
        (*consumer)->PartitionCount(topic, kAnswerTimeout);
    if (!count.ok()) return count.status();
    for (int32_t number = 0; number < *count; ++number) {
      const kafka::TopicPartition partition = {topic, number};
      const absl::StatusOr<kafka::Watermarks> watermarks =
          (*consumer)->QueryWatermarks(partition, kAnswerTimeout);
      if (!watermarks.ok()) return watermarks.status();
      ends[partition] = *watermarks;
    }
  }
  return ends;
}

absl::Status ReadUpTo(
    const kafka::ClientOptions& client, const TopicEnds& ends,
    const std::function<absl::Status(const kafka::Record&)>& take) {
  const auto consumer = kafka::NewConsumer(client, {});
  if (!consumer.ok()) return consumer.status();
  std::vector<kafka::Position> begin;
  std::set<kafka::TopicPartition> open;
  for (const auto& [partition, watermarks] : ends) {
    if (watermarks.low >= watermarks.high) continue;
    begin.push_back({partition, watermarks.low});
    open.insert(partition);
  }
  if (open.empty()) return absl::OkStatus();
  absl::Status status = (*consumer)->Assign(begin);
  if (!status.ok()) return status;
  absl::Time last = absl::Now();
  while (!open.empty()) {
    const auto polled = (*consumer)->Poll(kPolled, absl::Seconds(1));
    if (!polled.ok()) return polled.status();
    for (const kafka::Record& record : polled->records) {
      if (record.offset < ends.at(record.partition).high) {
        status = take(record);
        if (!status.ok()) return status;
      }
      Reach(record.partition, record.offset + 1, ends, open);
    }
    for (const kafka::Position& end : polled->ends) {
      Reach(end.partition, end.offset, ends, open);
    }
    // From here: taking records may last, which is no silence of the broker's.
    if (!polled->records.empty() || !polled->ends.empty()) last = absl::Now();
    if (!open.empty() && absl::Now() - last > kSilence) {
      return absl::DeadlineExceededError(absl::StrCat(
          "nothing comes of ", kafka::ToString(*open.begin()), " for ",
          absl::FormatDuration(kSilence), ", which is not read to its end"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ReadKey(const kafka::ClientOptions& client,
                                    const kafka::TopicPartition& partition,
                                    int64_t offset) {
  std::optional<std::string> key;
  const absl::Status status =
      ReadUpTo(client, {{partition, {offset, offset + 1}}},
               [&key, offset](const kafka::Record& record) {
                 if (record.offset == offset) key = record.key;
                 return absl::OkStatus();
               });
  if (!status.ok()) return status;
  if (!key.has_value()) {
    return absl::NotFoundError(absl::StrCat(
        kafka::ToString(partition), " has no record at offset ", offset));
  }
  return *std::move(key);
}

}  // namespace dateline

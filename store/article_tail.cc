#include "store/article_tail.h"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "store/core/decode_record.h"

namespace dateline::store {
namespace {

constexpr absl::Duration kPollWait = absl::Milliseconds(100);
constexpr absl::Duration kNewPartitionsEvery = absl::Seconds(30);
constexpr size_t kMaxRecords = 500;

// Corrupt records are left out: the ingest logs and counts them.
std::vector<std::shared_ptr<const ArticleChange>> Decode(
    const std::vector<kafka::Record>& records) {
  std::vector<std::shared_ptr<const ArticleChange>> changes;
  for (const kafka::Record& record : records) {
    absl::StatusOr<ArticleChange> change = DecodeRecord(record);
    if (!change.ok()) continue;
    changes.push_back(
        std::make_shared<const ArticleChange>(*std::move(change)));
  }
  return changes;
}

}  // namespace

ArticleTail::ArticleTail(ConsumerFactory factory, std::string topic,
                         RecentArrivals& recent)
    : factory_(std::move(factory)),
      topic_(std::move(topic)),
      recent_(recent),
      thread_("watch", [this] { return Read(); }) {}

absl::Status ArticleTail::Read() {
  const std::optional<Offsets> before = recent_.End();
  TopicReader reader(factory_, topic_);
  absl::Status status = reader.Open({.offsets = before.value_or(Offsets()),
                                     .others_at_end = !before.has_value()});
  if (!status.ok()) return status;
  if (!before.has_value()) recent_.Begin(reader.offsets());
  thread_.Going();
  absl::Time partitions_due = absl::Now() + kNewPartitionsEvery;
  Offsets told = reader.offsets();
  while (!thread_.stopping()) {
    const absl::StatusOr<std::vector<kafka::Record>> records =
        reader.Poll(kMaxRecords, kPollWait);
    if (!records.ok()) return records.status();
    if (reader.offsets() != told) {
      recent_.Append(Decode(*records), reader.offsets());
      told = reader.offsets();
    }
    if (absl::Now() >= partitions_due) {
      partitions_due = absl::Now() + kNewPartitionsEvery;
      // Where the broker is away, the next time will do.
      reader.TakeUpNewPartitions().IgnoreError();
    }
  }
  return absl::OkStatus();
}

}  // namespace dateline::store

#include "tests/support/fake_kafka.h"

#include <algorithm>
#include <functional>

#include "absl/time/clock.h"
#include "tests/support/patience.h"

namespace dateline::kafka {

void FakeBroker::CreateTopic(const std::string& topic, int32_t partitions) {
  absl::MutexLock lock(&mutex_);
  counts_[topic] = partitions;
}

void FakeBroker::Append(const OutgoingRecord& record) {
  absl::MutexLock lock(&mutex_);
  const int32_t count = std::max(counts_[record.topic], 1);
  counts_[record.topic] = count;
  const TopicPartition partition = {
      record.topic,
      record.partition.value_or(static_cast<int32_t>(
          std::hash<std::string>()(record.key) % static_cast<size_t>(count)))};
  std::vector<Record>& records = partitions_[partition];
  records.push_back({partition, static_cast<int64_t>(records.size()),
                     record.key, record.value, record.headers, absl::Now()});
}

std::vector<Record> FakeBroker::Records(const std::string& topic) const {
  absl::MutexLock lock(&mutex_);
  std::vector<Record> all;
  for (const auto& [partition, records] : partitions_) {
    if (partition.topic == topic) {
      all.insert(all.end(), records.begin(), records.end());
    }
  }
  return all;
}

std::vector<Record> FakeBroker::Read(const Position& position,
                                     size_t max_records) const {
  absl::MutexLock lock(&mutex_);
  const auto found = partitions_.find(position.partition);
  if (found == partitions_.end()) return {};
  const std::vector<Record>& records = found->second;
  const size_t begin =
      std::min(static_cast<size_t>(position.offset), records.size());
  const size_t end = std::min(begin + max_records, records.size());
  return {records.begin() + static_cast<ptrdiff_t>(begin),
          records.begin() + static_cast<ptrdiff_t>(end)};
}

int32_t FakeBroker::PartitionCount(const std::string& topic) const {
  absl::MutexLock lock(&mutex_);
  const auto found = counts_.find(topic);
  return found == counts_.end() ? 0 : found->second;
}

int64_t FakeBroker::End(const TopicPartition& partition) const {
  absl::MutexLock lock(&mutex_);
  const auto found = partitions_.find(partition);
  return found == partitions_.end()
             ? 0
             : static_cast<int64_t>(found->second.size());
}

void FakeBroker::SetUncommittedEnd(const Position& position) {
  absl::MutexLock lock(&mutex_);
  uncommitted_ends_[position.partition] = position.offset;
}

int64_t FakeBroker::UncommittedEnd(const TopicPartition& partition) const {
  absl::MutexLock lock(&mutex_);
  const auto end = uncommitted_ends_.find(partition);
  return end == uncommitted_ends_.end() ? 0 : end->second;
}

void FakeBroker::CommitOffset(const Position& position) {
  absl::MutexLock lock(&mutex_);
  committed_[position.partition] = position;
}

int64_t FakeBroker::CommittedOffset(const TopicPartition& partition) const {
  return Committed(partition).offset;
}

Position FakeBroker::Committed(const TopicPartition& partition) const {
  absl::MutexLock lock(&mutex_);
  const auto found = committed_.find(partition);
  return found == committed_.end() ? Position{partition, kOffsetStored}
                                   : found->second;
}

size_t FakeBroker::CountLocked(const std::string& topic) const {
  size_t count = 0;
  for (const auto& [partition, records] : partitions_) {
    if (partition.topic == topic) count += records.size();
  }
  return count;
}

bool FakeBroker::WaitForRecords(const std::string& topic, size_t count) const {
  const auto enough = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return CountLocked(topic) >= count;
  };
  absl::MutexLock lock(&mutex_);
  return mutex_.AwaitWithTimeout(absl::Condition(&enough), kSoon);
}

void FakeBroker::WaitForAppend(const std::vector<Position>& positions,
                               absl::Duration wait) const {
  const auto readable = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return std::any_of(
        positions.begin(), positions.end(), [&](const Position& position) {
          const auto found = partitions_.find(position.partition);
          return found != partitions_.end() &&
                 position.offset < static_cast<int64_t>(found->second.size());
        });
  };
  absl::MutexLock lock(&mutex_);
  mutex_.AwaitWithTimeout(absl::Condition(&readable), wait);
}

int64_t FakeConsumer::Resolve(const Position& position) const {
  if (position.offset >= 0) return position.offset;
  if (position.offset == kOffsetEnd) return broker_.End(position.partition);
  if (position.offset == kOffsetBeginning) return 0;
  return std::max<int64_t>(broker_.CommittedOffset(position.partition), 0);
}

void FakeConsumer::TakeUp(const std::vector<Position>& positions) {
  for (const Position& position : positions) {
    cursors_[position.partition] = {Resolve(position), false, false};
  }
}

absl::Status FakeConsumer::Subscribe(const std::vector<std::string>& topics,
                                     RebalanceListener* listener) {
  topics_ = topics;
  listener_ = listener;
  return absl::OkStatus();
}

absl::Status FakeConsumer::Assign(const std::vector<Position>& positions) {
  cursors_.clear();
  TakeUp(positions);
  return absl::OkStatus();
}

void FakeConsumer::DoInPoll(Rebalance rebalance) {
  absl::MutexLock lock(&mutex_);
  due_ = std::move(rebalance);
  const auto done = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return due_ == nullptr;
  };
  mutex_.Await(absl::Condition(&done));
}

void FakeConsumer::DoWhatIsDue() {
  Rebalance due;
  {
    absl::MutexLock lock(&mutex_);
    due = due_;
  }
  if (due == nullptr) return;
  due();
  absl::MutexLock lock(&mutex_);
  due_ = nullptr;
}

absl::StatusOr<PollResult> FakeConsumer::Poll(size_t max_records,
                                              absl::Duration wait) {
  DoWhatIsDue();
  if (listener_ != nullptr && !assigned_) {
    assigned_ = true;
    std::vector<Position> positions;
    for (const std::string& topic : topics_) {
      for (int32_t i = 0; i < broker_.PartitionCount(topic); ++i) {
        positions.push_back({{topic, i}, kOffsetStored});
      }
    }
    listener_->OnAssigned(positions);
    TakeUp(positions);
  }
  std::vector<Position> waiting;
  bool end_due = false;
  for (const auto& [partition, cursor] : cursors_) {
    if (cursor.paused) continue;
    waiting.push_back({partition, cursor.next});
    end_due |= !cursor.end_reported && cursor.next >= broker_.End(partition);
  }
  if (!end_due) broker_.WaitForAppend(waiting, wait);
  PollResult result;
  for (auto& [partition, cursor] : cursors_) {
    if (cursor.paused || result.records.size() >= max_records) continue;
    for (Record& record : broker_.Read({partition, cursor.next},
                                       max_records - result.records.size())) {
      cursor.next = record.offset + 1;
      cursor.end_reported = false;
      result.records.push_back(std::move(record));
    }
    if (!cursor.end_reported && cursor.next >= broker_.End(partition)) {
      cursor.end_reported = true;
      result.ends.push_back({partition, cursor.next});
      const int64_t uncommitted = broker_.UncommittedEnd(partition);
      if (uncommitted > cursor.next) {
        result.uncommitted_ends.push_back({partition, uncommitted});
      }
    }
  }
  return result;
}

absl::Status FakeConsumer::Seek(const std::vector<Position>& positions) {
  for (const Position& position : positions) {
    cursors_[position.partition].next = Resolve(position);
    cursors_[position.partition].end_reported = false;
  }
  return absl::OkStatus();
}

absl::Status FakeConsumer::Pause(
    const std::vector<TopicPartition>& partitions) {
  for (const TopicPartition& partition : partitions) {
    cursors_[partition].paused = true;
  }
  return absl::OkStatus();
}

absl::Status FakeConsumer::Resume(
    const std::vector<TopicPartition>& partitions) {
  for (const TopicPartition& partition : partitions) {
    cursors_[partition].paused = false;
  }
  return absl::OkStatus();
}

absl::Status FakeConsumer::AwaitOffsets(const std::vector<TopicPartition>&,
                                        absl::Duration) {
  return absl::OkStatus();
}

absl::StatusOr<std::vector<Position>> FakeConsumer::OffsetsAt(
    const std::vector<TopicPartition>& partitions, absl::Time time,
    absl::Duration) {
  std::vector<Position> positions;
  for (const TopicPartition& partition : partitions) {
    Position first = {partition, kOffsetEnd};
    for (const Record& record : broker_.Read({partition, 0}, SIZE_MAX)) {
      if (record.timestamp < time) continue;
      first.offset = record.offset;
      break;
    }
    positions.push_back(first);
  }
  return positions;
}

absl::StatusOr<Watermarks> FakeConsumer::QueryWatermarks(
    const TopicPartition& partition, absl::Duration) {
  return Watermarks{0, broker_.End(partition)};
}

absl::StatusOr<std::vector<Position>> FakeConsumer::WrittenEnds(
    const std::vector<TopicPartition>& partitions, absl::Duration) {
  std::vector<Position> ends;
  for (const TopicPartition& partition : partitions) {
    ends.push_back({partition, std::max(broker_.End(partition),
                                        broker_.UncommittedEnd(partition))});
  }
  return ends;
}

std::optional<int64_t> FakeConsumer::FetchedEnd(
    const TopicPartition& partition) const {
  return broker_.End(partition);
}

absl::StatusOr<int32_t> FakeConsumer::PartitionCount(const std::string& topic,
                                                     absl::Duration) {
  const int32_t count = broker_.PartitionCount(topic);
  if (count == 0) return absl::NotFoundError("no such topic: " + topic);
  return count;
}

absl::StatusOr<std::vector<Position>> FakeConsumer::Committed(
    const std::vector<TopicPartition>& partitions, absl::Duration) {
  std::vector<Position> positions;
  for (const TopicPartition& partition : partitions) {
    positions.push_back(broker_.Committed(partition));
  }
  return positions;
}

void FakeConsumer::Close() {
  if (listener_ == nullptr || !assigned_) return;
  std::vector<TopicPartition> owned;
  for (const auto& [partition, cursor] : cursors_) owned.push_back(partition);
  Revoke(owned);
  assigned_ = false;
}

void FakeConsumer::Revoke(const std::vector<TopicPartition>& partitions) {
  listener_->OnRevoked(partitions);
  for (const TopicPartition& partition : partitions) cursors_.erase(partition);
}

void FakeConsumer::Lose(const std::vector<TopicPartition>& partitions) {
  listener_->OnLost(partitions);
  for (const TopicPartition& partition : partitions) cursors_.erase(partition);
}

void FakeConsumer::RevokeInPoll(const std::vector<TopicPartition>& partitions) {
  DoInPoll([this, partitions] { Revoke(partitions); });
}

void FakeConsumer::LoseInPoll(const std::vector<TopicPartition>& partitions) {
  DoInPoll([this, partitions] { Lose(partitions); });
}

absl::Status FakeTransactionalProducer::Failure(const std::string& call) {
  const auto found = failures_.find(call);
  if (found == failures_.end()) return absl::OkStatus();
  absl::Status status = found->second;
  failures_.erase(found);
  return status;
}

absl::Status FakeTransactionalProducer::Init(absl::Duration) {
  return Failure("Init");
}

absl::Status FakeTransactionalProducer::Begin() {
  if (open_) return absl::AbortedError("a transaction is open already");
  open_ = true;
  return Failure("Begin");
}

absl::Status FakeTransactionalProducer::Produce(const OutgoingRecord& record) {
  absl::Status status = Failure("Produce");
  if (status.ok()) records_.push_back(record);
  return status;
}

absl::Status FakeTransactionalProducer::SendOffsets(
    const std::vector<Position>& positions, const std::string&) {
  absl::Status status = Failure("SendOffsets");
  if (status.ok()) {
    offsets_.insert(offsets_.end(), positions.begin(), positions.end());
  }
  return status;
}

absl::Status FakeTransactionalProducer::Commit() {
  absl::Status status = Failure("Commit");
  if (!status.ok()) return status;
  // Who waits for the records finds the offsets there.
  for (const Position& position : offsets_) broker_.CommitOffset(position);
  for (const OutgoingRecord& record : records_) broker_.Append(record);
  records_.clear();
  offsets_.clear();
  open_ = false;
  ++commits_;
  return absl::OkStatus();
}

absl::Status FakeTransactionalProducer::Abort() {
  records_.clear();
  offsets_.clear();
  open_ = false;
  ++aborts_;
  return Failure("Abort");
}

}  // namespace dateline::kafka

#ifndef DATELINE_TESTS_SUPPORT_FAKE_KAFKA_H_
#define DATELINE_TESTS_SUPPORT_FAKE_KAFKA_H_

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/kafka/consumer.h"
#include "common/kafka/producer.h"

namespace dateline::kafka {

// A broker in memory: topics of partitions of records, and committed offsets.
// Transactions become visible when they commit. Thread-safe; must outlive its
// clients.
class FakeBroker {
 public:
  void CreateTopic(const std::string& topic, int32_t partitions)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Appends, to the record's partition or to the key's hash.
  void Append(const OutgoingRecord& record) ABSL_LOCKS_EXCLUDED(mutex_);

  // All records of a topic, by partition.
  std::vector<Record> Records(const std::string& topic) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  std::vector<Record> Read(const Position& position, size_t max_records) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  int32_t PartitionCount(const std::string& topic) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  int64_t End(const TopicPartition& partition) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // As if a transaction under way had written up to there.
  void SetUncommittedEnd(const Position& position) ABSL_LOCKS_EXCLUDED(mutex_);
  int64_t UncommittedEnd(const TopicPartition& partition) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  void CommitOffset(const Position& position) ABSL_LOCKS_EXCLUDED(mutex_);
  // kOffsetStored where there is none.
  int64_t CommittedOffset(const TopicPartition& partition) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // With its metadata.
  Position Committed(const TopicPartition& partition) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Waits until a topic has that many records; false after kSoon.
  bool WaitForRecords(const std::string& topic, size_t count) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Waits until something is there to read behind any of these, or `wait`.
  void WaitForAppend(const std::vector<Position>& positions,
                     absl::Duration wait) const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  size_t CountLocked(const std::string& topic) const
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  mutable absl::Mutex mutex_;
  std::map<TopicPartition, std::vector<Record>> partitions_
      ABSL_GUARDED_BY(mutex_);
  std::map<std::string, int32_t> counts_ ABSL_GUARDED_BY(mutex_);
  std::map<TopicPartition, int64_t> uncommitted_ends_ ABSL_GUARDED_BY(mutex_);
  std::map<TopicPartition, Position> committed_ ABSL_GUARDED_BY(mutex_);
};

// Owns, once subscribed, every partition of its topics.
class FakeConsumer final : public Consumer {
 public:
  explicit FakeConsumer(FakeBroker* broker) : broker_(*broker) {}

  absl::Status Subscribe(const std::vector<std::string>& topics,
                         RebalanceListener* listener) override;
  absl::Status Assign(const std::vector<Position>& positions) override;
  absl::StatusOr<PollResult> Poll(size_t max_records,
                                  absl::Duration wait) override;
  absl::Status Seek(const std::vector<Position>& positions) override;
  absl::Status Pause(const std::vector<TopicPartition>& partitions) override;
  absl::Status Resume(const std::vector<TopicPartition>& partitions) override;
  absl::Status AwaitOffsets(const std::vector<TopicPartition>& partitions,
                            absl::Duration timeout) override;
  absl::StatusOr<std::vector<Position>> OffsetsAt(
      const std::vector<TopicPartition>& partitions, absl::Time time,
      absl::Duration timeout) override;
  absl::StatusOr<std::vector<Position>> WrittenEnds(
      const std::vector<TopicPartition>& partitions, absl::Duration) override;
  absl::StatusOr<Watermarks> QueryWatermarks(const TopicPartition& partition,
                                             absl::Duration timeout) override;
  std::optional<int64_t> FetchedEnd(
      const TopicPartition& partition) const override;
  absl::StatusOr<int32_t> PartitionCount(const std::string& topic,
                                         absl::Duration timeout) override;
  absl::StatusOr<std::vector<Position>> Committed(
      const std::vector<TopicPartition>& partitions,
      absl::Duration timeout) override;
  absl::StatusOr<std::string> GroupMetadata() override { return "fake-group"; }
  void Close() override;

  // As a rebalance would, from the thread that polls.
  void Revoke(const std::vector<TopicPartition>& partitions);
  void Lose(const std::vector<TopicPartition>& partitions);
  // The same from any other thread: within the next Poll, for which they wait.
  void RevokeInPoll(const std::vector<TopicPartition>& partitions)
      ABSL_LOCKS_EXCLUDED(mutex_);
  void LoseInPoll(const std::vector<TopicPartition>& partitions)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Cursor {
    int64_t next = 0;
    bool paused = false;
    bool end_reported = false;
  };
  using Rebalance = std::function<void()>;

  void DoInPoll(Rebalance rebalance) ABSL_LOCKS_EXCLUDED(mutex_);
  void DoWhatIsDue() ABSL_LOCKS_EXCLUDED(mutex_);
  int64_t Resolve(const Position& position) const;
  void TakeUp(const std::vector<Position>& positions);

  FakeBroker& broker_;
  RebalanceListener* listener_ = nullptr;
  std::vector<std::string> topics_;
  std::map<TopicPartition, Cursor> cursors_;
  bool assigned_ = false;
  absl::Mutex mutex_;
  Rebalance due_ ABSL_GUARDED_BY(mutex_);
};

class FakeProducer final : public Producer {
 public:
  explicit FakeProducer(FakeBroker* broker) : broker_(*broker) {}
  void Send(OutgoingRecord record, Confirmation confirm) override {
    broker_.Append(record);
    confirm(absl::OkStatus());
  }

 private:
  FakeBroker& broker_;
};

// Fails as told: the next call of that name returns that status.
class FakeTransactionalProducer final : public TransactionalProducer {
 public:
  explicit FakeTransactionalProducer(FakeBroker* broker) : broker_(*broker) {}

  void FailNext(const std::string& call, absl::Status status) {
    failures_[call] = std::move(status);
  }

  absl::Status Init(absl::Duration timeout) override;
  absl::Status Begin() override;
  absl::Status Produce(const OutgoingRecord& record) override;
  absl::Status SendOffsets(const std::vector<Position>& positions,
                           const std::string& group_metadata) override;
  absl::Status Commit() override;
  absl::Status Abort() override;

  int commits() const { return commits_; }
  int aborts() const { return aborts_; }

 private:
  absl::Status Failure(const std::string& call);

  FakeBroker& broker_;
  std::map<std::string, absl::Status> failures_;
  bool open_ = false;
  std::vector<OutgoingRecord> records_;
  std::vector<Position> offsets_;
  int commits_ = 0;
  int aborts_ = 0;
};

}  // namespace dateline::kafka

#endif  // DATELINE_TESTS_SUPPORT_FAKE_KAFKA_H_

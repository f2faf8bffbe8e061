#ifndef DATELINE_COMMON_KAFKA_CONSUMER_H_
#define DATELINE_COMMON_KAFKA_CONSUMER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/kafka/record.h"

namespace dateline::kafka {

// Told of changes to what a subscribed consumer owns. Called within Poll and
// Close, on their thread. Close assigns nothing, but may take away what the
// listener was never told to own.
class RebalanceListener {
 public:
  virtual ~RebalanceListener() = default;

  // Partitions that the consumer owns from now on. Set an offset to begin
  // elsewhere than at the committed one.
  virtual void OnAssigned(std::vector<Position>& partitions) = 0;

  // Partitions about to go to another consumer; what was read of them may
  // still be committed.
  virtual void OnRevoked(const std::vector<TopicPartition>& partitions) = 0;

  // Partitions that another consumer may own already; nothing read of them may
  // be committed. A transaction that tries fails.
  virtual void OnLost(const std::vector<TopicPartition>& partitions) = 0;
};

struct PollResult {
  // In the order of each partition.
  std::vector<Record> records;
  // Partitions whose end was reached: everything before `offset` was returned.
  std::vector<Position> ends;
  // Of these ends, those behind which transactions under way have written: up
  // to where.
  std::vector<Position> uncommitted_ends;
};

struct Watermarks {
  int64_t low = 0;   // the first offset that is still there
  int64_t high = 0;  // behind the last one that is committed
};

// Reads committed records only (isolation.level read_committed). Never commits
// by itself: positions go into the transaction of what was made of the records
// (TransactionalProducer::SendOffsets) or into the reader's own database.
//
// A broker that is away is no error: Poll returns nothing and the log says so,
// until it is there. Errors: kFailedPrecondition where the consumer can't go on
// and has to be made anew; kUnavailable where the call can be tried again.
//
// One thread uses a consumer.
class Consumer {
 public:
  virtual ~Consumer() = default;

  // Joins the group and shares out the topics' partitions. `listener` must
  // outlive the consumer.
  virtual absl::Status Subscribe(const std::vector<std::string>& topics,
                                 RebalanceListener* listener) = 0;

  // Reads exactly these partitions from there on, without any group.
  virtual absl::Status Assign(const std::vector<Position>& positions) = 0;

  // Waits up to `wait` for the first record, then returns what is at hand, at
  // most `max_records` and about 32 MiB. Returns after a rebalance, without any
  // record of a partition that went: all records are of partitions owned now,
  // and GroupMetadata taken at once tells the generation they were read in.
  virtual absl::StatusOr<PollResult> Poll(size_t max_records,
                                          absl::Duration wait) = 0;

  // Moves the next Poll of owned partitions. kOffsetStored goes back to the
  // committed offset.
  virtual absl::Status Seek(const std::vector<Position>& positions) = 0;

  // Stops and restarts fetching of owned partitions.
  virtual absl::Status Pause(const std::vector<TopicPartition>& partitions) = 0;
  virtual absl::Status Resume(
      const std::vector<TopicPartition>& partitions) = 0;

  // Waits for transactions under way that hold offsets of the group for these
  // partitions. After a rebalance, all that earlier owners will ever write with
  // their offsets is written by then, committed or not: the broker refuses
  // offsets of an older generation. kUnavailable where one is under way still.
  virtual absl::Status AwaitOffsets(
      const std::vector<TopicPartition>& partitions,
      absl::Duration timeout) = 0;

  // The first record of each partition with this time or a later one;
  // kOffsetEnd where there is none.
  virtual absl::StatusOr<std::vector<Position>> OffsetsAt(
      const std::vector<TopicPartition>& partitions, absl::Time time,
      absl::Duration timeout) = 0;

  // Asks the broker.
  virtual absl::StatusOr<Watermarks> QueryWatermarks(
      const TopicPartition& partition, absl::Duration timeout) = 0;
  // Asks the broker, in one request for all, where partitions end, records of
  // open transactions included. kUnavailable where it answers for none; one
  // without an answer is left out.
  virtual absl::StatusOr<std::vector<Position>> WrittenEnds(
      const std::vector<TopicPartition>& partitions,
      absl::Duration timeout) = 0;
  // Where the partition ended when its records were last fetched, records of
  // open transactions included; asks nobody. None before the first fetch.
  virtual std::optional<int64_t> FetchedEnd(
      const TopicPartition& partition) const = 0;
  // kNotFound where there is no such topic.
  virtual absl::StatusOr<int32_t> PartitionCount(const std::string& topic,
                                                 absl::Duration timeout) = 0;

  // The group's committed positions of these partitions, with what was put
  // beside them; kOffsetStored where there is none. Waits for transactions that
  // commit some of them. May be called within OnAssigned.
  virtual absl::StatusOr<std::vector<Position>> Committed(
      const std::vector<TopicPartition>& partitions,
      absl::Duration timeout) = 0;

  // What SendOffsets needs to tell this member and generation of the group.
  // kAborted where the group has given this member up: a broker would take its
  // offsets for those of a client without generations, and not refuse them; or
  // where Close has left it.
  virtual absl::StatusOr<std::string> GroupMetadata() = 0;

  // Leaves the group; OnRevoked comes first. Nothing but the destructor may
  // follow.
  virtual void Close() = 0;
};

}  // namespace dateline::kafka

#endif  // DATELINE_COMMON_KAFKA_CONSUMER_H_

#ifndef DATELINE_COMMON_KAFKA_PRODUCER_H_
#define DATELINE_COMMON_KAFKA_PRODUCER_H_

#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/kafka/record.h"

namespace dateline::kafka {

// Writes single records, each for good before it is confirmed (idempotent,
// acks=all). Thread-safe.
class Producer {
 public:
  using Confirmation = std::function<void(absl::Status)>;

  virtual ~Producer() = default;

  // `confirm` is called exactly once, on a thread of the producer or, where
  // the record can't even be queued, before Send returns: OK where the record
  // is in the topic for good; kUnavailable where the broker didn't confirm it
  // within 30 s, when it may be there or not; kNotFound where there is no such
  // topic; kInvalidArgument where the record is too large. It must not block.
  // Calls that are still open when the producer is destroyed are confirmed as
  // kCancelled.
  virtual void Send(OutgoingRecord record, Confirmation confirm) = 0;
};

// Writes records and offsets in transactions: consumers that read committed
// records see all of one or nothing.
//
// Errors tell what to do: kAborted, call Abort, go back to the committed
// offsets and do the work again; kFailedPrecondition, another producer with the
// same transactional id has taken over or the state is lost, as where a commit
// gets no answer: make a new one, or stop; kInvalidArgument, that record can
// never be written (too large), the transaction is still good. Errors that only
// need a second try are retried within.
//
// One thread uses a transactional producer.
class TransactionalProducer {
 public:
  virtual ~TransactionalProducer() = default;

  // Fences older producers with the same transactional id and ends their
  // transactions. First call; kUnavailable while the broker is away.
  virtual absl::Status Init(absl::Duration timeout) = 0;

  virtual absl::Status Begin() = 0;

  // Copies the record into the producer's queue; waits while that is full.
  virtual absl::Status Produce(const OutgoingRecord& record) = 0;

  // Commits these positions of the consumer's group with the transaction.
  // `group_metadata` is the consumer's GroupMetadata().
  virtual absl::Status SendOffsets(const std::vector<Position>& positions,
                                   const std::string& group_metadata) = 0;

  // Writes out what was produced and commits. On any error but
  // kFailedPrecondition the transaction is to be aborted.
  virtual absl::Status Commit() = 0;

  // Drops what was produced since Begin.
  virtual absl::Status Abort() = 0;
};

}  // namespace dateline::kafka

#endif  // DATELINE_COMMON_KAFKA_PRODUCER_H_

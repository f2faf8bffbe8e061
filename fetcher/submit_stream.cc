#include "fetcher/submit_stream.h"

#include <utility>

#include "common/rpc/status.h"
#include "fetcher/core/partition_of.h"
#include "fetcher/core/record_key.h"
#include "fetcher/core/submission.h"

namespace dateline::fetcher {
namespace {

constexpr size_t kMostWaiting = 1024;

kafka::OutgoingRecord RecordOf(const std::string& topic, int32_t partition,
                               const v1::Submission& submission) {
  v1::FrontierRecord value;
  *value.mutable_submission() = submission;
  kafka::OutgoingRecord record;
  record.topic = topic;
  record.partition = partition;
  record.key = SubmissionKey(submission.url());
  record.value = value.SerializeAsString();
  return record;
}

}  // namespace

std::shared_ptr<SubmitStream> SubmitStream::Start(const SubmitTarget& target) {
  std::shared_ptr<SubmitStream> stream(new SubmitStream(target));
  stream->self_ = stream;
  stream->Advance();
  return stream;
}

void SubmitStream::End() {
  {
    absl::MutexLock lock(&mutex_);
    early_end_ = grpc::Status(grpc::StatusCode::UNAVAILABLE,
                              "The fetcher is shutting down.");
  }
  Advance();
}

void SubmitStream::OnReadDone(bool ok) {
  if (ok) Accept();
  {
    absl::MutexLock lock(&mutex_);
    reading_ = false;
    reads_done_ = reads_done_ || !ok;
  }
  Advance();
}

void SubmitStream::OnWriteDone(bool ok) {
  {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (!ok) early_end_ = grpc::Status::CANCELLED;
  }
  Advance();
}

void SubmitStream::OnCancel() {
  {
    absl::MutexLock lock(&mutex_);
    early_end_ = grpc::Status::CANCELLED;
  }
  Advance();
}

void SubmitStream::OnDone() {
  // Confirmations that are still to come hold the stream until then.
  const std::shared_ptr<SubmitStream> last = std::move(self_);
}

void SubmitStream::Accept() {
  SubmissionDecision decision = DecideSubmission(request_, target_.clock.Now());
  int64_t number = 0;
  {
    absl::MutexLock lock(&mutex_);
    number = first_ + static_cast<int64_t>(slots_.size());
    slots_.push_back(
        {decision.answer, absl::OkStatus(), !decision.submission.has_value()});
  }
  if (!decision.submission.has_value()) return;
  const v1::Submission& submission = *decision.submission;
  if (!submission.refetch() && target_.worker.Find(submission.url()).ok()) {
    absl::MutexLock lock(&mutex_);
    Slot& slot = slots_[static_cast<size_t>(number - first_)];
    slot.answer = AlreadyKnown(slot.answer);
    slot.answered = true;
    return;
  }
  const std::optional<int32_t> count = target_.worker.PartitionCount();
  if (!count.has_value()) {
    Answer(number, absl::UnavailableError("The broker has not answered yet."));
    return;
  }
  const absl::StatusOr<int32_t> partition =
      PartitionOfUrl(submission.url(), *count);
  if (!partition.ok()) {
    Answer(number, partition.status());
    return;
  }
  target_.producer.Send(
      RecordOf(target_.frontier_topic, *partition, submission),
      [self = shared_from_this(), number](absl::Status status) {
        self->Answer(number, std::move(status));
        self->Advance();
      });
}

void SubmitStream::Answer(int64_t number, absl::Status status) {
  absl::MutexLock lock(&mutex_);
  Slot& slot = slots_[static_cast<size_t>(number - first_)];
  slot.answered = true;
  if (absl::IsInvalidArgument(status)) {
    slot.answer.set_result(v1::SUBMIT_RESULT_REFUSED);
    slot.answer.set_reason(std::string(status.message()));
    return;
  }
  slot.status = std::move(status);
}

SubmitStream::Next SubmitStream::Decide() {
  Next next;
  if (finished_) return next;
  const bool front_ready = !slots_.empty() && slots_.front().answered;
  if (front_ready && !slots_.front().status.ok() && !early_end_.has_value()) {
    early_end_ = rpc::ToGrpcStatus(slots_.front().status);
  }
  if (!writing_) {
    if (early_end_.has_value()) {
      next.finish = *early_end_;
    } else if (reads_done_ && !reading_ && slots_.empty()) {
      next.finish = grpc::Status::OK;
    }
    if (next.finish.has_value()) {
      finished_ = true;
      return next;
    }
  }
  if (early_end_.has_value()) return next;
  if (!writing_ && front_ready) {
    response_ = std::move(slots_.front().answer);
    slots_.pop_front();
    ++first_;
    writing_ = next.write = true;
  }
  if (!reading_ && !reads_done_ && slots_.size() < kMostWaiting) {
    reading_ = next.read = true;
  }
  return next;
}

void SubmitStream::Advance() {
  // One thread at a time makes the calls, so that none comes after Finish.
  const std::shared_ptr<SubmitStream> alive = shared_from_this();
  {
    absl::MutexLock lock(&mutex_);
    again_ = true;
    if (advancing_) return;
    advancing_ = true;
  }
  while (true) {
    Next next;
    {
      absl::MutexLock lock(&mutex_);
      if (!again_) {
        advancing_ = false;
        return;
      }
      again_ = false;
      next = Decide();
    }
    if (next.write) StartWrite(&response_);
    if (next.read) StartRead(&request_);
    if (next.finish.has_value()) Finish(*next.finish);
  }
}

}  // namespace dateline::fetcher

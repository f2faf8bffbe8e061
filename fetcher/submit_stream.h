#ifndef DATELINE_FETCHER_SUBMIT_STREAM_H_
#define DATELINE_FETCHER_SUBMIT_STREAM_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/clock.h"
#include "common/kafka/producer.h"
#include "dateline/v1/fetcher_service.grpc.pb.h"
#include "fetcher/open_streams.h"
#include "fetcher/worker.h"

namespace dateline::fetcher {

// What a submission needs; must outlive the stream.
struct SubmitTarget {
  const Worker& worker;
  kafka::Producer& producer;
  const std::string frontier_topic;
  const Clock& clock;
};

// One call of SubmitUrls. Answers go out in the order of the requests, each as
// soon as its submission is in the topic for good; at most 256 wait for that,
// and beyond it no request is read. A submission that the broker doesn't take
// ends the call with that error, after the answers before it.
class SubmitStream final
    : public grpc::ServerBidiReactor<v1::SubmitUrlsRequest,
                                     v1::SubmitUrlsResponse>,
      public OpenStream,
      public std::enable_shared_from_this<SubmitStream> {
 public:
  // The stream owns itself until the call is over.
  static std::shared_ptr<SubmitStream> Start(const SubmitTarget& target);

  void End() override;

  void OnReadDone(bool ok) override;
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  // The answer to one request; `answered` once it may go out.
  struct Slot {
    v1::SubmitUrlsResponse answer;
    absl::Status status;
    bool answered = false;
  };

  // What is to be called next, outside the lock.
  struct Next {
    bool read = false;
    bool write = false;
    std::optional<grpc::Status> finish;
  };

  explicit SubmitStream(const SubmitTarget& target) : target_(target) {}

  void Accept() ABSL_LOCKS_EXCLUDED(mutex_);
  void Answer(int64_t number, absl::Status status) ABSL_LOCKS_EXCLUDED(mutex_);
  void Advance() ABSL_LOCKS_EXCLUDED(mutex_);
  Next Decide() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const SubmitTarget& target_;
  std::shared_ptr<SubmitStream> self_;
  v1::SubmitUrlsRequest request_;    // of the read under way
  v1::SubmitUrlsResponse response_;  // of the write under way

  absl::Mutex mutex_;
  std::deque<Slot> slots_ ABSL_GUARDED_BY(mutex_);
  int64_t first_ ABSL_GUARDED_BY(mutex_) = 0;  // the number of slots_[0]
  bool reading_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool reads_done_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  bool advancing_ ABSL_GUARDED_BY(mutex_) = false;
  bool again_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<grpc::Status> early_end_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_SUBMIT_STREAM_H_

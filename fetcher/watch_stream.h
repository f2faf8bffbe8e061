#ifndef DATELINE_FETCHER_WATCH_STREAM_H_
#define DATELINE_FETCHER_WATCH_STREAM_H_

#include <deque>
#include <memory>
#include <optional>
#include <string>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "dateline/v1/fetcher_service.grpc.pb.h"
#include "fetcher/event_hub.h"
#include "fetcher/open_streams.h"

namespace dateline::fetcher {

// One call of WatchFetches. At most 1,000 events wait for a slow reader; what
// comes beyond is left out and counted.
class WatchStream final
    : public grpc::ServerWriteReactor<v1::WatchFetchesResponse>,
      public EventListener,
      public OpenStream {
 public:
  // The stream owns itself until the call is over. `host` as in
  // WatchFetchesRequest.
  static std::shared_ptr<WatchStream> Start(std::string host);

  void OnFetch(const v1::FetchEvent& event) override;
  void End() override;

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  explicit WatchStream(std::string host) : host_(std::move(host)) {}

  void EndWith(const grpc::Status& status) ABSL_LOCKS_EXCLUDED(mutex_);
  void Advance() ABSL_LOCKS_EXCLUDED(mutex_);

  const std::string host_;
  std::shared_ptr<WatchStream> self_;
  v1::WatchFetchesResponse response_;  // of the write under way

  absl::Mutex mutex_;
  std::deque<v1::WatchFetchesResponse> waiting_ ABSL_GUARDED_BY(mutex_);
  int64_t missed_ ABSL_GUARDED_BY(mutex_) = 0;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  std::optional<grpc::Status> end_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_WATCH_STREAM_H_

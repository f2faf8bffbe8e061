#include "fetcher/watch_stream.h"

#include <utility>

namespace dateline::fetcher {
namespace {

constexpr size_t kMostWaiting = 1000;

}  // namespace

std::shared_ptr<WatchStream> WatchStream::Start(std::string host) {
  std::shared_ptr<WatchStream> stream(new WatchStream(std::move(host)));
  stream->self_ = stream;
  return stream;
}

void WatchStream::OnFetch(const v1::FetchEvent& event) {
  if (!host_.empty() && event.host() != host_) return;
  {
    absl::MutexLock lock(&mutex_);
    if (waiting_.size() >= kMostWaiting) {
      ++missed_;
      return;
    }
    v1::WatchFetchesResponse& response = waiting_.emplace_back();
    *response.mutable_event() = event;
    response.set_missed(std::exchange(missed_, 0));
  }
  Advance();
}

void WatchStream::End() {
  EndWith(grpc::Status(grpc::StatusCode::UNAVAILABLE,
                       "The fetcher is shutting down."));
}

void WatchStream::OnWriteDone(bool ok) {
  {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
    if (!ok) end_ = grpc::Status::CANCELLED;
  }
  Advance();
}

void WatchStream::OnCancel() { EndWith(grpc::Status::CANCELLED); }

void WatchStream::OnDone() {
  const std::shared_ptr<WatchStream> last = std::move(self_);
}

void WatchStream::EndWith(const grpc::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    end_ = status;
  }
  Advance();
}

void WatchStream::Advance() {
  std::optional<grpc::Status> finish;
  {
    absl::MutexLock lock(&mutex_);
    if (writing_ || finished_) return;
    if (end_.has_value()) {
      finished_ = true;
      finish = end_;
    } else {
      if (waiting_.empty()) return;
      response_ = std::move(waiting_.front());
      waiting_.pop_front();
      writing_ = true;
    }
  }
  if (finish.has_value()) {
    Finish(*finish);
  } else {
    StartWrite(&response_);
  }
}

}  // namespace dateline::fetcher

#include "store/watch_reactor.h"

#include <utility>

#include "common/rpc/status.h"

namespace dateline::store {
namespace {

// How long a write may take when the store stops.
constexpr absl::Duration kAbortGrace = absl::Seconds(1);

}  // namespace

WatchReactor::WatchReactor(grpc::CallbackServerContext& context,
                           std::shared_ptr<Watch> watch)
    : context_(context), watch_(std::move(watch)) {}

bool WatchReactor::Send(const v1::WatchArticlesResponse& response) {
  {
    absl::MutexLock lock(&mutex_);
    if (broken_) return false;
    writing_ = true;
  }
  // gRPC has copied the message when this returns.
  StartWrite(&response);
  const auto over = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !writing_ || aborted_;
  };
  const auto written = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return !writing_;
  };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&over));
  if (writing_) {
    mutex_.AwaitWithTimeout(absl::Condition(&written), kAbortGrace);
  }
  if (writing_) {
    // The reader takes nothing more: only the call's end ends the write.
    context_.TryCancel();
    mutex_.Await(absl::Condition(&written));
  }
  return !broken_;
}

void WatchReactor::Finish(const absl::Status& status) {
  Base::Finish(rpc::ToGrpcStatus(status));
}

void WatchReactor::Abort() {
  absl::MutexLock lock(&mutex_);
  aborted_ = true;
}

void WatchReactor::OnWriteDone(bool ok) {
  absl::MutexLock lock(&mutex_);
  writing_ = false;
  broken_ |= !ok;
}

void WatchReactor::OnCancel() { watch_->Cancel(); }

void WatchReactor::OnDone() { delete this; }

RefusedWatch::RefusedWatch(const absl::Status& status) {
  Finish(rpc::ToGrpcStatus(status));
}

}  // namespace dateline::store

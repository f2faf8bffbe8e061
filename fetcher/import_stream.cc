#include "fetcher/import_stream.h"

#include <utility>

#include "common/rpc/status.h"

namespace dateline::fetcher {

std::shared_ptr<ImportStream> ImportStream::Start() {
  std::shared_ptr<ImportStream> stream(new ImportStream());
  stream->self_ = stream;
  return stream;
}

void ImportStream::OnProgress(const v1::ImportWarcResponse& progress) {
  {
    absl::MutexLock lock(&mutex_);
    latest_ = progress;
  }
  Advance();
}

void ImportStream::OnEnd(const absl::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    if (!end_.has_value()) end_ = rpc::ToGrpcStatus(status);
  }
  Advance();
}

bool ImportStream::IsGone() const {
  absl::MutexLock lock(&mutex_);
  return broken_;
}

void ImportStream::End() {
  Break(grpc::Status(grpc::StatusCode::UNAVAILABLE,
                     "The fetcher is shutting down; ask again to go on."));
}

void ImportStream::OnWriteDone(bool ok) {
  {
    absl::MutexLock lock(&mutex_);
    writing_ = false;
  }
  if (ok) {
    Advance();
  } else {
    Break(grpc::Status::CANCELLED);
  }
}

void ImportStream::OnCancel() { Break(grpc::Status::CANCELLED); }

void ImportStream::OnDone() {
  const std::shared_ptr<ImportStream> last = std::move(self_);
}

void ImportStream::Break(const grpc::Status& status) {
  {
    absl::MutexLock lock(&mutex_);
    broken_ = true;
    latest_.reset();
    end_ = status;
  }
  Advance();
}

void ImportStream::Advance() {
  std::optional<grpc::Status> finish;
  {
    absl::MutexLock lock(&mutex_);
    if (writing_ || finished_) return;
    if (latest_.has_value() && !broken_) {
      response_ = *std::exchange(latest_, std::nullopt);
      writing_ = true;
    } else if (end_.has_value()) {
      finished_ = true;
      finish = end_;
    } else {
      return;
    }
  }
  if (finish.has_value()) {
    Finish(*finish);
  } else {
    StartWrite(&response_);
  }
}

}  // namespace dateline::fetcher

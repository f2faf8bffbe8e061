#include "store/export_reactor.h"

#include <algorithm>
#include <utility>

#include "absl/time/clock.h"
#include "common/rpc/status.h"
#include "store/core/answers.h"

namespace dateline::store {
namespace {

// Read at a time.
constexpr size_t kChunkBytes = 512 * 1024;

absl::Status Gone() { return absl::CancelledError("the client has gone"); }

}  // namespace

void WriteDeadline::Start() {
  absl::MutexLock lock(&mutex_);
  LookAt(absl::Now() + limit_);
}

void WriteDeadline::Begin() {
  absl::MutexLock lock(&mutex_);
  begun_ = absl::Now();
}

void WriteDeadline::End() {
  absl::MutexLock lock(&mutex_);
  begun_ = absl::InfiniteFuture();
}

void WriteDeadline::Over() {
  absl::MutexLock lock(&mutex_);
  context_ = nullptr;
  // It rings once more, to say that it doesn't.
  alarm_.reset();
}

void WriteDeadline::Look(bool rang) {
  absl::MutexLock lock(&mutex_);
  if (!rang || context_ == nullptr) return;
  const absl::Time now = absl::Now();
  if (now < begun_ + limit_) {
    LookAt(std::min(begun_, now) + limit_);
    return;
  }
  // Only tells gRPC, which calls nobody back here; and the context is there
  // only while this is locked.
  context_->TryCancel();
}

void WriteDeadline::LookAt(absl::Time time) {
  // Only one that is new can be set.
  alarm_ = std::make_unique<grpc::Alarm>();
  alarm_->Set(absl::ToChronoTime(time),
              [self = shared_from_this()](bool rang) { self->Look(rang); });
}

ExportReactor::ExportReactor(grpc::CallbackServerContext& context,
                             const ArticleRepository& articles, ScanQuery query,
                             ThreadPool& pool, Slots& slots,
                             absl::Duration write_limit)
    : context_(context),
      articles_(articles),
      query_(std::move(query)),
      pool_(pool),
      slots_(slots),
      write_deadline_(std::make_shared<WriteDeadline>(context, write_limit)) {}

void ExportReactor::Start() {
  write_deadline_->Start();
  ScheduleRead();
}

void ExportReactor::ScheduleRead() {
  if (!pool_.TrySchedule([this] { Read(); })) {
    End(absl::ResourceExhaustedError("too many exports; try again later"));
  }
}

void ExportReactor::Read() {
  if (context_.IsCancelled()) return End(Gone());
  if (scan_ == nullptr) {
    absl::StatusOr<std::unique_ptr<ArticleScan>> scan = articles_.Scan(query_);
    if (!scan.ok()) return End(scan.status());
    scan_ = *std::move(scan);
    response_.set_total(scan_->total());
  }
  absl::StatusOr<std::vector<v1::Article>> read = scan_->Next(kChunkBytes);
  if (!read.ok()) return End(read.status());
  read_ = *std::move(read);
  next_ = 0;
  if (read_.empty()) return End(absl::OkStatus());
  WriteNext();
}

void ExportReactor::WriteNext() {
  *response_.mutable_article() = std::move(read_[next_++]);
  response_.set_sent(response_.sent() + 1);
  write_deadline_->Begin();
  StartWrite(&response_);
}

void ExportReactor::OnWriteDone(bool ok) {
  write_deadline_->End();
  if (!ok) return ScheduleEnd(Gone());
  if (next_ < read_.size()) return WriteNext();
  ScheduleRead();
}

void ExportReactor::ScheduleEnd(const absl::Status& status) {
  if (!pool_.TrySchedule([this, status] { End(status); })) End(status);
}

void ExportReactor::End(const absl::Status& status) {
  scan_.reset();
  Finish(rpc::ToGrpcStatus(ForClient(status)));
}

void ExportReactor::OnDone() {
  write_deadline_->Over();
  slots_.GiveBack();
  delete this;
}

RefusedExport::RefusedExport(const absl::Status& status) {
  Finish(rpc::ToGrpcStatus(ForClient(status)));
}

}  // namespace dateline::store

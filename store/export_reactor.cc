#include "store/export_reactor.h"

#include <utility>

#include "common/rpc/status.h"
#include "store/core/answers.h"

namespace dateline::store {
namespace {

// Read at a time.
constexpr size_t kChunkBytes = 512 * 1024;

}  // namespace

bool ExportSlots::TryTake() {
  if (free_.fetch_sub(1) > 0) return true;
  ++free_;
  return false;
}

ExportReactor::ExportReactor(grpc::CallbackServerContext& context,
                             const ArticleRepository& articles, ScanQuery query,
                             ThreadPool& pool, ExportSlots& slots)
    : context_(context),
      articles_(articles),
      query_(std::move(query)),
      pool_(pool),
      slots_(slots) {}

void ExportReactor::Start() { ScheduleRead(); }

void ExportReactor::ScheduleRead() {
  if (!pool_.TrySchedule([this] { Read(); })) {
    End(absl::ResourceExhaustedError("too many exports; try again later"));
  }
}

void ExportReactor::Read() {
  if (context_.IsCancelled()) {
    return End(absl::CancelledError("the client has gone"));
  }
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
  StartWrite(&response_);
}

void ExportReactor::OnWriteDone(bool ok) {
  if (!ok) return End(absl::CancelledError("the client has gone"));
  if (next_ < read_.size()) return WriteNext();
  ScheduleRead();
}

void ExportReactor::End(const absl::Status& status) {
  scan_.reset();
  Finish(rpc::ToGrpcStatus(ForClient(status)));
}

void ExportReactor::OnDone() {
  slots_.GiveBack();
  delete this;
}

RefusedExport::RefusedExport(const absl::Status& status) {
  Finish(rpc::ToGrpcStatus(ForClient(status)));
}

}  // namespace dateline::store

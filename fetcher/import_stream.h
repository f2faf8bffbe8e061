#ifndef DATELINE_FETCHER_IMPORT_STREAM_H_
#define DATELINE_FETCHER_IMPORT_STREAM_H_

#include <memory>
#include <optional>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "dateline/v1/fetcher_service.grpc.pb.h"
#include "fetcher/import_listener.h"
#include "fetcher/open_streams.h"

namespace dateline::fetcher {

// One call of ImportWarc. A slow reader gets the latest progress, and the last
// in any case. Thread-safe.
class ImportStream final
    : public grpc::ServerWriteReactor<v1::ImportWarcResponse>,
      public ImportListener,
      public OpenStream {
 public:
  // The stream owns itself until the call is over.
  static std::shared_ptr<ImportStream> Start();

  void OnProgress(const v1::ImportWarcResponse& progress) override
      ABSL_LOCKS_EXCLUDED(mutex_);
  void OnEnd(const absl::Status& status) override ABSL_LOCKS_EXCLUDED(mutex_);
  bool IsGone() const override ABSL_LOCKS_EXCLUDED(mutex_);

  void End() override;

  void OnWriteDone(bool ok) override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnCancel() override;
  void OnDone() override;

 private:
  ImportStream() = default;

  // Ends the call before the import has.
  void Break(const grpc::Status& status) ABSL_LOCKS_EXCLUDED(mutex_);
  void Advance() ABSL_LOCKS_EXCLUDED(mutex_);

  std::shared_ptr<ImportStream> self_;
  v1::ImportWarcResponse response_;  // of the write under way

  mutable absl::Mutex mutex_;
  std::optional<v1::ImportWarcResponse> latest_ ABSL_GUARDED_BY(mutex_);
  std::optional<grpc::Status> end_ ABSL_GUARDED_BY(mutex_);
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_IMPORT_STREAM_H_

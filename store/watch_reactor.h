#ifndef DATELINE_STORE_WATCH_REACTOR_H_
#define DATELINE_STORE_WATCH_REACTOR_H_

#include <memory>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "dateline/v1/article_store_service.grpc.pb.h"
#include "store/watch_hub.h"

namespace dateline::store {

// One WatchArticles call on gRPC's side. Deletes itself when the call is over.
class WatchReactor final
    : public grpc::ServerWriteReactor<v1::WatchArticlesResponse>,
      public WatchHub::Stream {
 public:
  WatchReactor(grpc::CallbackServerContext& context,
               std::shared_ptr<Watch> watch);

  bool Send(const v1::WatchArticlesResponse& response) override
      ABSL_LOCKS_EXCLUDED(mutex_);
  void Finish(const absl::Status& status) override;
  void Abort() override ABSL_LOCKS_EXCLUDED(mutex_);

  void OnWriteDone(bool ok) override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnCancel() override;
  void OnDone() override;

 private:
  using Base = grpc::ServerWriteReactor<v1::WatchArticlesResponse>;

  grpc::CallbackServerContext& context_;
  const std::shared_ptr<Watch> watch_;
  absl::Mutex mutex_;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool broken_ ABSL_GUARDED_BY(mutex_) = false;
  bool aborted_ ABSL_GUARDED_BY(mutex_) = false;
};

// A call that ends at once.
class RefusedWatch final
    : public grpc::ServerWriteReactor<v1::WatchArticlesResponse> {
 public:
  explicit RefusedWatch(const absl::Status& status);
  void OnDone() override { delete this; }
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_WATCH_REACTOR_H_

#ifndef DATELINE_STORE_EXPORT_REACTOR_H_
#define DATELINE_STORE_EXPORT_REACTOR_H_

#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/thread_pool.h"
#include "dateline/v1/article_store_service.grpc.pb.h"
#include "grpcpp/alarm.h"
#include "store/core/article_repository.h"
#include "store/slots.h"

namespace dateline::store {

// Cancels a call one of whose writes takes longer than it may: the client
// doesn't read. Begin, End and Over are called by the call's reactor.
class WriteDeadline : public std::enable_shared_from_this<WriteDeadline> {
 public:
  // `context` must be there until Over.
  WriteDeadline(grpc::CallbackServerContext& context, absl::Duration limit)
      : context_(&context), limit_(limit) {}

  // Once, before all others.
  void Start() ABSL_LOCKS_EXCLUDED(mutex_);
  void Begin() ABSL_LOCKS_EXCLUDED(mutex_);
  void End() ABSL_LOCKS_EXCLUDED(mutex_);
  // The call is.
  void Over() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Look(bool rang) ABSL_LOCKS_EXCLUDED(mutex_);
  void LookAt(absl::Time time) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  absl::Mutex mutex_;
  grpc::CallbackServerContext* context_ ABSL_GUARDED_BY(mutex_);
  const absl::Duration limit_;
  // Infinite while there is no write.
  absl::Time begun_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  std::unique_ptr<grpc::Alarm> alarm_ ABSL_GUARDED_BY(mutex_);
};

// One ExportArticles call. Reads a few articles on the pool, writes them one by
// one, each when gRPC's flow control has taken the one before, and reads on: a
// client that doesn't read costs a snapshot, but no thread, and not for ever.
// The snapshot is given back on the pool: that may take a while. Deletes itself
// when the call is over.
class ExportReactor final
    : public grpc::ServerWriteReactor<v1::ExportArticlesResponse> {
 public:
  // Holds a slot, taken by its caller: an export takes a snapshot and, while it
  // reads, a thread of the pool, whose queue must hold one task of each. All
  // must outlive the call.
  ExportReactor(grpc::CallbackServerContext& context,
                const ArticleRepository& articles, ScanQuery query,
                ThreadPool& pool, Slots& slots, absl::Duration write_limit);

  // Begins the call; once.
  void Start();

  void OnWriteDone(bool ok) override;
  void OnDone() override;

 private:
  void ScheduleRead();
  void Read();
  void WriteNext();
  void ScheduleEnd(const absl::Status& status);
  // On the pool.
  void End(const absl::Status& status);

  grpc::CallbackServerContext& context_;
  const ArticleRepository& articles_;
  const ScanQuery query_;
  ThreadPool& pool_;
  Slots& slots_;
  const std::shared_ptr<WriteDeadline> write_deadline_;
  // Of one callback at a time.
  std::unique_ptr<ArticleScan> scan_;
  std::vector<v1::Article> read_;
  size_t next_ = 0;
  v1::ExportArticlesResponse response_;
};

// A call that ends at once.
class RefusedExport final
    : public grpc::ServerWriteReactor<v1::ExportArticlesResponse> {
 public:
  explicit RefusedExport(const absl::Status& status);
  void OnDone() override { delete this; }
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_EXPORT_REACTOR_H_

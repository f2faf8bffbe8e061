#ifndef DATELINE_STORE_EXPORT_REACTOR_H_
#define DATELINE_STORE_EXPORT_REACTOR_H_

#include <atomic>
#include <memory>
#include <vector>

#include "common/thread_pool.h"
#include "dateline/v1/article_store_service.grpc.pb.h"
#include "store/core/article_repository.h"

namespace dateline::store {

// How many exports are open; each takes a snapshot and, while it reads, a
// thread of the pool, whose queue must hold one task of each.
class ExportSlots {
 public:
  explicit ExportSlots(int slots) : free_(slots) {}

  bool TryTake();
  void GiveBack() { ++free_; }

 private:
  std::atomic<int> free_;
};

// One ExportArticles call. Reads a few articles on the pool, writes them one by
// one, each when gRPC's flow control has taken the one before, and reads on: a
// client that doesn't read costs a snapshot, but no thread. Deletes itself when
// the call is over.
class ExportReactor final
    : public grpc::ServerWriteReactor<v1::ExportArticlesResponse> {
 public:
  // Holds a slot, taken by its caller. All must outlive the call.
  ExportReactor(grpc::CallbackServerContext& context,
                const ArticleRepository& articles, ScanQuery query,
                ThreadPool& pool, ExportSlots& slots);

  // Begins the call; once.
  void Start();

  void OnWriteDone(bool ok) override;
  void OnDone() override;

 private:
  void ScheduleRead();
  void Read();
  void WriteNext();
  void End(const absl::Status& status);

  grpc::CallbackServerContext& context_;
  const ArticleRepository& articles_;
  const ScanQuery query_;
  ThreadPool& pool_;
  ExportSlots& slots_;
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

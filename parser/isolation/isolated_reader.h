#ifndef DATELINE_PARSER_ISOLATION_ISOLATED_READER_H_
#define DATELINE_PARSER_ISOLATION_ISOLATED_READER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/metrics.h"
#include "parser/core/rules/site_rules.h"
#include "parser/isolation/exchange.pb.h"
#include "parser/isolation/page_budget.h"
#include "parser/page_reader.h"
#include "parser/waiting_pages.h"

namespace dateline {

struct IsolationOptions {
  // Processes that read pages.
  int workers = 2;
  // What is started with kPageWorkerArgument; by default this program itself.
  std::string program = "/proc/self/exe";
  PageBudget budget = {};
  std::vector<RuleFile> rules = {};
  // Off, pages still have processes of their own, but those are not confined
  // and their memory is not limited.
  bool sandbox = true;
  // As in test_poison.h.
  bool test_poison = false;
};

// Reads pages in processes of their own, which have no files, no network and
// no secrets (sandbox.h). A page that ends its process, or goes beyond its
// budget of time or memory, gets a verdict that says so, its process is begun
// anew, and the others go on. A page whose process had read others before is
// tried once more in a fresh one, so that a page's fate depends on itself.
//
// A worker is sent small pages ahead, so that it needn't wait for the next one;
// where the first of them takes long, the others go to other workers.
//
// Where all workers are at pages that can wait, however long those take, one
// that can't gets a worker more, which is started when first needed.
class IsolatedReader final : public PageReader {
 public:
  // Starts a worker, to see that it can. kInternal, naming what is missing,
  // where it can't. `metrics` must outlive the reader.
  static absl::StatusOr<std::unique_ptr<IsolatedReader>> Create(
      const IsolationOptions& options, Metrics& metrics);
  // Drops what is queued and what is being read, and ends the workers.
  ~IsolatedReader() override;

  void Read(PageTask task, Done done) override ABSL_LOCKS_EXCLUDED(mutex_);
  void DropQueued() override ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  class Lane;

  struct Item {
    PageTask task;
    Done done;
    // Whether a worker died of it before.
    bool suspect = false;
  };

  IsolatedReader(const IsolationOptions& options, Metrics& metrics);

  // Waits for a page; nullptr when the reader ends.
  std::unique_ptr<Item> Take() ABSL_LOCKS_EXCLUDED(mutex_);
  // The same for the worker more.
  std::unique_ptr<Item> TakeUrgent() ABSL_LOCKS_EXCLUDED(mutex_);
  // A page to send ahead, of at most `max_bytes`; nullptr where there are only
  // enough for the workers that have none.
  std::unique_ptr<Item> TakeAhead(size_t max_bytes) ABSL_LOCKS_EXCLUDED(mutex_);
  void GiveBack(std::unique_ptr<Item> item) ABSL_LOCKS_EXCLUDED(mutex_);
  // That a worker begins with pages that can wait (1), or ends with them (-1).
  void CountPatient(int change) ABSL_LOCKS_EXCLUDED(mutex_);
  bool stopping() const ABSL_LOCKS_EXCLUDED(mutex_);

  const IsolationOptions options_;
  isolation::WorkerSettings settings_;
  Metrics& metrics_;
  mutable absl::Mutex mutex_;
  WaitingPages<std::unique_ptr<Item>> queue_ ABSL_GUARDED_BY(mutex_);
  size_t idle_ ABSL_GUARDED_BY(mutex_) = 0;
  // Workers that are at pages that can wait.
  int patient_ ABSL_GUARDED_BY(mutex_) = 0;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_ISOLATION_ISOLATED_READER_H_

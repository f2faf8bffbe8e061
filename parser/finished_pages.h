#ifndef DATELINE_PARSER_FINISHED_PAGES_H_
#define DATELINE_PARSER_FINISHED_PAGES_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/kafka/record.h"
#include "parser/core/page_verdict.h"

namespace dateline {

struct FinishedPage {
  kafka::TopicPartition partition;
  int64_t offset = 0;
  PageVerdict verdict;
};

// Takes verdicts from a reader's threads to a session's. Thread-safe.
class FinishedPages {
 public:
  void Add(FinishedPage page) ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    pages_.push_back(std::move(page));
  }

  // All that were added, in that order.
  std::vector<FinishedPage> TakeAll() ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    return std::exchange(pages_, {});
  }

  // Waits until there are `count`, or `wait`.
  void Await(size_t count, absl::Duration wait) const
      ABSL_LOCKS_EXCLUDED(mutex_) {
    absl::MutexLock lock(&mutex_);
    const auto enough = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
      return pages_.size() >= count;
    };
    mutex_.AwaitWithTimeout(absl::Condition(&enough), wait);
  }

 private:
  mutable absl::Mutex mutex_;
  std::vector<FinishedPage> pages_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dateline

#endif  // DATELINE_PARSER_FINISHED_PAGES_H_

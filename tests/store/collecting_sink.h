#ifndef DATELINE_TESTS_STORE_COLLECTING_SINK_H_
#define DATELINE_TESTS_STORE_COLLECTING_SINK_H_

#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "store/watch.h"
#include "tests/support/patience.h"

namespace dateline::store {

// Keeps what a watch sends; may be held, as by a reader that has stopped
// reading. Thread-safe.
class CollectingSink final : public WatchSink {
 public:
  bool Send(const v1::WatchArticlesResponse& response) override {
    const auto free = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return !held_;
    };
    absl::MutexLock lock(&mutex_);
    responses_.push_back(response);
    mutex_.Await(absl::Condition(&free));
    return !closed_;
  }

  void Hold(bool held) {
    absl::MutexLock lock(&mutex_);
    held_ = held;
  }
  void Close() {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }

  // Waits for that many answers, no longer than kSoon; gives all there are.
  std::vector<v1::WatchArticlesResponse> WaitFor(size_t count) {
    const auto enough = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return responses_.size() >= count;
    };
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&enough), kSoon);
    return responses_;
  }

 private:
  absl::Mutex mutex_;
  bool held_ ABSL_GUARDED_BY(mutex_) = false;
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<v1::WatchArticlesResponse> responses_ ABSL_GUARDED_BY(mutex_);
};

// The uids of the articles and deletions among the answers.
inline std::vector<std::string> Uids(
    const std::vector<v1::WatchArticlesResponse>& responses) {
  std::vector<std::string> uids;
  for (const v1::WatchArticlesResponse& response : responses) {
    if (response.has_article()) uids.push_back(response.article().uid());
    if (!response.deleted_uid().empty()) {
      uids.push_back("-" + response.deleted_uid());
    }
  }
  return uids;
}

}  // namespace dateline::store

#endif  // DATELINE_TESTS_STORE_COLLECTING_SINK_H_

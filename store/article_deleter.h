#ifndef DATELINE_STORE_ARTICLE_DELETER_H_
#define DATELINE_STORE_ARTICLE_DELETER_H_

#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/kafka/producer.h"
#include "store/core/article_repository.h"

namespace dateline::store {

// Takes articles back: writes tombstones to the articles topic and waits until
// this store has read them there. Thread-safe.
class ArticleDeleter {
 public:
  using Done = std::function<void(absl::Status)>;

  // `patience`: how long to wait for the store once a tombstone is in the
  // topic.
  ArticleDeleter(std::unique_ptr<kafka::Producer> producer, std::string topic,
                 absl::Duration patience = absl::Seconds(5));
  // Ends what is open: as the producer tells, else with OK.
  ~ArticleDeleter();

  // Calls `done` once, on another thread: OK where the tombstone is in the
  // topic for good and this store has forgotten the article, or will, as it is
  // slow; else the producer's error.
  void Delete(const std::string& uid, Done done) ABSL_LOCKS_EXCLUDED(mutex_);

  // Tells what the store has applied.
  void OnApplied(const ArticleBatch& batch) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Pending {
    std::string uid;
    Done done;
    bool confirmed = false;
    bool applied = false;
    absl::Time deadline = absl::InfiniteFuture();
  };
  using Entry = std::list<Pending>::iterator;

  void OnConfirmed(Entry entry, const absl::Status& status)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // Ends those whose patience is over.
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);

  std::unique_ptr<kafka::Producer> producer_;
  const std::string topic_;
  const absl::Duration patience_;
  absl::Mutex mutex_;
  std::list<Pending> pending_ ABSL_GUARDED_BY(mutex_);
  // What is over, to be told by the thread.
  std::list<std::pair<Done, absl::Status>> over_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_ARTICLE_DELETER_H_

#ifndef DATELINE_FETCHER_EVENT_HUB_H_
#define DATELINE_FETCHER_EVENT_HUB_H_

#include <memory>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "dateline/v1/fetch.pb.h"

namespace dateline::fetcher {

// Told of fetches as they end. Thread-safe; must not block.
class EventListener {
 public:
  virtual ~EventListener() = default;
  virtual void OnFetch(const v1::FetchEvent& event) = 0;
};

// Hands each fetch on to whoever listens at the time. Thread-safe.
class EventHub {
 public:
  // Listens until it is destroyed.
  void Add(std::weak_ptr<EventListener> listener) ABSL_LOCKS_EXCLUDED(mutex_);
  void Publish(const std::vector<v1::FetchEvent>& events)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  std::vector<std::shared_ptr<EventListener>> Living()
      ABSL_LOCKS_EXCLUDED(mutex_);

  absl::Mutex mutex_;
  std::vector<std::weak_ptr<EventListener>> listeners_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_EVENT_HUB_H_

#include "fetcher/event_hub.h"

#include <algorithm>
#include <utility>

namespace dateline::fetcher {

void EventHub::Add(std::weak_ptr<EventListener> listener) {
  absl::MutexLock lock(&mutex_);
  listeners_.push_back(std::move(listener));
}

std::vector<std::shared_ptr<EventListener>> EventHub::Living() {
  std::vector<std::shared_ptr<EventListener>> living;
  absl::MutexLock lock(&mutex_);
  for (const std::weak_ptr<EventListener>& weak : listeners_) {
    if (auto listener = weak.lock()) living.push_back(std::move(listener));
  }
  listeners_.erase(
      std::remove_if(listeners_.begin(), listeners_.end(),
                     [](const auto& weak) { return weak.expired(); }),
      listeners_.end());
  return living;
}

void EventHub::Publish(const std::vector<v1::FetchEvent>& events) {
  for (const std::shared_ptr<EventListener>& listener : Living()) {
    for (const v1::FetchEvent& event : events) listener->OnFetch(event);
  }
}

}  // namespace dateline::fetcher

#include "fetcher/open_streams.h"

#include <algorithm>
#include <utility>

namespace dateline::fetcher {

void OpenStreams::Add(const std::shared_ptr<OpenStream>& stream) {
  bool ended = false;
  {
    absl::MutexLock lock(&mutex_);
    ended = ended_;
    streams_.erase(
        std::remove_if(streams_.begin(), streams_.end(),
                       [](const auto& weak) { return weak.expired(); }),
        streams_.end());
    streams_.push_back(stream);
  }
  if (ended) stream->End();
}

void OpenStreams::EndAll() {
  std::vector<std::weak_ptr<OpenStream>> streams;
  {
    absl::MutexLock lock(&mutex_);
    ended_ = true;
    streams.swap(streams_);
  }
  for (const std::weak_ptr<OpenStream>& weak : streams) {
    if (const auto stream = weak.lock()) stream->End();
  }
}

}  // namespace dateline::fetcher

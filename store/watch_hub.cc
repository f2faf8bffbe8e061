#include "store/watch_hub.h"

#include <utility>

#include "absl/strings/str_cat.h"

namespace dateline::store {
namespace {

constexpr char kStopping[] =
    "the store is stopping; go on with the last resume_token, here later or at "
    "another replica now";

}  // namespace

WatchHub::WatchHub(size_t max_watches, Metrics& metrics)
    : max_watches_(max_watches),
      watches_(metrics.Gauge("dateline_store_watches",
                             "Open WatchArticles calls")) {}

WatchHub::~WatchHub() { Stop(); }

absl::Status WatchHub::Start(std::shared_ptr<Watch> watch, Stream& stream) {
  absl::MutexLock lock(&mutex_);
  if (stopping_) return absl::UnavailableError(kStopping);
  ReapLocked();
  if (entries_.size() >= max_watches_) {
    return absl::ResourceExhaustedError(absl::StrCat(
        "there are ", max_watches_, " watches already; try another replica"));
  }
  Entry& entry = entries_.emplace_back();
  entry.watch = std::move(watch);
  {
    absl::MutexLock entry_lock(&entry.mutex);
    entry.stream = &stream;
  }
  entry.thread = std::thread([this, &entry] { Run(entry); });
  watches_.Increment();
  return absl::OkStatus();
}

void WatchHub::Run(Entry& entry) {
  Stream* stream = nullptr;
  {
    absl::MutexLock lock(&entry.mutex);
    stream = entry.stream;
  }
  absl::Status status = entry.watch->Run(*stream);
  if (stopping_) status = absl::UnavailableError(kStopping);
  {
    absl::MutexLock lock(&entry.mutex);
    entry.stream = nullptr;
  }
  stream->Finish(status);
  watches_.Decrement();
  entry.done = true;
}

void WatchHub::ReapLocked() {
  for (auto entry = entries_.begin(); entry != entries_.end();) {
    if (entry->done) {
      entry->thread.join();
      entry = entries_.erase(entry);
    } else {
      ++entry;
    }
  }
}

void WatchHub::Stop() {
  stopping_ = true;
  absl::MutexLock lock(&mutex_);
  for (Entry& entry : entries_) {
    entry.watch->Cancel();
    absl::MutexLock entry_lock(&entry.mutex);
    if (entry.stream != nullptr) entry.stream->Abort();
  }
  for (Entry& entry : entries_) entry.thread.join();
  entries_.clear();
}

}  // namespace dateline::store

#include "store/core/recent_arrivals.h"

#include <algorithm>
#include <utility>

namespace dateline::store {
namespace {

// What an entry costs besides the message.
constexpr size_t kOverheadBytes = 256;

size_t SizeBytes(const ArticleChange& change) {
  return kOverheadBytes + change.uid.size() +
         (change.article.has_value() ? change.article->ByteSizeLong() : 0);
}

bool IsBefore(const ArticleChange& change, const Offsets& offsets) {
  const auto found = offsets.find(change.partition.partition);
  return found != offsets.end() && change.offset < found->second;
}

}  // namespace

void RecentArrivals::Begin(const Offsets& offsets) {
  absl::MutexLock lock(&mutex_);
  floors_ = offsets;
  end_ = offsets;
}

void RecentArrivals::Append(
    std::vector<std::shared_ptr<const ArticleChange>> changes,
    const Offsets& end) {
  std::vector<Entry> entries;
  entries.reserve(changes.size());
  for (auto& change : changes) {
    const size_t size_bytes = SizeBytes(*change);
    entries.push_back({std::move(change), size_bytes});
  }
  absl::MutexLock lock(&mutex_);
  for (Entry& entry : entries) {
    bytes_ += entry.size_bytes;
    entries_.push_back(std::move(entry));
  }
  end_ = end;
  EvictLocked();
}

void RecentArrivals::EvictLocked() {
  while (bytes_ > max_bytes_ && !entries_.empty()) {
    const Entry& oldest = entries_.front();
    Advance(floors_, oldest.change->partition.partition,
            oldest.change->offset + 1);
    bytes_ -= oldest.size_bytes;
    entries_.pop_front();
    ++first_sequence_;
  }
}

std::optional<Offsets> RecentArrivals::End() const {
  absl::ReaderMutexLock lock(&mutex_);
  return end_;
}

bool RecentArrivals::ReachesLocked(const Offsets& offsets) const {
  return end_.has_value() &&
         std::all_of(floors_.begin(), floors_.end(), [&](const auto& floor) {
           const auto found = offsets.find(floor.first);
           return (found == offsets.end() ? 0 : found->second) >= floor.second;
         });
}

bool RecentArrivals::Reaches(const Offsets& offsets) const {
  absl::ReaderMutexLock lock(&mutex_);
  return ReachesLocked(offsets);
}

RecentArrivals::Batch RecentArrivals::Read(
    Reader& reader, size_t max_changes, absl::Duration wait,
    const std::atomic<bool>& cancelled) const {
  const auto ready = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return cancelled || !ReachesLocked(reader.offsets) ||
           first_sequence_ + entries_.size() > reader.sequence;
  };
  absl::ReaderMutexLock lock(&mutex_);
  Batch batch;
  batch.timed_out = !mutex_.AwaitWithTimeout(absl::Condition(&ready), wait);
  if (!ReachesLocked(reader.offsets)) {
    batch.behind = true;
    return batch;
  }
  reader.sequence = std::max(reader.sequence, first_sequence_);
  const uint64_t end = first_sequence_ + entries_.size();
  while (reader.sequence < end && batch.changes.size() < max_changes) {
    const auto& change = entries_[reader.sequence - first_sequence_].change;
    if (!IsBefore(*change, reader.offsets)) batch.changes.push_back(change);
    ++reader.sequence;
  }
  batch.backlog = static_cast<int64_t>(end - reader.sequence);
  if (reader.sequence == end) batch.end = end_;
  return batch;
}

void RecentArrivals::Wake() { absl::MutexLock lock(&mutex_); }

}  // namespace dateline::store

#ifndef DATELINE_STORE_CORE_RECENT_ARRIVALS_H_
#define DATELINE_STORE_CORE_RECENT_ARRIVALS_H_

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "store/core/article_change.h"
#include "store/core/offsets.h"

namespace dateline::store {

// The latest records of `articles`, in the order they were read, up to a number
// of bytes: what all watches read from. A reader that falls out of it, or comes
// with older offsets, has to read the topic itself until it is within again.
//
// Exact by offsets: for each partition it holds every record from a floor on.
// So a reader whose offsets are all at or above the floors misses nothing here,
// and skips what is before its offsets. Thread-safe.
class RecentArrivals {
 public:
  explicit RecentArrivals(size_t max_bytes) : max_bytes_(max_bytes) {}

  struct Reader {
    Offsets offsets = {};   // behind what the reader has had
    uint64_t sequence = 0;  // private: where to look next
  };

  struct Batch {
    // The reader's offsets are below a floor, or nothing was read yet; nothing
    // else is set.
    bool behind = false;
    // `wait` was over first; nothing else is set but `end`.
    bool timed_out = false;
    std::vector<std::shared_ptr<const ArticleChange>> changes = {};
    // Records held behind these, at most.
    int64_t backlog = 0;
    // Where `changes` take the reader to the end: the offsets there.
    std::optional<Offsets> end = {};
  };

  // Begins, holding nothing, at these offsets. First call; once.
  void Begin(const Offsets& offsets) ABSL_LOCKS_EXCLUDED(mutex_);

  // Adds what was read next of the partitions, and how far that takes them.
  // A partition that is new was read from its beginning.
  void Append(std::vector<std::shared_ptr<const ArticleChange>> changes,
              const Offsets& end) ABSL_LOCKS_EXCLUDED(mutex_);

  // Where reading is; none before Begin.
  std::optional<Offsets> End() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Whether a reader with these offsets can read here without a gap.
  bool Reaches(const Offsets& offsets) const ABSL_LOCKS_EXCLUDED(mutex_);

  // Waits until there is something behind the reader's offsets, it is behind,
  // `wait` is over, or `cancelled` is set and Wake called. At most
  // `max_changes`. Moves reader.sequence, not reader.offsets.
  Batch Read(Reader& reader, size_t max_changes, absl::Duration wait,
             const std::atomic<bool>& cancelled) const
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Has waiting readers look at `cancelled` again.
  void Wake() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Entry {
    std::shared_ptr<const ArticleChange> change;
    size_t size_bytes;
  };

  bool ReachesLocked(const Offsets& offsets) const
      ABSL_SHARED_LOCKS_REQUIRED(mutex_);
  void EvictLocked() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const size_t max_bytes_;
  mutable absl::Mutex mutex_;
  std::deque<Entry> entries_ ABSL_GUARDED_BY(mutex_);
  uint64_t first_sequence_ ABSL_GUARDED_BY(mutex_) = 0;  // of entries_[0]
  size_t bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  Offsets floors_ ABSL_GUARDED_BY(mutex_);
  std::optional<Offsets> end_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_RECENT_ARRIVALS_H_

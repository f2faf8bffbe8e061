#ifndef DATELINE_STORE_SLOTS_H_
#define DATELINE_STORE_SLOTS_H_

#include <atomic>

namespace dateline::store {

// How many of a kind may be open at a time. Thread-safe.
class Slots {
 public:
  explicit Slots(int slots) : free_(slots) {}

  // False where all are taken, and from Close to Open.
  [[nodiscard]] bool TryTake() {
    int free = free_;
    while (free > 0 && !closed_) {
      if (!free_.compare_exchange_weak(free, free - 1)) continue;
      if (!closed_) return true;
      GiveBack();
    }
    return false;
  }
  // Of one that was taken.
  void GiveBack() { ++free_; }

  // Gives no more out until Open; those that were taken stay so.
  void Close() { closed_ = true; }
  void Open() { closed_ = false; }

 private:
  std::atomic<bool> closed_ = false;
  std::atomic<int> free_;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_SLOTS_H_

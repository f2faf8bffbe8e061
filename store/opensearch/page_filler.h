#ifndef DATELINE_STORE_OPENSEARCH_PAGE_FILLER_H_
#define DATELINE_STORE_OPENSEARCH_PAGE_FILLER_H_

#include <cstddef>
#include <string>
#include <utility>

#include "store/core/article_repository.h"

namespace dateline::store {

// Counts what goes into a page by its limits, and makes the cursor behind it.
class PageFiller {
 public:
  // `limits` must outlive this.
  explicit PageFiller(const PageLimits& limits) : limits_(limits) {}

  // Whether the next item, of that many bytes, is of the page; `cursor` is the
  // one behind it. Once false, there is a page behind this one.
  bool Take(size_t bytes, std::string cursor) {
    const bool fits = count_ == 0 || bytes_ + bytes <= limits_.max_bytes;
    if (count_ == static_cast<size_t>(limits_.limit) || !fits) {
      is_full_ = true;
      return false;
    }
    ++count_;
    bytes_ += bytes;
    last_ = std::move(cursor);
    return true;
  }

  // Empty where the page is the last one.
  std::string NextCursor() const { return is_full_ ? last_ : std::string(); }

 private:
  const PageLimits& limits_;
  size_t count_ = 0;
  size_t bytes_ = 0;
  bool is_full_ = false;
  std::string last_;
};

// How many hits to ask for at a time, the one that shows that there is another
// page included.
inline int HitsAtATime(const PageLimits& limits) {
  constexpr int kMost = 200;
  return limits.limit < kMost ? limits.limit + 1 : kMost;
}

}  // namespace dateline::store

#endif  // DATELINE_STORE_OPENSEARCH_PAGE_FILLER_H_

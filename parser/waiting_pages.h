#ifndef DATELINE_PARSER_WAITING_PAGES_H_
#define DATELINE_PARSER_WAITING_PAGES_H_

#include <cstddef>
#include <deque>
#include <utility>

namespace dateline {

// A reader's queue: pages that can wait come behind all that can't.
template <typename Page>
class WaitingPages {
 public:
  void Add(Page page, bool can_wait) {
    (can_wait ? patient_ : urgent_).push_back(std::move(page));
  }
  // One that was taken, as the next of its kind.
  void PutBack(Page page, bool can_wait) {
    (can_wait ? patient_ : urgent_).push_front(std::move(page));
  }

  bool empty() const { return size() == 0; }
  size_t size() const { return urgent_.size() + patient_.size(); }
  bool has_urgent() const { return !urgent_.empty(); }

  // Neither where it is empty.
  const Page& next() const { return Queue().front(); }
  Page Take() {
    Page page = std::move(Queue().front());
    Queue().pop_front();
    return page;
  }

  void Clear() {
    urgent_.clear();
    patient_.clear();
  }

 private:
  std::deque<Page>& Queue() { return urgent_.empty() ? patient_ : urgent_; }
  const std::deque<Page>& Queue() const {
    return urgent_.empty() ? patient_ : urgent_;
  }

  std::deque<Page> urgent_;
  std::deque<Page> patient_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_WAITING_PAGES_H_

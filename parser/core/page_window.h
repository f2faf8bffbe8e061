#ifndef DATELINE_PARSER_CORE_PAGE_WINDOW_H_
#define DATELINE_PARSER_CORE_PAGE_WINDOW_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>

#include "absl/strings/string_view.h"

namespace dateline {

// What a group commits of a partition: the first offset whose outcome isn't
// written and, as a mark of printable text, which behind it are.
struct WindowMark {
  int64_t offset = 0;
  // Empty where there are none.
  std::string done;

  bool operator==(const WindowMark&) const = default;
};

// The pages of one partition between reading and writing. Pages end in any
// order; their outcomes are given out so that
//  - each is given out once, over all windows that resume from each other's
//    committed marks;
//  - those of one key come in the order of the partition;
//  - a page that takes long holds back its own key only: the offsets written
//    behind it are in the mark, and the window that resumes there passes them
//    over.
class PageWindow {
 public:
  // Furthest that an outcome is written ahead of the first one that is not, in
  // offsets: the mark of so many stays below the 4,096 bytes that a broker
  // takes by default.
  static constexpr int64_t kMaxSpan = 16'000;

  // Nothing was committed before.
  PageWindow() = default;
  // Goes on at a committed mark. One that can't be read counts as empty.
  static PageWindow Resume(const WindowMark& committed);

  // Takes up the next page that was read; offsets rise. False where its outcome
  // is written already: it is to be passed over.
  [[nodiscard]] bool Admit(int64_t offset, absl::string_view key);

  // The outcome of a page is there. Ignores pages that aren't in the window.
  void Finish(int64_t offset);

  // The lowest page whose outcome can be written next, which counts as written
  // from here on: in the same transaction as Mark().
  std::optional<int64_t> TakeNext();

  // How many pages TakeNext would give, about: taking some sets others free.
  size_t ready() const;

  // How many are neither given out nor passed over.
  size_t open() const { return pages_.size(); }

  // Whether the partition is read again from an earlier offset, as when its
  // topic was made anew, while pages are open: a new window is needed. Where
  // none is open, Admit takes such a page up and forgets the mark.
  bool IsBehind(int64_t offset) const {
    return open() > 0 && next_.has_value() && offset < *next_;
  }

  // Whether more pages would only wait: one is behind by kMaxSpan.
  bool IsWide() const;

  // To commit with what was taken. Nothing before the first Admit.
  std::optional<WindowMark> Mark() const;

 private:
  struct Page {
    std::string key;
    bool finished = false;
  };

  // The first offset that is not written.
  int64_t Base() const;
  bool IsFirstOfKey(int64_t offset, const std::string& key) const;
  void ForgetWrittenBelowBase();

  // Behind the last page admitted.
  std::optional<int64_t> next_;
  std::map<int64_t, Page> pages_;
  // The offsets of each key in pages_.
  std::unordered_map<std::string, std::deque<int64_t>> keys_;
  // Finished, and first of their key.
  std::set<int64_t> ready_;
  // Written, at Base() or behind it.
  std::set<int64_t> written_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_PAGE_WINDOW_H_

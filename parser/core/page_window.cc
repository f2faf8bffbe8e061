#include "parser/core/page_window.h"

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace dateline {
namespace {

// "done:" and, in base64, a bit for each offset from the mark's on, lowest
// first.
constexpr absl::string_view kMarkPrefix = "done:";

std::string WriteBits(int64_t base, const std::set<int64_t>& offsets) {
  if (offsets.empty()) return "";
  std::string bits(static_cast<size_t>(*offsets.rbegin() - base) / 8 + 1, '\0');
  for (const int64_t offset : offsets) {
    const size_t at = static_cast<size_t>(offset - base);
    bits[at / 8] = static_cast<char>(bits[at / 8] | (1 << (at % 8)));
  }
  return absl::StrCat(kMarkPrefix, absl::Base64Escape(bits));
}

std::set<int64_t> ReadBits(int64_t base, absl::string_view mark) {
  std::set<int64_t> offsets;
  std::string bits;
  if (!absl::ConsumePrefix(&mark, kMarkPrefix) ||
      !absl::Base64Unescape(mark, &bits)) {
    return offsets;
  }
  for (size_t at = 0; at < bits.size() * 8; ++at) {
    if ((bits[at / 8] >> (at % 8) & 1) != 0) {
      offsets.insert(base + static_cast<int64_t>(at));
    }
  }
  return offsets;
}

}  // namespace

PageWindow PageWindow::Resume(const WindowMark& committed) {
  PageWindow window;
  window.next_ = committed.offset;
  window.written_ = ReadBits(committed.offset, committed.done);
  return window;
}

bool PageWindow::Admit(int64_t offset, absl::string_view key) {
  if (next_.has_value() && offset < *next_) written_.clear();
  next_ = offset + 1;
  if (written_.count(offset) > 0) {
    ForgetWrittenBelowBase();
    return false;
  }
  const auto page =
      pages_.insert_or_assign(offset, Page{std::string(key), false}).first;
  keys_[page->second.key].push_back(offset);
  return true;
}

void PageWindow::Finish(int64_t offset) {
  const auto page = pages_.find(offset);
  if (page == pages_.end()) return;
  page->second.finished = true;
  if (IsFirstOfKey(offset, page->second.key)) ready_.insert(offset);
}

std::optional<int64_t> PageWindow::TakeNext() {
  if (ready() == 0) return std::nullopt;
  const int64_t offset = *ready_.begin();
  ready_.erase(ready_.begin());
  const auto page = pages_.find(offset);
  const auto key = keys_.find(page->second.key);
  key->second.pop_front();
  if (key->second.empty()) {
    keys_.erase(key);
  } else if (const int64_t follower = key->second.front();
             pages_.find(follower)->second.finished) {
    ready_.insert(follower);
  }
  pages_.erase(page);
  written_.insert(offset);
  ForgetWrittenBelowBase();
  return offset;
}

size_t PageWindow::ready() const {
  const bool is_far = !ready_.empty() && *ready_.begin() - Base() >= kMaxSpan;
  return is_far ? 0 : ready_.size();
}

bool PageWindow::IsWide() const {
  return next_.has_value() && *next_ - Base() >= kMaxSpan;
}

std::optional<WindowMark> PageWindow::Mark() const {
  if (!next_.has_value()) return std::nullopt;
  return WindowMark{Base(), WriteBits(Base(), written_)};
}

int64_t PageWindow::Base() const {
  return pages_.empty() ? next_.value_or(0) : pages_.begin()->first;
}

bool PageWindow::IsFirstOfKey(int64_t offset, const std::string& key) const {
  return keys_.find(key)->second.front() == offset;
}

void PageWindow::ForgetWrittenBelowBase() {
  written_.erase(written_.begin(), written_.lower_bound(Base()));
}

}  // namespace dateline

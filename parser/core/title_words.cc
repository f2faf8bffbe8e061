#include "parser/core/title_words.h"

#include <unicode/uchar.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

std::vector<absl::string_view> Sorted(const std::vector<std::string>& words) {
  std::vector<absl::string_view> sorted(words.begin(), words.end());
  std::sort(sorted.begin(), sorted.end());
  return sorted;
}

bool IsPartOfWord(uint32_t code_point) {
  const auto c = static_cast<UChar32>(code_point);
  return u_isalnum(c) || u_charType(c) == U_NON_SPACING_MARK ||
         u_charType(c) == U_COMBINING_SPACING_MARK;
}

// Calls `take` with each of the first 200 words in turn.
template <typename Take>
void ForEachWord(absl::string_view title, Take take) {
  constexpr size_t kMost = 200;
  constexpr size_t kMostBytes = 2000;
  title = TruncateUtf8(title, kMostBytes);
  size_t taken = 0;
  std::string word;
  const auto end_word = [&] {
    if (!word.empty() && taken++ < kMost) take(word);
    word.clear();
  };
  for (size_t at = 0; at < title.size();) {
    const auto byte = static_cast<unsigned char>(title[at]);
    if (byte < 0x80) {
      if (absl::ascii_isalnum(byte)) {
        word.push_back(static_cast<char>(absl::ascii_tolower(byte)));
      } else {
        end_word();
      }
      ++at;
      continue;
    }
    const auto c = static_cast<uint32_t>(
        u_tolower(static_cast<UChar32>(NextCodePoint(title, &at))));
    const bool is_part = IsPartOfWord(c);
    if (!is_part || IsUnspacedScript(c)) end_word();
    if (is_part) AppendUtf8(c, &word);
    if (IsUnspacedScript(c)) end_word();
  }
  end_word();
}

}  // namespace

std::vector<std::string> TitleWords(absl::string_view title) {
  std::vector<std::string> words;
  ForEachWord(title, [&words](std::string& word) { words.push_back(word); });
  return words;
}

std::string SqueezedTitle(absl::string_view title) {
  std::string squeezed;
  ForEachWord(title, [&squeezed](std::string& word) { squeezed += word; });
  return squeezed;
}

double WordOverlap(absl::string_view a, absl::string_view b) {
  return WordOverlap(TitleWords(a), TitleWords(b));
}

double WordOverlap(const std::vector<std::string>& a,
                   const std::vector<std::string>& b) {
  if (a.empty() || b.empty()) return 0;
  const std::vector<absl::string_view> x = Sorted(a);
  const std::vector<absl::string_view> y = Sorted(b);
  size_t common = 0;
  for (size_t i = 0, j = 0; i < x.size() && j < y.size();) {
    const int order = x[i].compare(y[j]);
    common += order == 0 ? 1 : 0;
    i += order <= 0 ? 1 : 0;
    j += order >= 0 ? 1 : 0;
  }
  return 2.0 * static_cast<double>(common) /
         static_cast<double>(x.size() + y.size());
}

bool SameWords(absl::string_view a, absl::string_view b) {
  return TitleWords(a) == TitleWords(b);
}

}  // namespace dateline

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

}  // namespace

std::vector<std::string> TitleWords(absl::string_view title) {
  constexpr size_t kMost = 200;
  std::vector<std::string> words;
  const std::string lower = ToLower(TruncateUtf8(title, 2000));
  std::string word;
  const auto end_word = [&words, &word] {
    if (!word.empty() && words.size() < kMost) words.push_back(word);
    word.clear();
  };
  for (size_t at = 0; at < lower.size();) {
    const size_t begin = at;
    const auto first = static_cast<unsigned char>(lower[at]);
    if (first < 0x80) {
      if (absl::ascii_isalnum(first)) {
        word.push_back(lower[at]);
      } else {
        end_word();
      }
      ++at;
      continue;
    }
    const uint32_t c = NextCodePoint(lower, &at);
    const bool part =
        u_isalnum(static_cast<UChar32>(c)) ||
        u_charType(static_cast<UChar32>(c)) == U_NON_SPACING_MARK ||
        u_charType(static_cast<UChar32>(c)) == U_COMBINING_SPACING_MARK;
    if (!part || IsUnspacedScript(c)) end_word();
    if (part) word.append(lower, begin, at - begin);
    if (IsUnspacedScript(c)) end_word();
  }
  end_word();
  return words;
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

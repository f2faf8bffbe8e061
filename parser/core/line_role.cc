#include "parser/core/line_role.h"

#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr size_t kTitleWords = 6;
constexpr size_t kLongTitleWords = 25;

bool EndsLikeSentence(absl::string_view line) {
  uint32_t last = 0;
  uint32_t before = 0;
  for (size_t i = 0; i < line.size();) {
    before = last;
    last = NextCodePoint(line, &i);
  }
  const bool closing = last == '"' || last == '\'' || last == ')' ||
                       last == 0x201d || last == 0x2019 || last == 0xbb ||
                       last == 0x300d;
  const uint32_t mark = closing ? before : last;
  return mark == '.' || mark == '!' || mark == ';' || mark == ',' ||
         mark == ':' || mark == 0x2026 || mark == 0x3002 || mark == 0xff01 ||
         mark == 0x06d4 || mark == 0x0964;
}

}  // namespace

LineRole RoleOfPlainLine(absl::string_view line) {
  if (line.empty() || line.size() > 400) return LineRole::kText;
  if (line.find('\n') != absl::string_view::npos) return LineRole::kText;
  if (EndsLikeSentence(line)) return LineRole::kText;
  const size_t words = CountWords(line);
  if (words == 0 || words > kLongTitleWords) return LineRole::kText;
  return words <= kTitleWords ? LineRole::kTitle : LineRole::kLongTitle;
}

LineRole RoleOfLine(const TextBlock& block) {
  if (block.heading_level > 0 || block.in_list_item || block.in_table) {
    return LineRole::kText;
  }
  if (block.bold_chars + 2 < block.chars) return LineRole::kText;
  return RoleOfPlainLine(block.text);
}

}  // namespace dateline

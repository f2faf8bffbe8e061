#include "parser/core/dates_tokens.h"

#include <unicode/uchar.h>

#include "absl/strings/ascii.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr size_t kMostBytes = 400;
constexpr size_t kMostTokens = 160;

std::string WithAsciiDigits(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const size_t begin = at;
    const uint32_t c = NextCodePoint(text, &at);
    const int digit = c < 0x80 ? -1 : u_charDigitValue(static_cast<UChar32>(c));
    if (digit >= 0) {
      out.push_back(static_cast<char>('0' + digit));
    } else {
      out.append(text.data() + begin, at - begin);
    }
  }
  return out;
}

bool IsWordPart(uint32_t c) {
  if (c < 0x80) return absl::ascii_isalpha(static_cast<unsigned char>(c));
  return u_isalpha(static_cast<UChar32>(c)) ||
         (U_GET_GC_MASK(static_cast<UChar32>(c)) & U_GC_M_MASK) != 0;
}

// Characters that stand alone as units of dates: 年, 日 and their like.
bool IsIdeograph(uint32_t c) {
  return (c >= 0x3040 && c < 0xa000) || (c >= 0xac00 && c < 0xd7a4);
}

}  // namespace

DateTokens::DateTokens(absl::string_view text)
    : lower_(WithAsciiDigits(ToLower(TruncateUtf8(text, kMostBytes)))) {
  bool after_space = true;
  const absl::string_view lower = lower_;
  for (size_t at = 0; at < lower.size() && tokens_.size() < kMostTokens;) {
    const size_t begin = at;
    const uint32_t c = NextCodePoint(lower, &at);
    if (c == ' ' || c == '\n' || c == '\t' || c == 0xa0 || c == 0x202f) {
      after_space = true;
      continue;
    }
    DateToken token{DateToken::kMark, "", 0, begin, after_space};
    after_space = false;
    if (c >= '0' && c <= '9') {
      token.kind = DateToken::kNumber;
      while (at < lower.size() && lower[at] >= '0' && lower[at] <= '9') ++at;
      if (at - begin <= 9) {
        for (size_t i = begin; i < at; ++i) {
          token.value = token.value * 10 + (lower[i] - '0');
        }
      }
    } else if (IsIdeograph(c)) {
      token.kind = DateToken::kWord;
    } else if (IsWordPart(c)) {
      token.kind = DateToken::kWord;
      for (size_t next = at; next < lower.size(); at = next) {
        const uint32_t following = NextCodePoint(lower, &next);
        if (!IsWordPart(following) || IsIdeograph(following)) break;
      }
    }
    token.text = lower.substr(begin, at - begin);
    tokens_.push_back(token);
  }
}

}  // namespace dateline

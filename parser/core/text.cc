#include "parser/core/text.h"

#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/ustring.h>
#include <unicode/utf16.h>
#include <unicode/utf8.h>

#include <algorithm>
#include <vector>

namespace dateline {
namespace {

bool IsSpace(uint32_t c) {
  return c == ' ' || (c >= 0x09 && c <= 0x0d) || c == 0x85 || c == 0xa0 ||
         c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 ||
         c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

// U+200C and U+200D stay: they shape letters in Persian and Indic scripts, and
// join emoji.
bool IsDropped(uint32_t c) {
  return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0xad || c == 0x200b ||
         c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2060 && c <= 0x2064) || (c >= 0x2066 && c <= 0x2069) ||
         c == 0xfeff || (c >= 0xfff9 && c <= 0xfffb);
}

// Whether a byte is an ASCII character that stands as it is.
bool IsPlain(char c) { return c > ' ' && c < 0x7f; }

constexpr size_t kBlock = 16;

// Whether the block from `at` on, with a byte before it, stands as it is:
// printable ASCII, without two spaces in a row. Compilers look at all of its
// bytes at once.
bool IsPlainBlock(const char* at) {
  uint8_t other = 0;
  for (size_t i = 0; i < kBlock; ++i) {
    const auto byte = static_cast<uint8_t>(at[i]);
    const auto before = static_cast<uint8_t>(*(at + i - 1));
    // Of printable ones only two spaces give a space.
    other |=
        static_cast<uint8_t>(static_cast<uint8_t>(byte - ' ') > '~' - ' ') |
        static_cast<uint8_t>((byte | before) == ' ');
  }
  return other == 0;
}

bool IsContinuation(char c) { return (static_cast<uint8_t>(c) & 0xc0) == 0x80; }

// The bytes of the character at `from` where it stands as it is and is among
// those that newspapers print most: Latin-1 letters, Cyrillic, dashes and
// quotation marks, Han. Else 0.
size_t CommonSize(const char* from, const char* end) {
  const auto first = static_cast<uint8_t>(*from);
  if (first < 0x80) return IsPlain(*from) ? 1 : 0;
  if (first == 0xc3 || first == 0xd0 || first == 0xd1) {
    return end - from >= 2 && IsContinuation(from[1]) ? 2 : 0;
  }
  const bool may_be_quote = first == 0xe2 && end - from >= 3 &&
                            from[1] == '\x80' &&
                            static_cast<uint8_t>(from[2]) >= 0x90 &&
                            static_cast<uint8_t>(from[2]) <= 0x9f;
  if (may_be_quote) return 3;
  return first >= 0xe5 && first <= 0xe9 && end - from >= 3 &&
                 IsContinuation(from[1]) && IsContinuation(from[2])
             ? 3
             : 0;
}

// Copies what stands as it is, from such a character of `size` bytes on, and
// moves both.
void CopyCommon(size_t size, const char* end, const char*& from, char*& to) {
  to = std::copy_n(from, size, to);
  from += size;
  while (from != end) {
    while (static_cast<size_t>(end - from) >= kBlock && IsPlainBlock(from)) {
      // A space at its end is looked at with what follows.
      size = from[kBlock - 1] == ' ' ? kBlock - 1 : kBlock;
      to = std::copy_n(from, kBlock, to) - (kBlock - size);
      from += size;
    }
    const char* const near =
        from + std::min(kBlock, static_cast<size_t>(end - from));
    while (from < near) {
      if (IsPlain(*from)) {
        *to++ = *from++;
        continue;
      }
      // A single space between words, without a look at what it is.
      const size_t gap = *from == ' ' && from + 1 != end ? 1 : 0;
      size = CommonSize(from + gap, end);
      if (size == 0) return;
      // At most four bytes: no call for so few.
      for (size_t i = 0; i < gap + size; ++i) *to++ = *from++;
    }
  }
}

// Ordering combining marks takes the square of their number. No language has
// more than a few on one letter; UAX #15 §13 allows 30, and further ones are
// dropped here.
int32_t DropExcessMarks(UChar* text, int32_t size) {
  constexpr int kMostMarks = 30;
  int32_t kept = 0;
  int marks = 0;
  for (int32_t at = 0; at < size;) {
    const int32_t begin = at;
    UChar32 c = 0;
    U16_NEXT(text, at, size, c);
    const bool is_mark =
        u_getIntPropertyValue(c, UCHAR_LEAD_CANONICAL_COMBINING_CLASS) != 0;
    marks = is_mark ? marks + 1 : 0;
    if (marks > kMostMarks) continue;
    for (int32_t i = begin; i < at; ++i) text[kept++] = text[i];
  }
  return kept;
}

// Whether a text of such code points is in NFC whatever their order: none is
// changed by it, combines with the one before, or has a combining class.
// Latin-1 and most of what newspapers print: letters of the first Latin blocks
// and of Cyrillic, punctuation, currencies, kana, Han, Hangul syllables.
bool IsAlwaysNfc(uint32_t c) {
  if (c < 0x300) return true;
  return (c >= 0x2010 && c <= 0x205e) || (c >= 0x400 && c <= 0x482) ||
         (c >= 0x20a0 && c <= 0x20c0) || (c >= 0x3041 && c <= 0x3096) ||
         (c >= 0x30a1 && c <= 0x30fa) || (c >= 0x4e00 && c <= 0x9fff) ||
         (c >= 0xac00 && c <= 0xd7a3);
}

std::string Normalize(std::string text, bool may_need) {
  if (!may_need) return text;
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2* nfc = unorm2_getNFCInstance(&status);
  std::vector<UChar> in(text.size() + 1);
  int32_t in_size = 0;
  u_strFromUTF8(in.data(), static_cast<int32_t>(in.size()), &in_size,
                text.data(), static_cast<int32_t>(text.size()), &status);
  if (U_FAILURE(status)) return text;
  if (unorm2_quickCheck(nfc, in.data(), in_size, &status) == UNORM_YES) {
    return text;
  }
  in_size = DropExcessMarks(in.data(), in_size);
  std::vector<UChar> out(static_cast<size_t>(in_size) * 3 + 16);
  int32_t out_size =
      unorm2_normalize(nfc, in.data(), in_size, out.data(),
                       static_cast<int32_t>(out.size()), &status);
  if (U_FAILURE(status)) return text;
  std::string result(static_cast<size_t>(out_size) * 3 + 1, '\0');
  int32_t size = 0;
  u_strToUTF8(result.data(), static_cast<int32_t>(result.size()), &size,
              out.data(), out_size, &status);
  if (U_FAILURE(status)) return text;
  result.resize(static_cast<size_t>(size));
  return result;
}

}  // namespace

uint32_t NextCodePoint(absl::string_view text, size_t* position) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  if (bytes[*position] < 0x80) return bytes[(*position)++];
  int32_t i = 0;
  const size_t left = text.size() - *position;
  UChar32 c = 0;
  U8_NEXT(bytes + *position, i, static_cast<int32_t>(left < 8 ? left : 8), c);
  if (c < 0) {
    ++*position;
    return 0xfffd;
  }
  *position += static_cast<size_t>(i);
  return static_cast<uint32_t>(c);
}

void AppendUtf8(uint32_t c, std::string* out) {
  char buffer[4];
  int32_t size = 0;
  U8_APPEND_UNSAFE(buffer, size, c);
  out->append(buffer, static_cast<size_t>(size));
}

std::string CleanText(absl::string_view text, bool keep_lines) {
  // What is kept is never longer, but for U+FFFD in place of a single byte.
  std::string out(text.size(), '\0');
  char* to = out.data();
  char pending = '\0';
  bool may_need_nfc = false;
  const char* from = text.data();
  const char* const end = from + text.size();
  const auto part = [&] {
    if (pending == '\0') return;
    if (to != out.data()) *to++ = pending;
    pending = '\0';
  };
  while (from != end) {
    if (const size_t size = CommonSize(from, end); size > 0) {
      part();
      CopyCommon(size, end, from, to);
      continue;
    }
    auto at = static_cast<size_t>(from - text.data());
    const size_t begin = at;
    const uint32_t c = NextCodePoint(text, &at);
    from = text.data() + at;
    if (IsSpace(c)) {
      if (keep_lines && (c == '\n' || c == 0x2028 || c == 0x2029)) {
        pending = '\n';
      } else if (pending == '\0') {
        pending = ' ';
      }
      continue;
    }
    if (IsDropped(c)) continue;
    part();
    may_need_nfc = may_need_nfc || !IsAlwaysNfc(c);
    if (c == 0xfffd && at - begin == 1) {
      const auto used = static_cast<size_t>(to - out.data());
      out.resize(out.size() + 2);
      to = out.data() + used;
      to = std::copy_n("\xef\xbf\xbd", 3, to);
      continue;
    }
    for (size_t i = begin; i < at; ++i) *to++ = text[i];
  }
  out.resize(static_cast<size_t>(to - out.data()));
  return Normalize(std::move(out), may_need_nfc);
}

bool IsValidUtf8(absl::string_view text) {
  const auto* bytes = reinterpret_cast<const uint8_t*>(text.data());
  const size_t size = text.size();
  for (size_t i = 0; i < size;) {
    if (bytes[i] < 0x80) {
      ++i;
      continue;
    }
    int32_t step = 0;
    UChar32 c = 0;
    U8_NEXT(bytes + i, step, static_cast<int32_t>(size - i < 8 ? size - i : 8),
            c);
    if (c < 0) return false;
    i += static_cast<size_t>(step);
  }
  return true;
}

absl::string_view TruncateUtf8(absl::string_view text, size_t max_bytes) {
  if (text.size() <= max_bytes) return text;
  size_t end = max_bytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) {
    --end;
  }
  return text.substr(0, end);
}

std::string ToLower(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const uint32_t c = byte < 0x80 ? (++i, byte) : NextCodePoint(text, &i);
    if (c < 0x80) {
      out.push_back(static_cast<char>(c >= 'A' && c <= 'Z' ? c + 32 : c));
    } else {
      AppendUtf8(static_cast<uint32_t>(u_tolower(static_cast<UChar32>(c))),
                 &out);
    }
  }
  return out;
}

size_t CountWords(absl::string_view text) {
  size_t words = 0;
  size_t unspaced = 0;
  bool in_word = false;
  for (size_t i = 0; i < text.size();) {
    const uint32_t c = NextCodePoint(text, &i);
    if (c < 0x80) {
      const bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                         (c >= 'A' && c <= 'Z');
      words += alnum && !in_word ? 1 : 0;
      in_word = alnum || (in_word && c == '\'');
    } else if (IsUnspacedScript(c)) {
      ++unspaced;
      in_word = false;
    } else if (c == 0x2019) {
      continue;
    } else {
      const bool letter =
          u_isalnum(static_cast<UChar32>(c)) ||
          (u_charType(static_cast<UChar32>(c)) == U_NON_SPACING_MARK);
      words += letter && !in_word ? 1 : 0;
      in_word = letter;
    }
  }
  return words + (unspaced + 1) / 2;
}

}  // namespace dateline

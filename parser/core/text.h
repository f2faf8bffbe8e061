#ifndef DATELINE_PARSER_CORE_TEXT_H_
#define DATELINE_PARSER_CORE_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/string_view.h"

namespace dateline {

// `text` (UTF-8) as an article carries it: white space of every kind folded to
// single spaces and trimmed; control characters, soft hyphens and zero-width
// marks that don't shape letters dropped; ill-formed sequences replaced by
// U+FFFD; Unicode NFC, with 30 combining marks on a letter at most. With
// `keep_lines`, line feeds stay (spaces around them don't, and several in a row
// fold to one).
std::string CleanText(absl::string_view text, bool keep_lines = false);

// Reads the code point at `*position` of valid UTF-8 and moves behind it; an
// ill-formed byte gives U+FFFD and moves by one.
uint32_t NextCodePoint(absl::string_view text, size_t* position);

// Writes a code point's UTF-8 form behind `out`.
void AppendUtf8(uint32_t code_point, std::string* out);

// Whether `text` is well-formed UTF-8 (RFC 3629).
bool IsValidUtf8(absl::string_view text);

// The longest prefix of at most `max_bytes` that ends between code points.
absl::string_view TruncateUtf8(absl::string_view text, size_t max_bytes);

// Whether a code point is of a script written without spaces between words:
// Han, Hiragana, Katakana, Thai, Lao, Khmer, Myanmar.
inline bool IsUnspacedScript(uint32_t c) {
  if (c < 0x0e00) return false;
  return c <= 0x0eff || (c >= 0x1000 && c <= 0x109f) ||
         (c >= 0x1780 && c <= 0x17ff) || (c >= 0x3040 && c <= 0x30ff) ||
         (c >= 0x3400 && c <= 0x4dbf) || (c >= 0x4e00 && c <= 0x9fff) ||
         (c >= 0xf900 && c <= 0xfaff) || (c >= 0x20000 && c <= 0x3ffff);
}

// Lower case by Unicode's simple rules, for comparing.
std::string ToLower(absl::string_view text);

// Words of a text: runs of letters and digits; in scripts without spaces one
// for every two characters, rounded up.
size_t CountWords(absl::string_view text);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_TEXT_H_

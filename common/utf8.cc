#include "common/utf8.h"

#include <algorithm>
#include <cstddef>

namespace dateline {
namespace {

constexpr absl::string_view kReplacement = "\xEF\xBF\xBD";

unsigned char ByteAt(absl::string_view text, size_t i) {
  return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
}

// The bytes of the character that `text` begins with, by Unicode's table of
// well-formed sequences; 0 where it is none.
size_t CharacterBytes(absl::string_view text) {
  const unsigned char first = ByteAt(text, 0);
  if (first < 0x80) return 1;
  const size_t size = first < 0xC2   ? 0
                      : first < 0xE0 ? 2
                      : first < 0xF0 ? 3
                      : first < 0xF5 ? 4
                                     : 0;
  const unsigned char second = ByteAt(text, 1);
  const unsigned char least = first == 0xE0   ? 0xA0
                              : first == 0xF0 ? 0x90
                                              : 0x80;
  const unsigned char most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
  if (size == 0 || second < least || second > most) return 0;
  for (size_t i = 2; i < size; ++i) {
    if ((ByteAt(text, i) & 0xC0) != 0x80) return 0;
  }
  return size;
}

}  // namespace

std::string ValidUtf8(absl::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const size_t bytes = CharacterBytes(text);
    const absl::string_view taken =
        bytes == 0 ? kReplacement : text.substr(0, bytes);
    out.append(taken.data(), taken.size());
    text.remove_prefix(std::max<size_t>(bytes, 1));
  }
  return out;
}

}  // namespace dateline

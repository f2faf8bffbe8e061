#include "store/core/filter/utf8.h"

#include <cstdint>

namespace dateline::store::filter {
namespace {

bool InRange(absl::string_view text, size_t index, uint8_t low, uint8_t high) {
  if (index >= text.size()) return false;
  const auto byte = static_cast<uint8_t>(text[index]);
  return low <= byte && byte <= high;
}

}  // namespace

size_t CharacterSize(absl::string_view text) {
  if (text.empty()) return 0;
  const auto lead = static_cast<uint8_t>(text[0]);
  if (lead < 0x80) return 1;
  size_t size = 0;
  if (lead >= 0xC2 && lead <= 0xDF) size = 2;
  if (lead >= 0xE0 && lead <= 0xEF) size = 3;
  if (lead >= 0xF0 && lead <= 0xF4) size = 4;
  if (size == 0) return 0;
  // No overlong forms, no surrogates, nothing above U+10FFFF.
  const uint8_t low = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const uint8_t high = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (!InRange(text, 1, low, high)) return 0;
  for (size_t i = 2; i < size; ++i) {
    if (!InRange(text, i, 0x80, 0xBF)) return 0;
  }
  return size;
}

}  // namespace dateline::store::filter

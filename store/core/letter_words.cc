#include "store/core/letter_words.h"

#include <algorithm>

namespace dateline::store {

const std::vector<LetterRange>& LetterWords() {
  // By Unicode block.
  static const auto& ranges = *new std::vector<LetterRange>{
      {0x0E01, 0x0EFF},    // Thai, Lao
      {0x1000, 0x109F},    // Myanmar
      {0x1100, 0x11FF},    // Hangul Jamo
      {0x1780, 0x17D3},    // Khmer
      {0x2E80, 0x2FDF},    // CJK and Kangxi radicals
      {0x3005, 0x3007},    // ideographic iteration mark, number zero
      {0x3041, 0x3096},    // Hiragana
      {0x309D, 0x309F},    // its iteration marks
      {0x30A1, 0x30FA},    // Katakana
      {0x30FC, 0x30FF},    // its prolonged sound and iteration marks
      {0x3105, 0x318F},    // Bopomofo, Hangul compatibility Jamo
      {0x31A0, 0x31BF},    // Bopomofo extended
      {0x31F0, 0x31FF},    // Katakana phonetic extensions
      {0x3400, 0x4DBF},    // CJK extension A
      {0x4E00, 0x9FFF},    // CJK
      {0xA960, 0xA97F},    // Hangul Jamo extended A
      {0xAA60, 0xAA7F},    // Myanmar extended A
      {0xAC00, 0xD7FF},    // Hangul, Jamo extended B
      {0xF900, 0xFAFF},    // CJK compatibility
      {0xFF66, 0xFF9F},    // half-width Katakana
      {0x20000, 0x3FFFD},  // CJK extensions B and on
  };
  return ranges;
}

bool IsLetterWord(UChar32 letter) {
  const std::vector<LetterRange>& ranges = LetterWords();
  const auto range =
      std::lower_bound(ranges.begin(), ranges.end(), letter,
                       [](const LetterRange& candidate, UChar32 value) {
                         return candidate.last < value;
                       });
  return range != ranges.end() && range->first <= letter;
}

}  // namespace dateline::store

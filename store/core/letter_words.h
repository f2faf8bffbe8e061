#ifndef DATELINE_STORE_CORE_LETTER_WORDS_H_
#define DATELINE_STORE_CORE_LETTER_WORDS_H_

#include <unicode/utypes.h>

#include <vector>

namespace dateline::store {

struct LetterRange {
  UChar32 first;
  UChar32 last;
};

// Letters, and the marks that go with them, of scripts that are written without
// spaces between words (Chinese, Japanese, Thai, Lao, Khmer, Burmese), and of
// Korean, whose words grow endings. In order. Search takes each as a word of
// its own, so that a phrase of them is found wherever they stand next to each
// other, without any dictionary.
const std::vector<LetterRange>& LetterWords();

bool IsLetterWord(UChar32 letter);

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_LETTER_WORDS_H_

#ifndef DATELINE_PARSER_CORE_WORDS_H_
#define DATELINE_PARSER_CORE_WORDS_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "absl/strings/string_view.h"

namespace dateline {

// The words of a text that NormalizedLine made, as 64-bit FNV-1a hashes; each
// character of a script without spaces is a word of its own. The same on every
// platform.
std::vector<uint64_t> WordHashes(absl::string_view normalized);

// One hash for `count` words from `at` on.
uint64_t ShingleHash(const std::vector<uint64_t>& words, size_t at,
                     size_t count);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_WORDS_H_

#ifndef DATELINE_PARSER_CORE_SIGNATURE_H_
#define DATELINE_PARSER_CORE_SIGNATURE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dateline/v1/article.pb.h"

namespace dateline {

// MinHash of a text's 3-word shingles by one permutation with densification
// (Li, Owen and Zhang 2012; Shrivastava and Li 2014): 64 values, the share of
// equal ones estimates the Jaccard similarity of two texts' shingle sets. Words
// are compared without case and punctuation; a character of a script without
// spaces is one word. The same on every platform. Empty for fewer than 20
// words.
std::vector<uint32_t> MinHash(absl::string_view text);

// SHA-256 over headline, alternative headline and the texts of body and live
// updates; each is preceded by its length, so that moving text from one to the
// other changes it.
std::string ContentSha256(const v1::Article& article);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_SIGNATURE_H_

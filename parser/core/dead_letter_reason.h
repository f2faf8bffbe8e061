#ifndef DATELINE_PARSER_CORE_DEAD_LETTER_REASON_H_
#define DATELINE_PARSER_CORE_DEAD_LETTER_REASON_H_

#include <string>

#include "absl/strings/string_view.h"
#include "dateline/v1/dead_letter.pb.h"

namespace dateline {

// The reason's word on the dead-letters topic and in metrics:
// DEAD_LETTER_REASON_NO_ARTICLE is "no_article".
std::string DeadLetterReasonWord(v1::DeadLetterReason reason);

// The reason of a word; DEAD_LETTER_REASON_UNSPECIFIED for one not known.
v1::DeadLetterReason DeadLetterReasonOfWord(absl::string_view word);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_DEAD_LETTER_REASON_H_

#include "parser/core/dead_letter_reason.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace dateline {
namespace {

constexpr absl::string_view kPrefix = "DEAD_LETTER_REASON_";

}  // namespace

std::string DeadLetterReasonWord(v1::DeadLetterReason reason) {
  return absl::AsciiStrToLower(
      v1::DeadLetterReason_Name(reason).substr(kPrefix.size()));
}

v1::DeadLetterReason DeadLetterReasonOfWord(absl::string_view word) {
  v1::DeadLetterReason reason = v1::DEAD_LETTER_REASON_UNSPECIFIED;
  v1::DeadLetterReason_Parse(absl::StrCat(kPrefix, absl::AsciiStrToUpper(word)),
                             &reason);
  return reason;
}

}  // namespace dateline

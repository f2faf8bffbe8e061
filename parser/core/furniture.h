#ifndef DATELINE_PARSER_CORE_FURNITURE_H_
#define DATELINE_PARSER_CORE_FURNITURE_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace dateline {

// What a line of text is by its wording alone, in some thirty languages.
enum class LineKind {
  kText,
  // Opens a list of other articles, comments or tools: "Must Read".
  kEndMarker,
  // Points to another article: "Read also: …".
  kReadAlso,
  // "Advertisement".
  kAdvert,
  // "Subscribe to our newsletter", "Follow us on".
  kPromotion,
  // "Share", "Print", "2 comments".
  kTool,
  // "Photo: …", "© Reuters".
  kCredit,
  // Nothing but a date or time, a reading time, an updated mark.
  kDate,
  // "© 2024 … All rights reserved".
  kCopyright,
};

// Lines longer than this many bytes are text.
inline constexpr size_t kLongestKnownLine = 400;

LineKind KindOfLine(absl::string_view line);
// The same where NormalizedLine(line) is at hand.
LineKind KindOfLine(absl::string_view line, absl::string_view normalized);

// The stable word for a dropped line of that kind, and the sentence.
absl::string_view RuleOf(LineKind kind);
absl::string_view ReasonOf(LineKind kind);

// `text` for comparing lines: lower case, only letters and digits, single
// spaces between words.
std::string NormalizedLine(absl::string_view text);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_FURNITURE_H_

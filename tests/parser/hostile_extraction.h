#ifndef DATELINE_TESTS_PARSER_HOSTILE_EXTRACTION_H_
#define DATELINE_TESTS_PARSER_HOSTILE_EXTRACTION_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dateline {

// What extracting one page cost and gave.
struct HostileRun {
  bool ended = false;  // false where it died: a crash, an endless recursion
  bool has_article = false;
  bool is_whole = false;  // an article with a body, or an error with a reason
  double cpu_seconds = 0;
  double peak_mb = 0;  // resident memory above what was there before
};

// Extracts a page in a process of its own.
HostileRun ExtractInChild(absl::string_view media_type, absl::string_view body);

// Fails the test where a page costs more than 2 s of CPU (sanitized builds get
// ten times as much) or 256 MB (not measured in sanitized builds), dies, or
// gives neither article nor reason.
void ExpectBounded(absl::string_view media_type, absl::string_view body);

// `piece` again and again.
std::string Repeat(absl::string_view piece, size_t count);
// `before`, a number from 0 up, `after`; again and again.
std::string RepeatNumbered(absl::string_view before, absl::string_view after,
                           int count);

}  // namespace dateline

#endif  // DATELINE_TESTS_PARSER_HOSTILE_EXTRACTION_H_

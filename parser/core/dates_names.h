#ifndef DATELINE_PARSER_CORE_DATES_NAMES_H_
#define DATELINE_PARSER_CORE_DATES_NAMES_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"

namespace dateline {

// The month, 1 to 12, that a word in lower case names ("avril", "apr",
// "апреля"); 0 where it names none. In `language` first (a BCP 47 tag or ""),
// then in the other languages, where they don't contradict each other. ICU's
// names, read once. Thread-safe.
int MonthOfName(absl::string_view word, absl::string_view language);

// How long before now a phrase in lower case means: "3 hours ago", "vor 3
// Stunden", "yesterday". The phrase must begin `text`. Days and longer are
// whole days; `is_day` says so. Thread-safe.
struct RelativeTime {
  absl::Duration before;
  bool is_day = false;
};
absl::optional<RelativeTime> ReadRelativeTime(absl::string_view text,
                                              absl::string_view language);

// Whether dates in digits put the month first ("04/24/2024") in a language.
bool MonthComesFirst(absl::string_view language);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_DATES_NAMES_H_

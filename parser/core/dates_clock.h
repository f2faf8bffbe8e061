#ifndef DATELINE_PARSER_CORE_DATES_CLOCK_H_
#define DATELINE_PARSER_CORE_DATES_CLOCK_H_

#include <cstddef>

#include "absl/types/optional.h"
#include "parser/core/dates_tokens.h"

namespace dateline {

// A clock time as read beside a date.
struct ClockTime {
  int hour = 0;
  int minute = 0;
  int second = 0;
  bool has_second = false;
  bool offset_known = false;
  int offset_minutes = 0;
};

// Reads the clock time that begins at token `i`: "9:30", "09:30:15.2+02:00",
// "9.30 Uhr", "9h30", "9 p.m. EDT", "9時30分".
absl::optional<ClockTime> ReadClockAt(const DateTokens& tokens, size_t i);

// The clock time that goes with the date in tokens [begin, end): the first
// within a few tokens behind it, else the last within a few before it.
absl::optional<ClockTime> ReadClockBeside(const DateTokens& tokens,
                                          size_t begin, size_t end);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_DATES_CLOCK_H_

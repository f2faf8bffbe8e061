#ifndef DATELINE_STORE_CORE_FILTER_TIMES_H_
#define DATELINE_STORE_CORE_FILTER_TIMES_H_

#include <cstdint>
#include <optional>

#include "absl/strings/string_view.h"

namespace dateline::store::filter {

// From `begin_us` to before `end_us`, microseconds since the Unix epoch.
struct TimeSpan {
  int64_t begin_us = 0;
  int64_t end_us = 0;
};

// What a time in a filter covers: a date ("2026-01-02") its day in UTC; an
// RFC 3339 time ("2026-01-02T03:04:05.5+01:00") the microsecond it lies in.
// None for anything else.
std::optional<TimeSpan> ParseTimeSpan(absl::string_view text);

}  // namespace dateline::store::filter

#endif  // DATELINE_STORE_CORE_FILTER_TIMES_H_

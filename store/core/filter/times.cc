#include "store/core/filter/times.h"

#include <cstddef>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"

namespace dateline::store::filter {
namespace {

// absl::ParseTime takes more than RFC 3339 does: signs, spaces,
// "infinite-past". In `shape`, '0' stands for any digit.
bool ConsumeShape(absl::string_view shape, absl::string_view& text) {
  if (text.size() < shape.size()) return false;
  for (size_t i = 0; i < shape.size(); ++i) {
    const bool fits =
        shape[i] == '0'
            ? absl::ascii_isdigit(static_cast<unsigned char>(text[i])) != 0
            : absl::ascii_toupper(static_cast<unsigned char>(text[i])) ==
                  shape[i];
    if (!fits) return false;
  }
  text.remove_prefix(shape.size());
  return true;
}

bool ConsumeFraction(absl::string_view& text) {
  if (!ConsumeShape(".0", text)) return false;
  while (ConsumeShape("0", text)) {
  }
  return true;
}

bool IsRfc3339(absl::string_view text) {
  if (!ConsumeShape("0000-00-00T00:00:00", text)) return false;
  if (absl::StartsWith(text, ".") && !ConsumeFraction(text)) return false;
  return (ConsumeShape("Z", text) || ConsumeShape("+00:00", text) ||
          ConsumeShape("-00:00", text)) &&
         text.empty();
}

bool IsDate(absl::string_view text) {
  return ConsumeShape("0000-00-00", text) && text.empty();
}

}  // namespace

std::optional<TimeSpan> ParseTimeSpan(absl::string_view text) {
  absl::Time time;
  std::string error;
  if (IsDate(text)) {
    const std::string midnight = absl::StrCat(text, "T00:00:00Z");
    if (!absl::ParseTime(absl::RFC3339_full, midnight, &time, &error)) {
      return std::nullopt;
    }
    return TimeSpan{absl::ToUnixMicros(time),
                    absl::ToUnixMicros(time + absl::Hours(24))};
  }
  const std::string upper = absl::AsciiStrToUpper(text);
  if (!IsRfc3339(upper) ||
      !absl::ParseTime(absl::RFC3339_full, upper, &time, &error)) {
    return std::nullopt;
  }
  const int64_t us = absl::ToUnixMicros(time);
  return TimeSpan{us, us + 1};
}

}  // namespace dateline::store::filter

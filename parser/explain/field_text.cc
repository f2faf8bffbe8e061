#include "parser/explain/field_text.h"

#include <cstdlib>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

namespace dateline::explain {

std::string TimeText(const v1::ArticleTime& time) {
  if (!time.has_time()) return "";
  const int offset = time.offset_known() ? time.offset_minutes() : 0;
  const absl::Time at =
      absl::FromUnixSeconds(time.time().seconds()) + absl::Minutes(offset);
  const auto format = [&](const char* pattern) {
    return absl::FormatTime(pattern, at, absl::UTCTimeZone());
  };
  std::string text;
  std::string precision;
  switch (time.precision()) {
    case v1::TIME_PRECISION_DAY:
      return absl::StrCat(format("%Y-%m-%d"), ", to the day");
    case v1::TIME_PRECISION_MINUTE:
      text = format("%Y-%m-%d %H:%M");
      precision = "to the minute";
      break;
    default:
      text = format("%Y-%m-%d %H:%M:%S");
      precision = "to the second";
      break;
  }
  if (!time.offset_known()) {
    return absl::StrCat(text, ", ", precision, ", zone not known");
  }
  return absl::StrCat(
      text,
      absl::StrFormat(" %c%02d:%02d", offset < 0 ? '-' : '+',
                      std::abs(offset) / 60, std::abs(offset) % 60),
      ", ", precision);
}

std::string EnumText(absl::string_view name, absl::string_view prefix) {
  const absl::string_view value = absl::StripPrefix(name, prefix);
  if (value == "UNSPECIFIED") return "";
  return absl::StrReplaceAll(absl::AsciiStrToLower(value), {{"_", " "}});
}

std::string AuthorText(const v1::Author& author) {
  const std::string kind =
      EnumText(v1::AuthorKind_Name(author.kind()), "AUTHOR_KIND_");
  if (kind.empty()) return author.name();
  return absl::StrCat(author.name(), " (", kind, ")");
}

}  // namespace dateline::explain

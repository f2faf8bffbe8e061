// Any text as a date, for machines and for people, in many languages.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "parser/core/article_time_text.h"
#include "parser/core/dates.h"
#include "tests/fuzz/properties.h"

namespace dateline {
namespace {

constexpr const char* kLanguages[] = {"",   "en", "en-US", "de", "fr", "es",
                                      "ru", "ar", "ja",    "zh", "hi", "tr"};

void CheckTime(const v1::ArticleTime& time, int first_year, int last_year) {
  RequireReadable(time);
  const absl::Time at = absl::FromUnixSeconds(time.time().seconds());
  const auto year = absl::ToCivilYear(at, absl::UTCTimeZone()).year();
  Require(year >= first_year - 1 && year <= last_year + 1);
  Require(time.time().nanos() >= 0 && time.time().nanos() < 1'000'000'000);
  Require(time.precision() != v1::TIME_PRECISION_UNSPECIFIED);
  Require(time.offset_minutes() >= -24 * 60 &&
          time.offset_minutes() <= 24 * 60);
}

bool Same(const absl::optional<v1::ArticleTime>& a,
          const absl::optional<v1::ArticleTime>& b) {
  return a.has_value() == b.has_value() &&
         (!a.has_value() || a->SerializeAsString() == b->SerializeAsString());
}

// A time written by the standard is that time again.
void CheckReadAgain(const v1::ArticleTime& time) {
  const absl::Time at = absl::FromUnixSeconds(time.time().seconds());
  const auto year = absl::ToCivilYear(at, absl::UTCTimeZone()).year();
  if (year < 1990 || year > 2099) return;
  const absl::optional<v1::ArticleTime> again = ReadMachineTime(
      absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", at, absl::UTCTimeZone()));
  Require(again.has_value());
  Require(again->time().seconds() == time.time().seconds());
  Require(again->offset_known());
}

void Check(absl::string_view text) {
  const absl::optional<v1::ArticleTime> machine = ReadMachineTime(text);
  Require(Same(machine, ReadMachineTime(text)));
  if (machine.has_value()) {
    CheckTime(*machine, 1990, 2100);
    CheckReadAgain(*machine);
  }
  for (const char* language : kLanguages) {
    DateContext context;
    context.language = language;
    context.now = absl::FromUnixSeconds(1'700'000'000);
    const absl::optional<v1::ArticleTime> time = ReadDate(text, context);
    Require(Same(time, ReadDate(text, context)));
    if (time.has_value()) CheckTime(*time, 1, 9999);
  }
  if (const auto time = ReadUrlDate(text)) CheckTime(*time, 1, 9999);
  if (const auto line = ReadPublishedInLine(text)) {
    CheckTime(line->time, 1, 9999);
    RequireUtf8(line->publication);
    Require(line->publication.size() <= text.size());
  }
  Require(TimeInData(text).size() <= text.size());
}

}  // namespace
}  // namespace dateline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dateline::Check(dateline::ValidUtf8(dateline::TextOf(data, size)));
  return 0;
}

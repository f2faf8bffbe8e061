#include "fetcher/core/source_schedule.h"

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "fetcher/core/proto_time.h"

namespace dateline::fetcher {
namespace {

constexpr absl::Duration kDefaultInterval = absl::Minutes(5);
constexpr absl::Duration kLeastInterval = absl::Minutes(1);
constexpr absl::Duration kMostInterval = absl::Hours(24);

std::optional<absl::Time> HttpDate(const FetchResult& result,
                                   absl::string_view header) {
  absl::Time time;
  if (!absl::ParseTime("%a, %d %b %Y %H:%M:%S GMT",
                       FindHttpHeader(result.headers, header).value_or(""),
                       &time, nullptr)) {
    return std::nullopt;
  }
  return time;
}

// The interval that `entry` goes by; `least` where that has changed.
absl::Duration PresentInterval(const v1::UrlEntry& entry,
                               absl::Duration least) {
  const absl::Duration interval = FromProto(entry.interval());
  const absl::Duration by = entry.readings().has_least_interval()
                                ? FromProto(entry.readings().least_interval())
                                : interval;
  return by == least ? std::clamp(interval, least, kMostInterval) : least;
}

// The interval never grows beyond this.
absl::Duration LongestInterval(const v1::SourceReadings& readings,
                               absl::Duration least) {
  if (readings.urls_per_day() <= 0) return kMostInterval;
  return std::clamp(absl::Hours(24) / readings.urls_per_day(), least,
                    kMostInterval);
}

bool IsSkipped(absl::Time time, const v1::SourceReadings& readings) {
  const absl::CivilHour hour = absl::ToCivilHour(time, absl::UTCTimeZone());
  const int day =
      (static_cast<int>(absl::GetWeekday(hour)) + 1) % 7;  // from Sunday
  return ((readings.skip_hours() >> hour.hour()) & 1U) != 0 ||
         ((readings.skip_days() >> day) & 1U) != 0;
}

// The first time from `time` on that the feed does not want left out.
absl::Time AfterSkipped(absl::Time time, absl::Time latest,
                        const v1::SourceReadings& readings) {
  while (time < latest && IsSkipped(time, readings)) {
    const absl::CivilHour hour = absl::ToCivilHour(time, absl::UTCTimeZone());
    time = absl::FromCivil(hour + 1, absl::UTCTimeZone());
  }
  return std::min(time, latest);
}

}  // namespace

absl::Duration DefaultSourceInterval() { return kDefaultInterval; }

absl::Duration SourceInterval(const v1::Source& source) {
  if (!source.has_interval()) return kDefaultInterval;
  return std::clamp(FromProto(source.interval()), kLeastInterval,
                    kMostInterval);
}

absl::Duration FreshFor(const FetchResult& result) {
  std::optional<int64_t> max_age;
  for (const v1::HttpHeader& header : result.headers) {
    if (!absl::EqualsIgnoreCase(header.name(), "cache-control")) continue;
    for (absl::string_view directive : absl::StrSplit(header.value(), ',')) {
      directive = absl::StripAsciiWhitespace(directive);
      if (absl::StartsWithIgnoreCase(directive, "no-cache") ||
          absl::EqualsIgnoreCase(directive, "no-store")) {
        return absl::ZeroDuration();
      }
      int64_t seconds = 0;
      if (!absl::StartsWithIgnoreCase(directive, "max-age=")) continue;
      absl::string_view value = directive.substr(directive.find('=') + 1);
      absl::ConsumePrefix(&value, "\"");
      absl::ConsumeSuffix(&value, "\"");
      if (absl::SimpleAtoi(value, &seconds)) max_age = seconds;
    }
  }
  absl::Duration fresh;
  if (max_age.has_value()) {
    int64_t age = 0;
    if (!absl::SimpleAtoi(FindHttpHeader(result.headers, "age").value_or(""),
                          &age)) {
      age = 0;
    }
    fresh = absl::Seconds(*max_age) - absl::Seconds(std::max<int64_t>(age, 0));
  } else if (const auto expires = HttpDate(result, "expires")) {
    fresh = *expires - HttpDate(result, "date").value_or(result.end_time);
  }
  return std::max(fresh, absl::ZeroDuration());
}

NextLook NextSourceLook(const v1::UrlEntry& entry, const SourceLook& look,
                        const ScheduleRules& rules, absl::Time now) {
  const v1::SourceReadings& readings = entry.readings();
  absl::Duration interval = PresentInterval(entry, look.least);
  absl::Duration wait = interval;
  if (look.failed) {
    wait = std::max(wait, RetryWait(entry.consecutive_failures(), rules));
  } else {
    interval = look.found_new ? interval / 2 : interval * 1.5;
    interval =
        std::clamp(interval, look.least, LongestInterval(readings, look.least));
    wait = std::max(
        {interval, FromProto(readings.asked_interval()), look.fresh_for});
  }
  const absl::Time latest = now + kMostInterval;
  return {AfterSkipped(std::min(now + wait, latest), latest, readings),
          interval};
}

void AdoptInterval(absl::Duration least, absl::Time now, v1::UrlEntry& entry) {
  const absl::Duration interval = PresentInterval(entry, least);
  const bool is_same = entry.readings().has_least_interval() &&
                       FromProto(entry.readings().least_interval()) == least;
  if (is_same && interval == FromProto(entry.interval())) return;
  *entry.mutable_interval() = ToProto(interval);
  *entry.mutable_readings()->mutable_least_interval() = ToProto(least);
  if (entry.consecutive_failures() > 0) return;
  const absl::Duration asked =
      std::max(least, FromProto(entry.readings().asked_interval()));
  if (FromProto(entry.next_fetch_time()) > now + asked) {
    *entry.mutable_next_fetch_time() = ToProto(now + asked);
  }
}

}  // namespace dateline::fetcher

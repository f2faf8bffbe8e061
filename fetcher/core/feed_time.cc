#include "fetcher/core/feed_time.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "fetcher/core/proto_time.h"

namespace dateline::fetcher {
namespace {

constexpr size_t kLongestTime = 64;
constexpr size_t kLongestRaw = 200;

struct Stated {
  int year = 0;
  int month = 0;
  int day = 0;
  int hour = 0;
  int minute = 0;
  int second = 0;
  v1::TimePrecision precision = v1::TIME_PRECISION_DAY;
  bool offset_known = false;
  int offset_minutes = 0;
};

// Exactly the digits of `text`, at most four.
std::optional<int> Digits(absl::string_view text) {
  int value = 0;
  if (text.empty() || text.size() > 4) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), [](char c) {
        return absl::ascii_isdigit(static_cast<unsigned char>(c));
      })) {
    return std::nullopt;
  }
  if (!absl::SimpleAtoi(text, &value)) return std::nullopt;
  return value;
}

std::optional<int> NamedZone(absl::string_view name) {
  struct Zone {
    const char* name;
    int hours;
  };
  static constexpr Zone kZones[] = {
      {"Z", 0},    {"UT", 0},   {"UTC", 0},  {"GMT", 0},
      {"EST", -5}, {"EDT", -4}, {"CST", -6}, {"CDT", -5},
      {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7},
  };
  for (const Zone& zone : kZones) {
    if (absl::EqualsIgnoreCase(name, zone.name)) return zone.hours * 60;
  }
  return std::nullopt;
}

// "+0500", "-05:30", "Z", "GMT".
std::optional<int> ParseZone(absl::string_view text) {
  if (text.empty()) return std::nullopt;
  if (text[0] != '+' && text[0] != '-') return NamedZone(text);
  std::string digits(text.substr(1));
  digits.erase(std::remove(digits.begin(), digits.end(), ':'), digits.end());
  if (digits.size() == 2) digits += "00";
  const std::optional<int> number = Digits(digits);
  if (!number.has_value() || digits.size() != 4) return std::nullopt;
  const int minutes = *number / 100 * 60 + *number % 100;
  if (minutes > 840 || *number % 100 > 59) return std::nullopt;
  return text[0] == '-' ? -minutes : minutes;
}

void SetZone(absl::string_view text, Stated& stated) {
  const std::optional<int> offset = ParseZone(text);
  stated.offset_known = offset.has_value();
  stated.offset_minutes = offset.value_or(0);
}

// "09:30", "09:30:15", "09:30:15.25".
bool ParseClock(absl::string_view text, Stated& stated) {
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ':');
  if (parts.size() < 2 || parts.size() > 3) return false;
  const std::optional<int> hour = Digits(parts[0]);
  const std::optional<int> minute = Digits(parts[1]);
  if (!hour.has_value() || !minute.has_value()) return false;
  stated.hour = *hour;
  stated.minute = *minute;
  stated.precision = v1::TIME_PRECISION_MINUTE;
  if (parts.size() == 2) return true;
  const std::optional<int> second =
      Digits(parts[2].substr(0, parts[2].find_first_of(".,")));
  if (!second.has_value()) return false;
  stated.second = std::min(*second, 59);  // leap seconds
  stated.precision = v1::TIME_PRECISION_SECOND;
  return *second <= 60;
}

std::optional<int> Month(absl::string_view name) {
  static constexpr const char* kMonths[] = {"jan", "feb", "mar", "apr",
                                            "may", "jun", "jul", "aug",
                                            "sep", "oct", "nov", "dec"};
  for (int i = 0; i < 12; ++i) {
    if (absl::StartsWithIgnoreCase(name, kMonths[i])) return i + 1;
  }
  return std::nullopt;
}

std::optional<int> Rfc822Year(absl::string_view text) {
  const std::optional<int> year = Digits(text);
  if (!year.has_value() || text.size() == 4) return year;
  if (text.size() == 2) return *year < 50 ? 2000 + *year : 1900 + *year;
  return std::nullopt;
}

// RFC 822 §5: [day ","] date month year time [zone].
std::optional<Stated> ParseRfc822(absl::string_view text) {
  std::vector<absl::string_view> words =
      absl::StrSplit(text, absl::ByAnyChar(", \t\r\n"), absl::SkipEmpty());
  if (!words.empty() && !Digits(words[0]).has_value()) {
    words.erase(words.begin());
  }
  if (words.size() < 3) return std::nullopt;
  const std::optional<int> day = Digits(words[0]);
  const std::optional<int> month = Month(words[1]);
  const std::optional<int> year = Rfc822Year(words[2]);
  if (!day || !month || !year) return std::nullopt;
  Stated stated{*year, *month, *day};
  if (words.size() > 3 && !ParseClock(words[3], stated)) return std::nullopt;
  if (words.size() > 4) SetZone(words[4], stated);
  return stated;
}

// RFC 3339 §5.6; "T" may be a space, and what follows the day may be left out.
std::optional<Stated> ParseRfc3339(absl::string_view text) {
  if (text.size() < 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const std::optional<int> year = Digits(text.substr(0, 4));
  const std::optional<int> month = Digits(text.substr(5, 2));
  const std::optional<int> day = Digits(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  Stated stated{*year, *month, *day};
  if (text.size() == 10) return stated;
  if (text[10] != 'T' && text[10] != 't' && text[10] != ' ') {
    return std::nullopt;
  }
  const absl::string_view rest = text.substr(11);
  const size_t zone = std::min(rest.find_first_of("+-Zz "), rest.size());
  if (!ParseClock(rest.substr(0, zone), stated)) return std::nullopt;
  SetZone(absl::StripLeadingAsciiWhitespace(rest.substr(zone)), stated);
  return stated;
}

std::optional<v1::ArticleTime> ToArticleTime(const Stated& stated,
                                             absl::string_view raw) {
  const absl::CivilSecond civil(stated.year, stated.month, stated.day,
                                stated.hour, stated.minute, stated.second);
  // Civil times are normalised: 31 April would become 1 May.
  if (stated.year < 1900 || civil.month() != stated.month ||
      civil.day() != stated.day || civil.hour() != stated.hour ||
      civil.minute() != stated.minute) {
    return std::nullopt;
  }
  const absl::Time time = absl::FromCivil(civil, absl::UTCTimeZone()) -
                          absl::Minutes(stated.offset_minutes);
  v1::ArticleTime article_time;
  *article_time.mutable_time() = ToProto(time);
  article_time.set_precision(stated.precision);
  article_time.set_offset_known(stated.offset_known);
  article_time.set_offset_minutes(stated.offset_minutes);
  article_time.set_raw(std::string(raw.substr(0, kLongestRaw)));
  return article_time;
}

}  // namespace

std::optional<v1::ArticleTime> ParseFeedTime(absl::string_view text) {
  const absl::string_view trimmed = absl::StripAsciiWhitespace(text);
  if (trimmed.size() > kLongestTime) return std::nullopt;
  std::optional<Stated> stated = ParseRfc3339(trimmed);
  if (!stated.has_value()) stated = ParseRfc822(trimmed);
  if (!stated.has_value()) return std::nullopt;
  return ToArticleTime(*stated, trimmed);
}

}  // namespace dateline::fetcher

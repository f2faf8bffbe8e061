#include "parser/core/dates.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "parser/core/dates_clock.h"
#include "parser/core/dates_names.h"
#include "parser/core/dates_tokens.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr int kFirstYear = 1990;
constexpr int kLastYear = 2100;

struct DateMatch {
  absl::CivilDay day;
  size_t end = 0;  // the token behind it
};

bool IsYear(const DateToken& token) {
  return token.kind == DateToken::kNumber && token.text.size() == 4 &&
         ((token.value >= kFirstYear && token.value <= kLastYear) ||
          (token.value >= kFirstYear + 543 && token.value <= kLastYear + 543));
}

bool IsSmall(const DateToken& token, int most) {
  return token.kind == DateToken::kNumber && token.text.size() <= 2 &&
         token.value >= 1 && token.value <= most;
}

absl::optional<DateMatch> Make(int year, int month, int day, size_t end) {
  // The Buddhist era, as Thai pages have it.
  if (year > kLastYear) year -= 543;
  if (year < kFirstYear || year > kLastYear || month < 1 || month > 12) {
    return absl::nullopt;
  }
  const absl::CivilDay civil(year, month, day);
  if (civil.day() != day || civil.month() != month) return absl::nullopt;
  return DateMatch{civil, end};
}

bool IsSeparator(const DateToken& token) {
  return token.Is("-") || token.Is("/") || token.Is(".") || token.Is("–") ||
         token.Is("|");
}

// "2024-04-24", "2024. 4. 24."
absl::optional<DateMatch> ReadYearFirst(const DateTokens& t, size_t i) {
  if (!IsYear(t[i]) || !IsSeparator(t[i + 1]) || !IsSmall(t[i + 2], 12) ||
      !t[i + 3].Is(t[i + 1].text) || !IsSmall(t[i + 4], 31)) {
    return absl::nullopt;
  }
  return Make(t[i].value, t[i + 2].value, t[i + 4].value, i + 5);
}

// "2024年4月24日"
absl::optional<DateMatch> ReadEastAsian(const DateTokens& t, size_t i) {
  const bool named = (t[i + 1].Is("年") && t[i + 3].Is("月")) ||
                     (t[i + 1].Is("년") && t[i + 3].Is("월"));
  if (!named || !IsYear(t[i]) || !IsSmall(t[i + 2], 12) ||
      !IsSmall(t[i + 4], 31)) {
    return absl::nullopt;
  }
  return Make(t[i].value, t[i + 2].value, t[i + 4].value, i + 6);
}

// "24.04.2024", "4/24/24"
absl::optional<DateMatch> ReadDigits(const DateTokens& t, size_t i,
                                     absl::string_view language) {
  const DateToken& year = t[i + 4];
  if (!IsSmall(t[i], 31) || !IsSeparator(t[i + 1]) || !IsSmall(t[i + 2], 31) ||
      !t[i + 3].Is(t[i + 1].text) || year.kind != DateToken::kNumber) {
    return absl::nullopt;
  }
  const bool is_short = year.text.size() == 2;
  if (!is_short && !IsYear(year)) return absl::nullopt;
  if (is_short && (year.after_space || t[i + 5].Is(":"))) return absl::nullopt;
  int day = t[i].value;
  int month = t[i + 2].value;
  const bool swap = month > 12 || (day <= 12 && !t[i + 1].Is(".") &&
                                   MonthComesFirst(language));
  if (swap) std::swap(day, month);
  return Make(is_short ? 2000 + year.value : year.value, month, day, i + 5);
}

// Words and marks that may stand between the parts of a date.
bool IsFiller(const DateToken& token) {
  if (token.kind == DateToken::kNumber) return false;
  for (const char* word :
       {"st", "nd", "rd", "th", "er", "º", "ª", "°",   ".",  ",",  "de", "del",
        "of", "-",  "–",  "/",  "م",  "،", "г", "the", "di", "ta", "do", "e"}) {
    if (token.Is(word)) return true;
  }
  return false;
}

size_t SkipFillers(const DateTokens& t, size_t i) {
  for (int n = 0; n < 3 && IsFiller(t[i]); ++n) ++i;
  return i;
}

// The month named at *i; moves behind it. Vietnamese counts: "tháng 4".
int ReadMonth(const DateTokens& t, size_t* i, absl::string_view language) {
  if (t[*i].kind != DateToken::kWord) return 0;
  if (t[*i].Is("tháng") && IsSmall(t[*i + 1], 12)) {
    *i += 2;
    return t[*i - 1].value;
  }
  const int month = MonthOfName(t[*i].text, language);
  if (month != 0) ++*i;
  return month;
}

// "24 avril 2024", "24th of April, 2024"
absl::optional<DateMatch> ReadDayFirst(const DateTokens& t, size_t i,
                                       absl::string_view language) {
  if (!IsSmall(t[i], 31)) return absl::nullopt;
  size_t next = SkipFillers(t, i + 1);
  const int month = ReadMonth(t, &next, language);
  if (month == 0) return absl::nullopt;
  // "نيسان/أبريل": a second name of the same month.
  size_t second = next + 1;
  if (t[next].Is("/") && ReadMonth(t, &second, language) == month) {
    next = second;
  }
  next = SkipFillers(t, next);
  if (t[next].Is("năm")) ++next;
  if (!IsYear(t[next])) return absl::nullopt;
  return Make(t[next].value, month, t[i].value, next + 1);
}

// "April 24th, 2024", "2024. április 24."
absl::optional<DateMatch> ReadMonthFirst(const DateTokens& t, size_t i,
                                         absl::string_view language) {
  int year = 0;
  size_t next = i;
  if (IsYear(t[i])) {
    year = t[i].value;
    next = SkipFillers(t, i + 1);
    if (t[next].Is("m") && t[next + 1].Is(".")) next += 2;
  }
  const int month = ReadMonth(t, &next, language);
  if (month == 0) return absl::nullopt;
  next = SkipFillers(t, next);
  if (!IsSmall(t[next], 31)) return absl::nullopt;
  const int day = t[next].value;
  if (year != 0) return Make(year, month, day, next + 1);
  next = SkipFillers(t, next + 1);
  if (!IsYear(t[next])) return absl::nullopt;
  return Make(t[next].value, month, day, next + 1);
}

absl::optional<DateMatch> ReadDateAt(const DateTokens& t, size_t i,
                                     absl::string_view language) {
  absl::optional<DateMatch> match;
  if (t[i].kind == DateToken::kNumber) {
    if (t[i].text.size() == 4) {
      if ((match = ReadYearFirst(t, i)) || (match = ReadEastAsian(t, i))) {
        return match;
      }
      return ReadMonthFirst(t, i, language);
    }
    if ((match = ReadDigits(t, i, language))) return match;
    return ReadDayFirst(t, i, language);
  }
  if (t[i].kind == DateToken::kWord) return ReadMonthFirst(t, i, language);
  return absl::nullopt;
}

v1::ArticleTime MakeTime(absl::Time time, v1::TimePrecision precision,
                         absl::string_view raw) {
  v1::ArticleTime result;
  result.mutable_time()->set_seconds(absl::ToUnixSeconds(time));
  result.set_precision(precision);
  result.set_raw(std::string(TruncateUtf8(raw, 200)));
  return result;
}

v1::ArticleTime MakeTime(absl::CivilDay day,
                         const absl::optional<ClockTime>& clock,
                         absl::string_view raw) {
  absl::Time time = absl::FromCivil(day, absl::UTCTimeZone());
  if (!clock.has_value()) {
    return MakeTime(time, v1::TIME_PRECISION_DAY, raw);
  }
  time += absl::Hours(clock->hour) + absl::Minutes(clock->minute) +
          absl::Seconds(clock->second);
  if (clock->offset_known) time -= absl::Minutes(clock->offset_minutes);
  v1::ArticleTime result = MakeTime(
      time,
      clock->has_second ? v1::TIME_PRECISION_SECOND : v1::TIME_PRECISION_MINUTE,
      raw);
  result.set_offset_known(clock->offset_known);
  result.set_offset_minutes(clock->offset_known ? clock->offset_minutes : 0);
  return result;
}

absl::optional<v1::ArticleTime> ReadRelative(const DateTokens& tokens,
                                             absl::string_view text,
                                             const DateContext& context) {
  if (context.now == absl::InfiniteFuture() || tokens.lower().size() > 120) {
    return absl::nullopt;
  }
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind == DateToken::kMark) continue;
    const absl::optional<RelativeTime> relative = ReadRelativeTime(
        tokens.lower().substr(tokens[i].begin), context.language);
    if (!relative.has_value()) continue;
    const absl::Time time = context.now - relative->before;
    if (!relative->is_day) {
      v1::ArticleTime result =
          MakeTime(absl::FromUnixSeconds(absl::ToUnixSeconds(time) / 60 * 60),
                   v1::TIME_PRECISION_MINUTE, text);
      result.set_offset_known(true);
      return result;
    }
    return MakeTime(absl::ToCivilDay(time, absl::UTCTimeZone()),
                    ReadClockBeside(tokens, i, i + 1), text);
  }
  return absl::nullopt;
}

// "20240424", "20240424T093000Z", "20240424093000".
absl::optional<v1::ArticleTime> ReadCompact(absl::string_view text) {
  const size_t digits =
      std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits != 8 && digits != 12 && digits != 14) return absl::nullopt;
  const auto number = [&text](size_t begin, size_t size) {
    int value = -1;
    return absl::SimpleAtoi(text.substr(begin, size), &value) ? value : -1;
  };
  const auto match = Make(number(0, 4), number(4, 2), number(6, 2), 0);
  if (!match.has_value()) return absl::nullopt;
  std::string clock_text(text.substr(8));
  if (absl::StartsWithIgnoreCase(clock_text, "t")) clock_text.erase(0, 1);
  for (const size_t colon : {size_t{2}, size_t{5}}) {
    if (clock_text.size() >= colon + 2 && clock_text[colon] != ':') {
      clock_text = absl::StrCat(clock_text.substr(0, colon), ":",
                                clock_text.substr(colon));
    }
  }
  const DateTokens tokens(clock_text);
  return MakeTime(match->day, ReadClockAt(tokens, 0), text);
}

absl::optional<v1::ArticleTime> ReadEpoch(absl::string_view text) {
  int64_t number = 0;
  if (!absl::SimpleAtoi(text, &number)) return absl::nullopt;
  if (text.size() == 13) number /= 1000;
  if (text.size() != 10 && text.size() != 13) return absl::nullopt;
  if (number < 631152000 || number > 4102444800) return absl::nullopt;
  v1::ArticleTime result =
      MakeTime(absl::FromUnixSeconds(number), v1::TIME_PRECISION_SECOND, text);
  result.set_offset_known(true);
  return result;
}

}  // namespace

absl::optional<v1::ArticleTime> ReadMachineTime(absl::string_view text) {
  text = absl::StripAsciiWhitespace(text);
  if (text.size() < 8 || text.size() > 80) return absl::nullopt;
  const bool starts_with_year = text.find_first_not_of("0123456789") == 4;
  if (!starts_with_year) {
    absl::optional<v1::ArticleTime> time = ReadEpoch(text);
    return time.has_value() ? time : ReadCompact(text);
  }
  const DateTokens tokens(text);
  const absl::optional<DateMatch> match = ReadYearFirst(tokens, 0);
  if (!match.has_value()) return absl::nullopt;
  size_t at = match->end;
  if (tokens[at].Is("t") || tokens[at].Is(",")) ++at;
  return MakeTime(match->day, ReadClockAt(tokens, at), text);
}

absl::optional<v1::ArticleTime> ReadDate(absl::string_view text,
                                         const DateContext& context) {
  const DateTokens tokens(text);
  for (size_t i = 0; i < tokens.size(); ++i) {
    const absl::optional<DateMatch> match =
        ReadDateAt(tokens, i, context.language);
    if (match.has_value()) {
      return MakeTime(match->day, ReadClockBeside(tokens, i, match->end), text);
    }
  }
  return ReadRelative(tokens, text, context);
}

absl::optional<v1::ArticleTime> ReadUrlDate(absl::string_view url) {
  // Of an archive's copy the address within counts.
  const size_t scheme = url.rfind("://");
  if (scheme != absl::string_view::npos) url.remove_prefix(scheme + 3);
  const size_t path = url.find('/');
  if (path == absl::string_view::npos) return absl::nullopt;
  url.remove_prefix(path);
  url = url.substr(0, url.find_first_of("?#"));
  const DateTokens tokens(url);
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (i > 0 && !IsSeparator(tokens[i - 1]) && !tokens[i - 1].Is("_")) {
      continue;
    }
    absl::optional<DateMatch> match = ReadYearFirst(tokens, i);
    // "/2024-04/24/"
    if (!match.has_value() && IsYear(tokens[i]) && tokens[i + 1].Is("-") &&
        tokens[i + 3].Is("/") && IsSmall(tokens[i + 2], 12) &&
        IsSmall(tokens[i + 4], 31)) {
      match = Make(tokens[i].value, tokens[i + 2].value, tokens[i + 4].value,
                   i + 5);
    }
    if (!match.has_value() && IsYear(tokens[i + 4])) {
      match = ReadDigits(tokens, i, "");
    }
    if (!match.has_value() && tokens[i + 1].Is("/") && tokens[i + 3].Is("/")) {
      match = ReadMonthFirst(tokens, i, "en");
    }
    if (!match.has_value() && tokens[i].text.size() == 8 &&
        tokens[i].kind == DateToken::kNumber) {
      const int v = tokens[i].value;
      if (v / 10000 > kLastYear) continue;
      match = Make(v / 10000, v / 100 % 100, v % 100, i + 1);
    }
    if (match.has_value()) {
      return MakeTime(match->day, absl::nullopt, url);
    }
  }
  return absl::nullopt;
}

absl::optional<PublishedInLine> ReadPublishedInLine(absl::string_view line) {
  absl::string_view rest = absl::StripAsciiWhitespace(line);
  if (rest.size() > 200) return absl::nullopt;
  constexpr absl::string_view kOpening = "published in ";
  if (!absl::StartsWithIgnoreCase(rest, kOpening)) return absl::nullopt;
  const absl::optional<v1::ArticleTime> time = ReadDate(rest, {"en"});
  if (!time.has_value()) return absl::nullopt;
  rest.remove_prefix(kOpening.size());
  absl::string_view publication = rest.substr(0, rest.find(','));
  absl::ConsumePrefix(&publication, "the ");
  if (publication.empty() || publication.size() > 60) return absl::nullopt;
  PublishedInLine result;
  result.publication = CleanText(publication);
  result.time = *time;
  result.time.set_raw(std::string(absl::StripAsciiWhitespace(line)));
  return result;
}

}  // namespace dateline

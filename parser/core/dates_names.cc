#include "parser/core/dates_names.h"

#include <unicode/dtfmtsym.h>
#include <unicode/locid.h>
#include <unicode/reldatefmt.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

// The most read languages of the web's news.
constexpr const char* kLanguages[] = {
    "en", "es", "de", "fr", "it", "pt", "nl", "pl", "ru", "uk", "tr", "cs",
    "sv", "da", "nb", "fi", "hu", "ro", "el", "ar", "fa", "hi", "bn", "id",
    "vi", "th", "ur", "hr", "sr", "bg", "lt", "lv", "et", "sk", "sl", "is",
    "ca", "he", "ms", "sw", "ta", "te", "mr", "af", "az", "gl", "eu"};
constexpr size_t kLanguageCount = std::size(kLanguages);

using MonthNames = absl::flat_hash_map<std::string, int>;

std::string Utf8(const icu::UnicodeString& text) {
  std::string out;
  text.toUTF8String(out);
  return out;
}

// The form in which names are looked up: lower case, without a full stop.
std::string Key(const icu::UnicodeString& name) {
  std::string key = ToLower(Utf8(name));
  while (absl::EndsWith(key, ".")) key.pop_back();
  return key;
}

MonthNames MonthNamesOf(const char* language) {
  UErrorCode status = U_ZERO_ERROR;
  // The Gregorian calendar also where another is usual.
  const icu::Locale locale(
      (std::string(language) + "@calendar=gregorian").c_str());
  const icu::DateFormatSymbols symbols(locale, status);
  MonthNames names;
  if (U_FAILURE(status)) return names;
  using Symbols = icu::DateFormatSymbols;
  for (const auto context : {Symbols::FORMAT, Symbols::STANDALONE}) {
    for (const auto width : {Symbols::WIDE, Symbols::ABBREVIATED}) {
      int32_t count = 0;
      const icu::UnicodeString* months =
          symbols.getMonths(count, context, width);
      for (int32_t i = 0; i < count && i < 12; ++i) {
        const std::string key = Key(months[i]);
        const bool is_number =
            !key.empty() &&
            absl::ascii_isdigit(static_cast<unsigned char>(key[0]));
        if (key.size() >= 2 && !is_number) names.emplace(key, i + 1);
      }
    }
  }
  return names;
}

// Spellings that ICU doesn't give but newspapers do.
void AddUsualSpellings(MonthNames* names) {
  constexpr std::pair<const char*, int> kSpellings[] = {
      {"sept", 9}, {"jänner", 1},    {"jän", 1},   {"feber", 2}, {"märz", 3},
      {"mrz", 3},  {"maerz", 3},     {"dez", 12},  {"okt", 10},  {"janv", 1},
      {"févr", 2}, {"fev", 2},       {"juil", 7},  {"août", 8},  {"aout", 8},
      {"déc", 12}, {"setiembre", 9}, {"ene", 1},   {"abr", 4},   {"ago", 8},
      {"dic", 12}, {"set", 9},       {"gen", 1},   {"mag", 5},   {"giu", 6},
      {"lug", 7},  {"ott", 10},      {"março", 3}, {"marco", 3}, {"mrt", 3},
      {"mei", 5},  {"agu", 8},       {"agt", 8},   {"des", 12},  {"maj", 5},
      {"janu", 1}, {"nop", 11}};
  for (const auto& [name, month] : kSpellings) names->emplace(name, month);
}

struct AllMonthNames {
  AllMonthNames() {
    MonthNames contradicting;
    for (size_t i = 0; i < kLanguageCount; ++i) {
      of_language[i] = MonthNamesOf(kLanguages[i]);
      for (const auto& [name, month] : of_language[i]) {
        const auto [at, added] = merged.emplace(name, month);
        if (!added && at->second != month) contradicting.emplace(name, 0);
      }
    }
    for (const auto& [name, zero] : contradicting) {
      // English and the first few languages are by far the likeliest.
      int month = 0;
      for (size_t i = 0; i < 9 && month == 0; ++i) {
        const auto at = of_language[i].find(name);
        if (at != of_language[i].end()) month = at->second;
      }
      merged[name] = month;
    }
    AddUsualSpellings(&merged);
  }

  std::array<MonthNames, kLanguageCount> of_language;
  MonthNames merged;
};

const AllMonthNames& Months() {
  static const auto* const kNames = new AllMonthNames();
  return *kNames;
}

size_t LanguageIndex(absl::string_view tag) {
  absl::string_view primary = tag.substr(0, tag.find_first_of("-_"));
  if (absl::EqualsIgnoreCase(primary, "no") ||
      absl::EqualsIgnoreCase(primary, "nn")) {
    primary = "nb";
  }
  for (size_t i = 0; i < kLanguageCount; ++i) {
    if (absl::EqualsIgnoreCase(primary, kLanguages[i])) return i;
  }
  return kLanguageCount;
}

// "vor {} stunden" split at the number.
struct RelativePattern {
  std::string before;
  std::string after;
  absl::Duration unit;
  bool is_day;
};

struct RelativePatterns {
  std::vector<RelativePattern> counted;
  std::vector<std::pair<std::string, int>> named;  // days before today
};

constexpr std::pair<URelativeDateTimeUnit, int> kUnits[] = {
    {UDAT_REL_UNIT_MINUTE, 1},
    {UDAT_REL_UNIT_HOUR, 60},
    {UDAT_REL_UNIT_DAY, 24 * 60},
    {UDAT_REL_UNIT_WEEK, 7 * 24 * 60}};

void AddCounted(const icu::RelativeDateTimeFormatter& formatter,
                RelativePatterns* patterns) {
  for (const auto& [unit, minutes] : kUnits) {
    std::vector<std::string> seen;
    for (const int count : {1, 2, 3, 5, 11, 21}) {
      UErrorCode status = U_ZERO_ERROR;
      icu::UnicodeString text;
      formatter.formatNumeric(-count, unit, text, status);
      if (U_FAILURE(status)) continue;
      const std::string phrase = ToLower(Utf8(text));
      const size_t begin = phrase.find_first_of("0123456789");
      if (begin == std::string::npos) continue;
      const size_t end = phrase.find_first_not_of("0123456789", begin);
      RelativePattern pattern{
          phrase.substr(0, begin),
          end == std::string::npos ? "" : phrase.substr(end),
          absl::Minutes(minutes), minutes >= 24 * 60};
      const std::string key = pattern.before + "#" + pattern.after;
      if (std::find(seen.begin(), seen.end(), key) != seen.end()) continue;
      seen.push_back(key);
      patterns->counted.push_back(std::move(pattern));
    }
  }
}

RelativePatterns RelativePatternsOf(const char* language) {
  RelativePatterns patterns;
  for (const auto style : {UDAT_STYLE_LONG, UDAT_STYLE_SHORT}) {
    UErrorCode status = U_ZERO_ERROR;
    const icu::RelativeDateTimeFormatter formatter(
        icu::Locale((std::string(language) + "@numbers=latn").c_str()), nullptr,
        style, UDISPCTX_CAPITALIZATION_NONE, status);
    if (U_FAILURE(status)) return patterns;
    AddCounted(formatter, &patterns);
    icu::UnicodeString today, yesterday;
    formatter.format(UDAT_DIRECTION_THIS, UDAT_ABSOLUTE_DAY, today, status);
    formatter.format(UDAT_DIRECTION_LAST, UDAT_ABSOLUTE_DAY, yesterday, status);
    if (U_FAILURE(status)) continue;
    patterns.named.emplace_back(ToLower(Utf8(yesterday)), 1);
    patterns.named.emplace_back(ToLower(Utf8(today)), 0);
  }
  return patterns;
}

const RelativePatterns& RelativePatternsFor(size_t index) {
  struct Slot {
    std::once_flag once;
    RelativePatterns patterns;
  };
  static auto* const kSlots = new std::array<Slot, kLanguageCount>();
  Slot& slot = (*kSlots)[index];
  std::call_once(slot.once, [&slot, index] {
    slot.patterns = RelativePatternsOf(kLanguages[index]);
  });
  return slot.patterns;
}

}  // namespace

int MonthOfName(absl::string_view word, absl::string_view language) {
  while (absl::ConsumeSuffix(&word, ".")) {
  }
  if (word.size() < 2 || word.size() > 40) return 0;
  const AllMonthNames& names = Months();
  const size_t index = LanguageIndex(language);
  const std::string key(word);
  if (index < kLanguageCount) {
    const auto at = names.of_language[index].find(key);
    if (at != names.of_language[index].end()) return at->second;
  }
  const auto at = names.merged.find(key);
  return at == names.merged.end() ? 0 : at->second;
}

absl::optional<RelativeTime> ReadRelativeTime(absl::string_view text,
                                              absl::string_view language) {
  size_t index = LanguageIndex(language);
  if (index == kLanguageCount) index = 0;
  const RelativePatterns& patterns = RelativePatternsFor(index);
  for (const RelativePattern& pattern : patterns.counted) {
    absl::string_view rest = text;
    if (!absl::ConsumePrefix(&rest, pattern.before)) continue;
    const size_t digits =
        std::min(rest.find_first_not_of("0123456789"), rest.size());
    int count = 0;
    if (digits == 0 || digits > 3 ||
        !absl::SimpleAtoi(rest.substr(0, digits), &count)) {
      continue;
    }
    if (!absl::StartsWith(rest.substr(digits), pattern.after)) continue;
    return RelativeTime{count * pattern.unit, pattern.is_day};
  }
  for (const auto& [name, days] : patterns.named) {
    if (!name.empty() && absl::StartsWith(text, name)) {
      return RelativeTime{absl::Hours(24 * days), true};
    }
  }
  return absl::nullopt;
}

bool MonthComesFirst(absl::string_view language) {
  if (absl::EqualsIgnoreCase(language, "en") || language.empty()) return true;
  return absl::EqualsIgnoreCase(language, "en-US") ||
         absl::EqualsIgnoreCase(language, "en_US") ||
         absl::EqualsIgnoreCase(language, "en-PH");
}

}  // namespace dateline

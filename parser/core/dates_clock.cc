#include "parser/core/dates_clock.h"

#include <algorithm>
#include <utility>

namespace dateline {
namespace {

constexpr std::pair<absl::string_view, int> kZones[] = {
    {"z", 0},      {"utc", 0},    {"gmt", 0},    {"est", -300}, {"edt", -240},
    {"et", -300},  {"cst", -360}, {"cdt", -300}, {"mst", -420}, {"mdt", -360},
    {"pst", -480}, {"pdt", -420}, {"cet", 60},   {"cest", 120}, {"mez", 60},
    {"mesz", 120}, {"eet", 120},  {"eest", 180}, {"bst", 60},   {"msk", 180},
    {"ist", 330},  {"pkt", 300},  {"wib", 420},  {"jst", 540},  {"kst", 540},
    {"hkt", 480},  {"sgt", 480},  {"aest", 600}, {"aedt", 660}, {"sast", 120},
    {"wat", 60},   {"eat", 180},  {"nzst", 720}, {"nzdt", 780}};

bool IsNumber(const DateToken& token, int most) {
  return token.kind == DateToken::kNumber && token.text.size() <= 2 &&
         token.value <= most;
}

bool IsTwoDigits(const DateToken& token, int most) {
  return IsNumber(token, most) && token.text.size() == 2;
}

// "+02:00", "+0200", "+02", "-4" at `i`.
void ReadSignedOffset(const DateTokens& tokens, size_t i, ClockTime* clock) {
  const bool minus = tokens[i].Is("-") || tokens[i].Is("−");
  if (!minus && !tokens[i].Is("+")) return;
  const DateToken& number = tokens[i + 1];
  if (number.kind != DateToken::kNumber || number.after_space) return;
  int minutes = 0;
  if (number.text.size() == 4) {
    minutes = number.value / 100 * 60 + number.value % 100;
  } else if (number.text.size() <= 2) {
    minutes = number.value * 60;
    if (tokens[i + 2].Is(":") && IsTwoDigits(tokens[i + 3], 59)) {
      minutes += tokens[i + 3].value;
    }
  } else {
    return;
  }
  if (minutes > 840) return;
  clock->offset_known = true;
  clock->offset_minutes = minus ? -minutes : minutes;
}

void ReadZone(const DateTokens& tokens, size_t i, ClockTime* clock) {
  if (tokens[i].Is("(")) ++i;
  for (const auto& [name, minutes] : kZones) {
    if (!tokens[i].Is(name)) continue;
    clock->offset_known = true;
    clock->offset_minutes = minutes;
    if (minutes == 0) ReadSignedOffset(tokens, i + 1, clock);
    return;
  }
  if (!tokens[i].after_space || tokens[i].Is("+") ||
      tokens[i + 1].text.size() == 4) {
    ReadSignedOffset(tokens, i, clock);
  }
}

// "am", "p.m.", "م", "下午": moves `i` behind it.
void ReadHalf(const DateTokens& tokens, size_t* i, ClockTime* clock) {
  bool am = tokens[*i].Is("am");
  bool pm = tokens[*i].Is("pm");
  size_t size = 1;
  if (!am && !pm && tokens[*i + 1].Is(".") && tokens[*i + 2].Is("m")) {
    am = tokens[*i].Is("a");
    pm = tokens[*i].Is("p");
    size = tokens[*i + 3].Is(".") ? 4 : 3;
  }
  if ((!am && !pm) || clock->hour > 12) return;
  clock->hour = clock->hour % 12 + (pm ? 12 : 0);
  *i += size;
}

bool IsHourWord(const DateToken& token) {
  for (const char* word : {"h", "uhr", "時", "时", "點", "点", "시"}) {
    if (token.Is(word)) return true;
  }
  return false;
}

bool IsHalfWord(const DateTokens& tokens, size_t i) {
  return tokens[i].Is("am") || tokens[i].Is("pm") ||
         ((tokens[i].Is("a") || tokens[i].Is("p")) && tokens[i + 1].Is(".") &&
          tokens[i + 2].Is("m"));
}

// Words that announce a clock time.
bool AnnouncesClock(const DateToken& token) {
  for (const char* word :
       {"um", "kl", "klo", "kello", "alle",  "ore",    "at",
        "à",  "às", "à",   "a",     "om",    "klokka", "orele",
        "ob", "u",  "t",   "saat",  "pukul", "lúc"}) {
    if (token.Is(word)) return true;
  }
  return false;
}

// Whether the full stop between two numbers can part hours from minutes.
bool IsDotClock(const DateTokens& tokens, size_t i) {
  if (IsHourWord(tokens[i + 3]) || IsHalfWord(tokens, i + 3)) return true;
  const size_t before = i == 0                           ? i
                        : tokens[i - 1].Is(".") && i > 1 ? i - 2
                                                         : i - 1;
  return i > 0 && AnnouncesClock(tokens[before]);
}

// Japanese, Chinese and Korean put the half of the day in front.
bool IsAfternoonBefore(const DateTokens& tokens, size_t i) {
  if (i < 2) return false;
  const DateToken& first = tokens[i - 2];
  const DateToken& second = tokens[i - 1];
  return (first.Is("下") && second.Is("午")) ||
         (first.Is("午") && (second.Is("後") || second.Is("后"))) ||
         (first.Is("오") && second.Is("후"));
}

}  // namespace

absl::optional<ClockTime> ReadClockAt(const DateTokens& tokens, size_t i) {
  if (!IsNumber(tokens[i], 24)) return absl::nullopt;
  ClockTime clock;
  clock.hour = tokens[i].value;
  size_t next = i + 1;
  const DateToken& mark = tokens[next];
  if (mark.Is(":") && IsTwoDigits(tokens[next + 1], 59) &&
      !tokens[next + 1].after_space) {
    clock.minute = tokens[next + 1].value;
    next += 2;
    if (tokens[next].Is(":") && IsTwoDigits(tokens[next + 1], 60)) {
      clock.second = std::min(tokens[next + 1].value, 59);
      clock.has_second = true;
      next += 2;
      if ((tokens[next].Is(".") || tokens[next].Is(",")) &&
          tokens[next + 1].kind == DateToken::kNumber &&
          !tokens[next + 1].after_space) {
        next += 2;
      }
    }
  } else if (mark.Is(".") && IsTwoDigits(tokens[next + 1], 59) &&
             !tokens[next + 1].after_space && IsDotClock(tokens, i)) {
    clock.minute = tokens[next + 1].value;
    next += 2;
  } else if (IsHourWord(mark)) {
    ++next;
    if (IsTwoDigits(tokens[next], 59) ||
        (IsNumber(tokens[next], 59) && !mark.Is("h") && !mark.Is("uhr"))) {
      clock.minute = tokens[next++].value;
    }
    if (IsAfternoonBefore(tokens, i) && clock.hour < 12) clock.hour += 12;
  } else if (!IsHalfWord(tokens, next)) {
    return absl::nullopt;
  }
  if (clock.hour == 24) return absl::nullopt;
  if (IsHourWord(tokens[next])) ++next;
  ReadHalf(tokens, &next, &clock);
  ReadZone(tokens, next, &clock);
  return clock;
}

absl::optional<ClockTime> ReadClockBeside(const DateTokens& tokens,
                                          size_t begin, size_t end) {
  constexpr size_t kReach = 9;
  for (size_t i = end; i < std::min(end + kReach, tokens.size()); ++i) {
    absl::optional<ClockTime> clock = ReadClockAt(tokens, i);
    if (clock.has_value()) return clock;
    // Another date begins.
    if (tokens[i].kind == DateToken::kNumber && tokens[i].text.size() == 4 &&
        i > end + 1) {
      break;
    }
  }
  for (size_t i = begin; i-- > 0 && begin - i <= kReach;) {
    if (i > 0 && (tokens[i - 1].Is(":") || tokens[i - 1].Is("."))) continue;
    absl::optional<ClockTime> clock = ReadClockAt(tokens, i);
    if (clock.has_value()) return clock;
  }
  return absl::nullopt;
}

}  // namespace dateline

#include "parser/core/dateline_text.h"

#include <unicode/uchar.h>

#include <algorithm>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr size_t kMaxOpening = 120;
constexpr size_t kMaxPlace = 60;

bool IsNoPlace(absl::string_view word) {
  static const auto* const words = new absl::flat_hash_set<absl::string_view>{
      "BREAKING",   "UPDATE",     "UPDATED",    "WATCH",
      "LIVE",       "EXCLUSIVE",  "OPINION",    "ANALYSIS",
      "EDITORIAL",  "VIDEO",      "PHOTOS",     "PHOTO",
      "NOTE",       "CORRECTION", "READ",       "MORE",
      "NEW",        "NEWS",       "THE",        "A",
      "AN",         "IT",         "IN",         "ON",
      "THIS",       "THAT",       "WHAT",       "WHY",
      "HOW",        "WHO",        "WHEN",       "WHERE",
      "WITH",       "AFTER",      "AS",         "AT",
      "IF",         "BUT",        "AND",        "OR",
      "FOR",        "FROM",       "TO",         "OF",
      "BY",         "IS",         "ARE",        "WAS",
      "HE",         "SHE",        "THEY",       "WE",
      "I",          "YOU",        "Q",          "FAQ",
      "PS",         "TLDR",       "TL",         "DR",
      "QUESTION",   "ANSWER",     "INTERVIEW",  "REVIEW",
      "SPOILER",    "WARNING",    "DISCLAIMER", "ADVERTISEMENT",
      "EILMELDUNG", "ANZEIGE",    "KOMMENTAR",  "INFO",
      "AUDIO",      "PODCAST",    "GALLERY",    "CNN",
      "BBC",        "SPIEGEL",    "ZEIT",       "DW",
      "TAZ",        "HINWEIS",    "ACHTUNG",    "UPDATE:",
      "DEVELOPING", "SOURCE",     "SOURCES",    "PLAYBOY",
      "EXPLAINER",  "EXPLAINED",  "FACT",       "CHECK",
      "URGENT",     "JUST",       "STORY",      "TRENDING",
      "MUST",       "RELATED",    "DER",        "DIE",
      "DAS",        "LA",         "EL",         "LE",
      "IL",         "NEU",        "TODAY"};
  return words->contains(word);
}

bool IsAgency(absl::string_view word) {
  static const auto* const agencies =
      new absl::flat_hash_set<std::string>{"reuters",
                                           "ap",
                                           "afp",
                                           "dpa",
                                           "apa",
                                           "ansa",
                                           "efe",
                                           "upi",
                                           "pti",
                                           "ians",
                                           "ani",
                                           "tass",
                                           "xinhua",
                                           "kyodo",
                                           "yonhap",
                                           "bernama",
                                           "antara",
                                           "app",
                                           "anadolu",
                                           "aa",
                                           "lusa",
                                           "belga",
                                           "anp",
                                           "ntb",
                                           "tt",
                                           "ritzau",
                                           "stt",
                                           "pap",
                                           "čtk",
                                           "ctk",
                                           "mti",
                                           "agerpres",
                                           "hina",
                                           "tanjug",
                                           "bta",
                                           "ukrinform",
                                           "interfax",
                                           "ria",
                                           "sda",
                                           "ats",
                                           "keystone",
                                           "kna",
                                           "epd",
                                           "sid",
                                           "afx",
                                           "bloomberg",
                                           "cnn",
                                           "cp",
                                           "the canadian press",
                                           "associated press",
                                           "press trust of india",
                                           "dpa-afx",
                                           "dts",
                                           "rtr",
                                           "jiji",
                                           "cna",
                                           "pna",
                                           "cp24",
                                           "ap news",
                                           "ots",
                                           "irna",
                                           "wam",
                                           "qna",
                                           "spa",
                                           "sana",
                                           "europa press",
                                           "dpa/lno",
                                           "dpa/lsw",
                                           "dpa/lby",
                                           "dpa/tmn",
                                           "kuna"};
  return agencies->contains(ToLower(word));
}

struct Counts {
  size_t letters = 0;
  size_t upper = 0;
  size_t digits = 0;
  bool odd = false;
};

Counts CountLetters(absl::string_view text) {
  Counts counts;
  for (size_t i = 0; i < text.size();) {
    const auto c = static_cast<UChar32>(NextCodePoint(text, &i));
    if (u_isalpha(c)) {
      ++counts.letters;
      counts.upper += u_isupper(c) || !u_hasBinaryProperty(c, UCHAR_CASED);
    } else if (u_isdigit(c)) {
      ++counts.digits;
    } else if (U_GET_GC_MASK(c) & U_GC_M_MASK) {
      // A vowel sign or accent is part of its letter.
    } else if (absl::string_view(" .,'-/").find(static_cast<char>(c)) ==
                   absl::string_view::npos &&
               c != 0x2019) {
      counts.odd = true;
    }
  }
  return counts;
}

// Where the mark behind a dateline begins and ends in `text`; begin is npos
// where there is none in the first kMaxOpening bytes.
struct Mark {
  size_t begin = absl::string_view::npos;
  size_t end = 0;
  bool is_colon = false;
};

Mark FindMark(absl::string_view text) {
  const absl::string_view opening = TruncateUtf8(text, kMaxOpening);
  Mark best;
  const auto consider = [&](absl::string_view mark, bool is_colon) {
    const size_t at = opening.find(mark);
    if (at == absl::string_view::npos || at >= best.begin) return;
    best = {at, at + mark.size(), is_colon};
  };
  for (const char* dash : {".- ", ".— ", ".– ", " — ", " – ", " -- ", " - ",
                           "— ", "– ", "—", "-- "}) {
    consider(dash, false);
  }
  consider(": ", true);
  return best;
}

// Takes "(Reuters)", ", Feb 15", "/TASS/" off the end of an opening; says
// whether an agency was among it.
bool StripAgency(absl::string_view* opening) {
  bool agency = false;
  *opening = absl::StripTrailingAsciiWhitespace(*opening);
  const auto strip_pair = [&](char open, char close) {
    if (!absl::EndsWith(*opening, absl::string_view(&close, 1))) return;
    const size_t at = opening->rfind(open, opening->size() - 2);
    if (at == absl::string_view::npos) return;
    const absl::string_view inside =
        opening->substr(at + 1, opening->size() - at - 2);
    for (absl::string_view part :
         absl::StrSplit(inside, absl::ByAnyChar("/,"))) {
      if (IsAgency(absl::StripAsciiWhitespace(part))) agency = true;
    }
    if (open == '/' && !agency) return;
    if (open == '(' && inside.size() > 40) return;
    *opening = absl::StripTrailingAsciiWhitespace(opening->substr(0, at));
  };
  strip_pair('(', ')');
  strip_pair('/', '/');
  return agency;
}

// "東京" of "【東京=山田太郎】", "(서울=연합뉴스)", "東京=共同".
std::string ReadEqualsForm(absl::string_view text) {
  const absl::string_view opening = TruncateUtf8(text, 80);
  size_t at = std::min(opening.find('='), opening.find("＝"));
  if (at == absl::string_view::npos) return "";
  absl::string_view place = opening.substr(0, at);
  for (const char* bracket : {"【", "(", "[", "（", "〔", "［"}) {
    place = absl::StripPrefix(place, bracket);
  }
  size_t points = 0;
  for (size_t i = 0; i < place.size(); ++points) {
    const auto c = static_cast<UChar32>(NextCodePoint(place, &i));
    if (!u_isalpha(c) && c != 0x30fb) return "";
    if (c < 0x1100) return "";
  }
  return points >= 1 && points <= 10 ? std::string(place) : "";
}

// "北京" of "新华社北京2月15日电", "本报北京2月15日讯".
std::string ReadXinhuaForm(absl::string_view text) {
  for (const char* agency :
       {"新华社", "新華社", "中新社", "中新网", "中央社", "本报", "本報"}) {
    absl::string_view rest = text;
    for (const char* bracket : {"【", "(", "（"}) {
      rest = absl::StripPrefix(rest, bracket);
    }
    if (!absl::ConsumePrefix(&rest, agency)) continue;
    size_t end = 0;
    while (end < rest.size() && end < 40 &&
           !absl::ascii_isdigit(static_cast<unsigned char>(rest[end]))) {
      ++end;
    }
    if (end == 0 || end >= 40 || end == rest.size()) continue;
    const absl::string_view place = rest.substr(0, end);
    const size_t month = rest.find_first_not_of("0123456789", end);
    if (month == absl::string_view::npos ||
        !absl::StartsWith(rest.substr(month), "月")) {
      continue;
    }
    if (!IsValidUtf8(place) || CountLetters(place).odd) continue;
    return CleanText(place);
  }
  return "";
}

bool IsPlace(absl::string_view place, bool has_agency, bool is_colon,
             bool is_spaced_dash) {
  if (place.empty() || place.size() > kMaxPlace) return false;
  const Counts counts = CountLetters(place);
  if (counts.letters < 2 || counts.odd || counts.digits > 0) return false;
  const std::vector<absl::string_view> words =
      absl::StrSplit(place, ' ', absl::SkipEmpty());
  if (words.size() > 6) return false;
  for (absl::string_view word : words) {
    word = absl::StripSuffix(absl::StripSuffix(word, ","), ".");
    if (IsNoPlace(absl::AsciiStrToUpper(word)) && !has_agency) return false;
  }
  if (counts.upper == counts.letters) return counts.letters >= 3;
  // Mixed case is a dateline where an agency stands beside it, or for one or
  // two words before a spaced dash, as German papers have it.
  if (is_colon) return false;
  if (!has_agency && (!is_spaced_dash || words.size() > 2)) return false;
  return std::all_of(words.begin(), words.end(), [](absl::string_view word) {
    size_t i = 0;
    const auto c = static_cast<UChar32>(NextCodePoint(word, &i));
    return u_isupper(c) || word.size() <= 3;
  });
}

}  // namespace

std::string ReadDateline(absl::string_view paragraph) {
  std::string place = ReadEqualsForm(paragraph);
  if (place.empty()) place = ReadXinhuaForm(paragraph);
  if (!place.empty()) return place;
  const Mark mark = FindMark(paragraph);
  if (mark.begin == absl::string_view::npos) return "";
  absl::string_view opening = paragraph.substr(0, mark.begin);
  const bool has_agency = StripAgency(&opening);
  // ", Feb 15" and ", February 15."
  const size_t digit = opening.find_first_of("0123456789");
  if (digit != absl::string_view::npos) {
    const size_t comma = opening.rfind(',', digit);
    if (comma == absl::string_view::npos) return "";
    opening = opening.substr(0, comma);
  }
  opening = absl::StripSuffix(absl::StripTrailingAsciiWhitespace(opening), ",");
  const absl::string_view dash =
      paragraph.substr(mark.begin, mark.end - mark.begin);
  // Behind a dateline a sentence begins.
  size_t next = mark.end;
  const bool is_spaced_dash =
      (dash == " – " || dash == " — ") && next < paragraph.size() &&
      !u_islower(static_cast<UChar32>(NextCodePoint(paragraph, &next)));
  if (!IsPlace(opening, has_agency, mark.is_colon, is_spaced_dash)) return "";
  return std::string(opening);
}

}  // namespace dateline

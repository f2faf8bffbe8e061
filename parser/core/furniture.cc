#include "parser/core/furniture.h"

#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include <array>
#include <bitset>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

struct Phrases {
  absl::flat_hash_map<absl::string_view, LineKind> whole;
  absl::flat_hash_map<absl::string_view, LineKind> starts;
  // By hash, the first words of them all: few lines have one.
  std::bitset<16384> first_words;

  static size_t FirstWordOf(absl::string_view line) {
    uint32_t hash = 0;
    for (const char c : line) {
      if (c == ' ') break;
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x9e3779b1u;
    }
    return hash >> 18;
  }
  bool MayBeginWith(absl::string_view line) const {
    return first_words[FirstWordOf(line)];
  }
};

const Phrases& AllPhrases() {
  static const Phrases* const phrases = [] {
    auto* made = new Phrases;
#define END(line) made->whole.emplace(line, LineKind::kEndMarker);
#define TOOL(line) made->whole.emplace(line, LineKind::kTool);
#define ADVERT(line) made->whole.emplace(line, LineKind::kAdvert);
#define ALSO(start) made->starts.emplace(start, LineKind::kReadAlso);
#define PROMO(start) made->starts.emplace(start, LineKind::kPromotion);
#define CREDIT(start) made->starts.emplace(start, LineKind::kCredit);
#include "parser/core/furniture_phrases.inc"
#undef END
#undef TOOL
#undef ADVERT
#undef ALSO
#undef PROMO
#undef CREDIT
    for (const auto* lines : {&made->whole, &made->starts}) {
      for (const auto& [line, kind] : *lines) {
        made->first_words.set(Phrases::FirstWordOf(line));
      }
    }
    return made;
  }();
  return *phrases;
}

// Words that, with numbers, make up a line that only says when.
bool IsDateWord(absl::string_view word) {
  static const auto* const words =
      new absl::flat_hash_set<absl::string_view>{"am",
                                                 "pm",
                                                 "at",
                                                 "on",
                                                 "the",
                                                 "of",
                                                 "st",
                                                 "nd",
                                                 "rd",
                                                 "th",
                                                 "gmt",
                                                 "utc",
                                                 "est",
                                                 "edt",
                                                 "et",
                                                 "pst",
                                                 "pdt",
                                                 "pt",
                                                 "cet",
                                                 "cest",
                                                 "bst",
                                                 "ist",
                                                 "h",
                                                 "hrs",
                                                 "hours",
                                                 "hour",
                                                 "uhr",
                                                 "um",
                                                 "vom",
                                                 "am",
                                                 "den",
                                                 "der",
                                                 "de",
                                                 "à",
                                                 "le",
                                                 "du",
                                                 "del",
                                                 "alle",
                                                 "ore",
                                                 "às",
                                                 "a",
                                                 "las",
                                                 "klo",
                                                 "kl",
                                                 "ob",
                                                 "published",
                                                 "updated",
                                                 "posted",
                                                 "modified",
                                                 "last",
                                                 "first",
                                                 "date",
                                                 "time",
                                                 "ago",
                                                 "min",
                                                 "mins",
                                                 "minute",
                                                 "minutes",
                                                 "read",
                                                 "reading",
                                                 "days",
                                                 "day",
                                                 "weeks",
                                                 "week",
                                                 "aktualisiert",
                                                 "veröffentlicht",
                                                 "stand",
                                                 "erstellt",
                                                 "publié",
                                                 "mis",
                                                 "jour",
                                                 "modifié",
                                                 "publicado",
                                                 "actualizado",
                                                 "atualizado",
                                                 "pubblicato",
                                                 "aggiornato",
                                                 "gepubliceerd",
                                                 "bijgewerkt",
                                                 "publicerad",
                                                 "uppdaterad",
                                                 "oppdatert",
                                                 "publisert",
                                                 "publiceret",
                                                 "opdateret",
                                                 "julkaistu",
                                                 "päivitetty",
                                                 "опубликовано",
                                                 "обновлено",
                                                 "monday",
                                                 "tuesday",
                                                 "wednesday",
                                                 "thursday",
                                                 "friday",
                                                 "saturday",
                                                 "sunday",
                                                 "mon",
                                                 "tue",
                                                 "wed",
                                                 "thu",
                                                 "fri",
                                                 "sat",
                                                 "sun",
                                                 "montag",
                                                 "dienstag",
                                                 "mittwoch",
                                                 "donnerstag",
                                                 "freitag",
                                                 "samstag",
                                                 "sonntag",
                                                 "january",
                                                 "february",
                                                 "march",
                                                 "april",
                                                 "may",
                                                 "june",
                                                 "july",
                                                 "august",
                                                 "september",
                                                 "october",
                                                 "november",
                                                 "december",
                                                 "jan",
                                                 "feb",
                                                 "mar",
                                                 "apr",
                                                 "jun",
                                                 "jul",
                                                 "aug",
                                                 "sep",
                                                 "sept",
                                                 "oct",
                                                 "nov",
                                                 "dec",
                                                 "januar",
                                                 "februar",
                                                 "märz",
                                                 "mai",
                                                 "juni",
                                                 "juli",
                                                 "oktober",
                                                 "dezember",
                                                 "janvier",
                                                 "février",
                                                 "mars",
                                                 "avril",
                                                 "juin",
                                                 "juillet",
                                                 "août",
                                                 "septembre",
                                                 "octobre",
                                                 "novembre",
                                                 "décembre",
                                                 "enero",
                                                 "febrero",
                                                 "marzo",
                                                 "abril",
                                                 "mayo",
                                                 "junio",
                                                 "julio",
                                                 "agosto",
                                                 "septiembre",
                                                 "octubre",
                                                 "noviembre",
                                                 "diciembre",
                                                 "janeiro",
                                                 "fevereiro",
                                                 "março",
                                                 "maio",
                                                 "junho",
                                                 "julho",
                                                 "setembro",
                                                 "outubro",
                                                 "novembro",
                                                 "dezembro",
                                                 "gennaio",
                                                 "febbraio",
                                                 "aprile",
                                                 "maggio",
                                                 "giugno",
                                                 "luglio",
                                                 "settembre",
                                                 "ottobre",
                                                 "dicembre",
                                                 "januari",
                                                 "februari",
                                                 "maart",
                                                 "mei",
                                                 "augustus",
                                                 "december",
                                                 "lesezeit",
                                                 "minuten",
                                                 "heute",
                                                 "gestern",
                                                 "today",
                                                 "yesterday"};
  return words->contains(word);
}

bool IsDateLine(absl::string_view normalized) {
  bool has_digit = false;
  size_t words = 0;
  while (!normalized.empty()) {
    const size_t end = std::min(normalized.find(' '), normalized.size());
    const absl::string_view word = normalized.substr(0, end);
    normalized.remove_prefix(std::min(end + 1, normalized.size()));
    if (++words > 16) return false;
    const bool starts_digit = absl::ascii_isdigit(
        static_cast<unsigned char>(word.empty() ? 'x' : word.front()));
    if (starts_digit && word.size() <= 8) {
      has_digit = true;
      continue;
    }
    if (!IsDateWord(word)) return false;
  }
  return has_digit;
}

LineKind KindByPhrase(absl::string_view normalized) {
  const Phrases& phrases = AllPhrases();
  if (!phrases.MayBeginWith(normalized)) return LineKind::kText;
  const auto whole = phrases.whole.find(normalized);
  if (whole != phrases.whole.end()) return whole->second;
  // Up to six words of the beginning, the longest first.
  size_t ends[6];
  size_t count = 0;
  for (size_t at = normalized.find(' '); count < 6;
       at = normalized.find(' ', at + 1)) {
    ends[count++] = std::min(at, normalized.size());
    if (at == absl::string_view::npos) break;
  }
  while (count > 0) {
    const auto it = phrases.starts.find(normalized.substr(0, ends[--count]));
    if (it != phrases.starts.end()) return it->second;
  }
  return LineKind::kText;
}

// What stands for a byte: of an ASCII letter or digit that in lower case, else
// one of these.
constexpr char kGap = '\0';
constexpr char kNotAscii = '\1';

constexpr std::array<char, 256> kFoldedBytes = [] {
  std::array<char, 256> fold = {};
  for (char c = '0'; c <= '9'; ++c) fold[static_cast<size_t>(c)] = c;
  for (char c = 'a'; c <= 'z'; ++c) {
    fold[static_cast<size_t>(c)] = c;
    fold[static_cast<size_t>(c - 'a' + 'A')] = c;
  }
  for (size_t c = 0x80; c < fold.size(); ++c) fold[c] = kNotAscii;
  return fold;
}();

// A letter, mark or digit in lower case; 0 in place of all others.
uint32_t FoldByUnicode(uint32_t code_point) {
  constexpr uint32_t kKept =
      U_GC_L_MASK | U_GC_ND_MASK | U_GC_NL_MASK | U_GC_MN_MASK | U_GC_MC_MASK;
  const auto c = static_cast<UChar32>(code_point);
  if ((U_MASK(u_charType(c)) & kKept) == 0) return 0;
  // Nothing from the Hebrew block to the Cherokee one has case, nor Han.
  const bool caseless = (c >= 0x590 && c < 0x10a0) || c >= 0x3000;
  return caseless ? code_point : static_cast<uint32_t>(u_tolower(c));
}

// The same; what two bytes can write by table.
uint32_t Fold(uint32_t code_point) {
  using Table = std::array<uint16_t, 0x800>;
  static const Table* const table = [] {
    auto* made = new Table;
    for (uint32_t c = 0; c < made->size(); ++c) {
      (*made)[c] = static_cast<uint16_t>(FoldByUnicode(c));
    }
    return made;
  }();
  return code_point < table->size() ? (*table)[code_point]
                                    : FoldByUnicode(code_point);
}

char* WriteUtf8(uint32_t code_point, char* to) {
  int32_t size = 0;
  U8_APPEND_UNSAFE(to, size, code_point);
  return to + size;
}

bool HasCopyright(absl::string_view line, absl::string_view normalized) {
  return absl::StartsWith(line, "©") || absl::StartsWith(line, "(c) ") ||
         (absl::StrContains(normalized, " reserv") &&
          (absl::StrContains(normalized, "all rights reserved") ||
           absl::StrContains(normalized, "todos los derechos reservados") ||
           absl::StrContains(normalized, "todos os direitos reservados"))) ||
         absl::StrContains(normalized, "alle rechte vorbehalten") ||
         absl::StrContains(normalized, "tous droits réservés") ||
         absl::StrContains(normalized, "無断転載") ||
         absl::StrContains(normalized, "무단 전재") ||
         absl::StartsWith(normalized, "copyright");
}

}  // namespace

std::string NormalizedLine(absl::string_view text) {
  // Lower case takes at most half as much again; ASCII as much.
  std::string out(text.size() + text.size() / 2 + 4, '\0');
  char* to = out.data();
  const auto gap = [&] {
    if (to != out.data() && to[-1] != ' ') *to++ = ' ';
  };
  for (size_t i = 0; i < text.size();) {
    const char folded = kFoldedBytes[static_cast<unsigned char>(text[i])];
    if (folded > kNotAscii) {
      *to++ = folded;
      ++i;
    } else if (folded == kGap) {
      gap();
      ++i;
    } else if (const uint32_t c = Fold(NextCodePoint(text, &i)); c != 0) {
      to = WriteUtf8(c, to);
    } else {
      gap();
    }
  }
  if (to != out.data() && to[-1] == ' ') --to;
  out.resize(static_cast<size_t>(to - out.data()));
  return out;
}

LineKind KindOfLine(absl::string_view line) {
  if (line.size() > kLongestKnownLine) return LineKind::kText;
  return KindOfLine(line, NormalizedLine(line));
}

LineKind KindOfLine(absl::string_view line, absl::string_view normalized) {
  if (line.size() > kLongestKnownLine) return LineKind::kText;
  if (normalized.empty()) return LineKind::kTool;
  const LineKind kind = KindByPhrase(normalized);
  if (kind != LineKind::kText) return kind;
  if (HasCopyright(line, normalized)) return LineKind::kCopyright;
  if (IsDateLine(normalized)) return LineKind::kDate;
  return LineKind::kText;
}

absl::string_view RuleOf(LineKind kind) {
  switch (kind) {
    case LineKind::kText:
      return "";
    case LineKind::kEndMarker:
      return "end_marker";
    case LineKind::kReadAlso:
      return "read_also";
    case LineKind::kAdvert:
      return "advert_mark";
    case LineKind::kPromotion:
      return "promotion_line";
    case LineKind::kTool:
      return "tool_line";
    case LineKind::kCredit:
      return "credit_line";
    case LineKind::kDate:
      return "date_line";
    case LineKind::kCopyright:
      return "copyright_line";
  }
  return "";
}

absl::string_view ReasonOf(LineKind kind) {
  switch (kind) {
    case LineKind::kText:
      return "";
    case LineKind::kEndMarker:
      return "Its words open a list of other articles, comments or tools.";
    case LineKind::kReadAlso:
      return "Its words point to another article.";
    case LineKind::kAdvert:
      return "Its words mark an advertisement.";
    case LineKind::kPromotion:
      return "Its words promote the site's own services.";
    case LineKind::kTool:
      return "Its words are those of a tool of the page.";
    case LineKind::kCredit:
      return "Its words name the maker of a picture.";
    case LineKind::kDate:
      return "It only says when.";
    case LineKind::kCopyright:
      return "It states a copyright.";
  }
  return "";
}

}  // namespace dateline

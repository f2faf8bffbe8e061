#include "parser/core/byline.h"

#include <unicode/uchar.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "parser/core/byline_words.h"
#include "parser/core/dates_names.h"
#include "parser/core/json_ld.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr size_t kMostNames = 30;

// Letters and digits of a lower-case text.
std::string Squeezed(absl::string_view lower) {
  std::string out;
  for (const char c : lower) {
    const auto u = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(u) || u >= 0x80) out.push_back(c);
  }
  return out;
}

// Whether a squeezed name is a label of the host, or the first word of one:
// "LN" of "ln-online.de".
bool IsHostLabel(absl::string_view squeezed, absl::string_view host) {
  if (squeezed.size() < 2) return false;
  absl::ConsumePrefix(&host, "www.");
  if (Squeezed(host) == squeezed) return true;
  for (const absl::string_view label : absl::StrSplit(host, '.')) {
    if (Squeezed(label) == squeezed) return true;
    const size_t hyphen = label.find('-');
    if (hyphen != absl::string_view::npos &&
        label.substr(0, hyphen) == squeezed) {
      return true;
    }
  }
  return false;
}

template <size_t kSize>
bool IsOneOf(absl::string_view text, const absl::string_view (&words)[kSize]) {
  for (const absl::string_view word : words) {
    if (text == word) return true;
  }
  return false;
}

// How many bytes of `text` (and of its lower-case form `lower`) open a byline.
size_t OpeningSize(absl::string_view lower) {
  if (lower.empty()) return 0;
  for (const absl::string_view opening : kOpenings) {
    if (opening[0] != lower[0] || !absl::StartsWith(lower, opening)) continue;
    const size_t size = opening.size();
    const unsigned char last = static_cast<unsigned char>(opening[size - 1]);
    const bool is_mark = !absl::ascii_isalpha(last) && last < 0x80;
    const bool is_cjk = static_cast<unsigned char>(opening[0]) >= 0xe3;
    if (size >= lower.size()) return size;
    if (lower[size] == ':') return size + 1;
    if (lower[size] == ' ' || is_mark || is_cjk) return size;
  }
  return 0;
}

// ToLower may change a text's length only for letters that no opening has, so
// sizes in the lower-case form hold for the original up to there.
absl::string_view WithoutOpening(absl::string_view text) {
  for (int round = 0; round < 3; ++round) {
    const size_t size = OpeningSize(ToLower(text));
    if (size == 0 || size > text.size()) break;
    text.remove_prefix(size);
    text = absl::StripLeadingAsciiWhitespace(text);
    absl::ConsumePrefix(&text, ":");
    text = absl::StripLeadingAsciiWhitespace(text);
  }
  return text;
}

absl::string_view TrimMarks(absl::string_view text) {
  constexpr absl::string_view kMarks[] = {
      " ",  ",", ";", ":", "-", "–", "—",  "|", "•", "·", "/",
      "\"", "“", "”", "„", "*", "(", "[",  "]", "‧", "…", ">",
      "<",  "»", "«", "&", "+", "=", "’s", "_", "@", "\n"};
  // Most names have none.
  const auto may_be_of_mark = [](char c) {
    return !absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == 's';
  };
  bool changed = !text.empty() &&
                 (may_be_of_mark(text.front()) || may_be_of_mark(text.back()));
  while (changed) {
    changed = false;
    for (const absl::string_view mark : kMarks) {
      changed |= absl::ConsumePrefix(&text, mark);
      if (text != mark) changed |= absl::ConsumeSuffix(&text, mark);
    }
  }
  if (!absl::StrContains(text, "(")) absl::ConsumeSuffix(&text, ")");
  return text;
}

// Puts "\n" where one name ends and the next begins.
std::string MarkBoundaries(absl::string_view text) {
  std::string marked = absl::StrReplaceAll(
      text,
      {{" and ", "\n"}, {" And ", "\n"},  {" by ", "\n"},    {" By ", "\n"},
       {" AND ", "\n"}, {" und ", "\n"},  {" UND ", "\n"},   {" & ", "\n"},
       {" et ", "\n"},  {" y ", "\n"},    {" og ", "\n"},    {" och ", "\n"},
       {" e ", "\n"},   {" en ", "\n"},   {" i ", "\n"},     {" ja ", "\n"},
       {" ve ", "\n"},  {" dan ", "\n"},  {" sowie ", "\n"}, {" и ", "\n"},
       {" та ", "\n"},  {" и ", "\n"},    {" och ", "\n"},   {" és ", "\n"},
       {" și ", "\n"},  {" și ", "\n"},   {" và ", "\n"},    {" with ", "\n"},
       {" mit ", "\n"}, {" avec ", "\n"}, {" con ", "\n"},   {" και ", "\n"},
       {";", "\n"},     {" | ", "\n"},    {"|", "\n"},       {" / ", "\n"},
       {"/", "\n"},     {" • ", "\n"},    {"•", "\n"},       {" · ", "\n"},
       {"、", "\n"},    {"，", "\n"},     {"，", "\n"},      {"；", "\n"},
       {" – ", "\n"},   {" — ", "\n"},    {" - ", "\n"},     {"،", "\n"},
       {" و ", "\n"},   {"(", "\n("},     {")", "\n"},       {"[", "\n"},
       {"]", "\n"},     {"・", "\n"}});
  return marked;
}

bool IsRole(absl::string_view lower) {
  if (IsOneOf(lower, kRoles)) return true;
  // "Political Editor", "Senior Reporter, Berlin" and their like.
  constexpr absl::string_view kEnds[] = {
      " editor",     " reporter",    " correspondent", " writer",
      " journalist", " producer",    " contributor",   " columnist",
      " redakteur",  " redakteurin", " korrespondent", " korrespondentin",
      " autorin",    " team leader"};
  for (const absl::string_view end : kEnds) {
    if (absl::EndsWith(lower, end)) return true;
  }
  return false;
}

bool IsPhotoPart(absl::string_view lower) {
  const absl::string_view first = lower.substr(0, lower.find_first_of(" :"));
  return IsOneOf(first, kPhotoWords);
}

// Words that lead from a name to a date: "Jane Doe on Monday, 3 May".
absl::string_view CutDateWords(absl::string_view piece) {
  while (true) {
    const size_t space = piece.rfind(' ');
    if (space == absl::string_view::npos) return piece;
    std::string last = ToLower(piece.substr(space + 1));
    while (!last.empty() &&
           (last.back() == '.' || last.back() == ',' || last.back() == ':')) {
      last.pop_back();
    }
    if (!last.empty() && !IsOneOf(last, kDateWords) &&
        MonthOfName(last, "") == 0) {
      return piece;
    }
    piece = piece.substr(0, space);
  }
}

// Cuts a piece at what can't belong to a name: a date, an address.
absl::string_view CutAtForeign(absl::string_view piece) {
  const size_t address = piece.find('@');
  if (address != absl::string_view::npos && address > 0) {
    const size_t space = piece.rfind(' ', address);
    if (space == absl::string_view::npos) {
      return piece[address - 1] == ' ' ? piece.substr(0, address) : "";
    }
    piece = piece.substr(0, space);
  }
  for (size_t i = 1; i < piece.size(); ++i) {
    if (absl::ascii_isdigit(static_cast<unsigned char>(piece[i])) &&
        piece[i - 1] == ' ') {
      return CutDateWords(
          absl::StripTrailingAsciiWhitespace(piece.substr(0, i)));
    }
  }
  const size_t space = piece.rfind(' ');
  if (space != absl::string_view::npos &&
      IsOneOf(ToLower(piece.substr(space + 1)), kNetworks)) {
    piece = piece.substr(0, space);
  }
  return piece;
}

bool IsAddress(absl::string_view text) {
  return absl::StrContains(text, "://") || absl::StartsWith(text, "www.") ||
         absl::StartsWith(text, "facebook.com") ||
         absl::StartsWith(text, "twitter.com");
}

bool HasLetter(absl::string_view text) {
  for (size_t at = 0; at < text.size();) {
    if (u_isalpha(static_cast<UChar32>(NextCodePoint(text, &at)))) return true;
  }
  return false;
}

bool HasOnlyLatin(absl::string_view text) {
  for (const char c : text) {
    if (static_cast<unsigned char>(c) > 0xcf) return false;
  }
  return true;
}

size_t CountSpaces(absl::string_view text) {
  return static_cast<size_t>(std::count(text.begin(), text.end(), ' '));
}

// "Doe, Jane" as libraries write it: two single words, and nothing else.
bool IsInverted(const std::vector<absl::string_view>& pieces) {
  if (pieces.size() != 2) return false;
  for (absl::string_view piece : pieces) {
    piece = absl::StripAsciiWhitespace(piece);
    if (piece.size() < 2 || absl::StrContains(piece, " ") ||
        !absl::ascii_isupper(static_cast<unsigned char>(piece[0]))) {
      return false;
    }
    if (KindOfName(piece, "") == v1::AUTHOR_KIND_AGENCY ||
        IsRole(ToLower(piece))) {
      return false;
    }
    if (std::all_of(piece.begin(), piece.end(), [](char c) {
          return absl::ascii_isupper(static_cast<unsigned char>(c));
        })) {
      return false;
    }
  }
  return true;
}

bool StartsWithDigit(absl::string_view text) {
  text = absl::StripLeadingAsciiWhitespace(text);
  return !text.empty() &&
         absl::ascii_isdigit(static_cast<unsigned char>(text[0]));
}

// Whether what stands behind a comma can be a further name: after "Jane Doe",
// "London" is a place, and "professor of law" what she does.
bool CanFollow(absl::string_view first, absl::string_view piece) {
  first = TrimMarks(first);
  piece = TrimMarks(piece);
  if (KindOfName(piece, "") == v1::AUTHOR_KIND_AGENCY) return true;
  if (!IsPlausibleName(piece) || absl::EndsWith(piece, ".")) return false;
  for (const char* word : {" of ", " at ", " in ", " for ", " für ", " bei ",
                           " de la ", " des ", " im "}) {
    if (absl::StrContains(piece, word)) return false;
  }
  const bool first_is_single = CountSpaces(first) == 0;
  const bool is_single = CountSpaces(piece) == 0 && HasOnlyLatin(piece);
  if (is_single && (!first_is_single ||
                    KindOfName(first, "") == v1::AUTHOR_KIND_ORGANIZATION)) {
    return false;
  }
  return !absl::ascii_islower(
             static_cast<unsigned char>(piece.empty() ? 'a' : piece[0])) ||
         absl::ascii_islower(
             static_cast<unsigned char>(first.empty() ? 'A' : first[0]));
}

// "Jane Doe Reporter" where "Jane Doe" stands already.
void DropExtended(std::vector<std::string>* names) {
  for (size_t i = names->size(); i-- > 0;) {
    for (size_t j = 0; j < names->size(); ++j) {
      if (i == j || !absl::StartsWith((*names)[i], (*names)[j] + " ")) continue;
      names->erase(names->begin() + static_cast<std::ptrdiff_t>(i));
      break;
    }
  }
}

// "이하늘 기자" and "佐藤みどり記者" without what they are.
absl::string_view WithoutNameEnding(absl::string_view piece) {
  constexpr size_t kShortestName = 6;
  for (const absl::string_view ending : kNameEndings) {
    if (piece.size() >= ending.size() + kShortestName &&
        absl::ConsumeSuffix(&piece, ending)) {
      return absl::StripTrailingAsciiWhitespace(piece);
    }
  }
  return piece;
}

void AddName(absl::string_view piece, std::vector<std::string>* names) {
  piece = TrimMarks(CutAtForeign(TrimMarks(WithoutOpening(TrimMarks(piece)))));
  piece = WithoutNameEnding(piece);
  if (piece.size() < 2 || piece.size() > 100 || IsAddress(piece) ||
      !HasLetter(piece) || names->size() >= kMostNames) {
    return;
  }
  const std::string lower = ToLower(piece);
  if (IsRole(lower)) return;
  for (const std::string& name : *names) {
    if (ToLower(name) == lower) return;
  }
  names->emplace_back(piece);
}

}  // namespace

std::vector<std::string> NamesInByline(absl::string_view text) {
  std::vector<std::string> names;
  std::string clean = PlainText(TruncateUtf8(text, 1000));
  if (IsAddress(clean)) return names;
  const absl::string_view body =
      WithoutOpening(TrimMarks(absl::string_view(clean)));
  const std::string marked = MarkBoundaries(body);
  bool photos = false;
  for (absl::string_view part : absl::StrSplit(marked, '\n')) {
    const std::string lower = ToLower(TrimMarks(part));
    if (IsPhotoPart(lower)) {
      // "Jane Doe (Fotos)": the name before it; "Fotos: Jane Doe": this part.
      if (IsOneOf(lower, kPhotoWords) && !names.empty() &&
          !absl::StrContains(part, ":")) {
        names.pop_back();
      }
      photos = absl::EndsWith(absl::StripTrailingAsciiWhitespace(part), ":");
      continue;
    }
    if (photos) continue;
    // Initials and offices stand in brackets, and agencies.
    if (absl::StartsWith(part, "(") &&
        KindOfName(TrimMarks(part), "") != v1::AUTHOR_KIND_AGENCY) {
      continue;
    }
    const std::vector<absl::string_view> pieces = absl::StrSplit(part, ',');
    if (IsInverted(pieces)) {
      AddName(absl::StrCat(absl::StripAsciiWhitespace(pieces[1]), " ",
                           absl::StripAsciiWhitespace(pieces[0])),
              &names);
      continue;
    }
    for (size_t i = 0; i < pieces.size(); ++i) {
      if (IsPhotoPart(ToLower(TrimMarks(pieces[i])))) break;
      if (i > 0 && !CanFollow(pieces[0], pieces[i])) continue;
      const bool dated =
          i + 1 < pieces.size() && StartsWithDigit(pieces[i + 1]);
      AddName(dated ? CutDateWords(pieces[i]) : pieces[i], &names);
    }
  }
  DropExtended(&names);
  return names;
}

bool OpensByline(absl::string_view text) {
  const std::string lower = ToLower(TruncateUtf8(text, 60));
  const size_t size = OpeningSize(lower);
  return size > 0 && size < lower.size();
}

absl::string_view LabelledNames(absl::string_view text) {
  for (const absl::string_view label : kLabelsWithin) {
    const size_t at = text.find(label);
    if (at == absl::string_view::npos) continue;
    text.remove_prefix(at);
    // Up to the next label.
    const size_t next =
        std::min(text.find("：", label.size()), text.find(':', label.size()));
    const size_t end = next == absl::string_view::npos ? absl::string_view::npos
                                                       : text.rfind(' ', next);
    return end == absl::string_view::npos || end < label.size()
               ? text
               : text.substr(0, end);
  }
  return "";
}

namespace {

// "이서준" out of "(강변=강변통신) 이서준 기자 = …".
absl::string_view KoreanReporter(absl::string_view text) {
  constexpr size_t kMostBytes = 60;
  constexpr absl::string_view kRole = " 기자 =";
  const size_t close = text.find(')');
  const size_t role = text.find(kRole);
  if (role == absl::string_view::npos || close >= role ||
      text.find('=') > close || role - close > kMostBytes) {
    return "";
  }
  return absl::StripAsciiWhitespace(text.substr(close + 1, role - close - 1));
}

}  // namespace

absl::string_view ReporterInBrackets(absl::string_view text) {
  constexpr size_t kMostBytes = 15;
  if (absl::StartsWith(text, "(")) {
    const absl::string_view korean = KoreanReporter(text);
    if (!korean.empty()) return korean;
  }
  bool opened = false;
  for (const char* bracket : {"〔", "（", "【", "［", "(", "["}) {
    opened = opened || absl::ConsumePrefix(&text, bracket);
  }
  if (!opened) return "";
  bool labelled = false;
  for (const char* label :
       {"本報記者", "本报记者", "中央社記者", "記者", "记者"}) {
    labelled = labelled || absl::ConsumePrefix(&text, label);
  }
  if (!labelled) return "";
  text = absl::StripLeadingAsciiWhitespace(text);
  size_t end = absl::string_view::npos;
  for (const char* mark : {"／", "/", "╱", "、", " ", "〕", "）", "】", "］",
                           ")", "]", "報導", "报道"}) {
    end = std::min(end, text.find(mark));
  }
  return end == absl::string_view::npos || end > kMostBytes
             ? ""
             : text.substr(0, end);
}

bool IsPlausibleName(absl::string_view name) {
  if (name.size() > 60 || CountSpaces(name) > 4) return false;
  if (name.find_first_of("0123456789:?!\"=#%{}") != absl::string_view::npos) {
    return false;
  }
  size_t words = 0, capitals = 0;
  for (const absl::string_view word : absl::StrSplit(name, ' ')) {
    if (word.empty()) continue;
    size_t at = 0;
    const auto first = static_cast<UChar32>(NextCodePoint(word, &at));
    ++words;
    if (!u_islower(first)) ++capitals;
  }
  return words > 0 && capitals * 2 >= words && capitals > 0;
}

v1::AuthorKind KindOfName(absl::string_view name, absl::string_view publisher,
                          absl::string_view host) {
  const std::string lower = ToLower(name);
  if (IsOneOf(lower, kAgencies)) return v1::AUTHOR_KIND_AGENCY;
  const std::string squeezed = Squeezed(lower);
  if (!publisher.empty() && squeezed == Squeezed(ToLower(publisher))) {
    return v1::AUTHOR_KIND_ORGANIZATION;
  }
  if (IsHostLabel(squeezed, host)) return v1::AUTHOR_KIND_ORGANIZATION;
  const size_t dot = lower.rfind('.');
  const bool is_host = dot != std::string::npos && dot > 1 &&
                       lower.find(' ') == std::string::npos &&
                       lower.size() - dot >= 3 && lower.size() - dot <= 5;
  if (is_host) return v1::AUTHOR_KIND_ORGANIZATION;
  for (const absl::string_view word : absl::StrSplit(lower, ' ')) {
    if (IsOneOf(word, kOrganisationWords)) return v1::AUTHOR_KIND_ORGANIZATION;
    for (const char* ending : {"redaktion", "zeitung", "nachrichten",
                               "editorial", "redakcja", "編集部", "新聞社"}) {
      if (absl::EndsWith(word, ending)) return v1::AUTHOR_KIND_ORGANIZATION;
    }
  }
  return v1::AUTHOR_KIND_PERSON;
}

}  // namespace dateline

#include "parser/core/byline.h"

#include <unicode/uchar.h>

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "parser/core/json_ld.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr size_t kMostNames = 30;

// Lower case, longest first where one begins with another. Those that end in a
// letter must be followed by a space or a colon.
constexpr const char* kOpenings[] = {"article written by",
                                     "written by",
                                     "posted by",
                                     "published by",
                                     "reported by",
                                     "story by",
                                     "words by",
                                     "text by",
                                     "article by",
                                     "edited by",
                                     "compiled by",
                                     "submitted by",
                                     "reporting by",
                                     "from our",
                                     "ein beitrag von",
                                     "ein artikel von",
                                     "ein kommentar von",
                                     "eine kolumne von",
                                     "eine analyse von",
                                     "ein gastbeitrag von",
                                     "ein interview von",
                                     "interview von",
                                     "geschrieben von",
                                     "veröffentlicht von",
                                     "verfasst von",
                                     "text von",
                                     "kommentar von",
                                     "artikel von",
                                     "bericht von",
                                     "beitrag von",
                                     "autor/in",
                                     "autor:in",
                                     "autorin",
                                     "autoren",
                                     "autor",
                                     "redakteurin",
                                     "redakteur",
                                     "redaktion:",
                                     "aus",
                                     "von",
                                     "écrit par",
                                     "publié par",
                                     "propos recueillis par",
                                     "rédigé par",
                                     "par",
                                     "escrito por",
                                     "publicado por",
                                     "por",
                                     "scritto da",
                                     "pubblicato da",
                                     "a cura di",
                                     "articolo di",
                                     "di",
                                     "da",
                                     "geschreven door",
                                     "door",
                                     "skrevet av",
                                     "skrevet af",
                                     "skriven av",
                                     "tekst",
                                     "text",
                                     "texte",
                                     "texto",
                                     "testo",
                                     "tekst:",
                                     "foto og tekst",
                                     "text och foto",
                                     "av",
                                     "af",
                                     "przez",
                                     "napisał",
                                     "napisała",
                                     "autorzy",
                                     "autora",
                                     "autore",
                                     "auteurs",
                                     "auteur",
                                     "authors",
                                     "author",
                                     "oleh",
                                     "penulis",
                                     "yazan",
                                     "haber:",
                                     "автор:",
                                     "автор",
                                     "автори",
                                     "авторы",
                                     "текст:",
                                     "написал",
                                     "by",
                                     "bởi",
                                     "kirjoittanut",
                                     "teksti",
                                     "kirjoittaja",
                                     "írta:",
                                     "szerző:",
                                     "de",
                                     "door:",
                                     "文／",
                                     "文/",
                                     "作者：",
                                     "作者:",
                                     "记者",
                                     "記者",
                                     "责任编辑：",
                                     "责编：",
                                     "文：",
                                     "筆者",
                                     "執筆"};

// What follows a name on a byline and is no name: roles, labels, places of
// work.
constexpr const char* kRoles[] = {"staff writer",
                                  "staff reporter",
                                  "staff",
                                  "reporter",
                                  "senior reporter",
                                  "writer",
                                  "senior writer",
                                  "editor",
                                  "editor in chief",
                                  "editor-in-chief",
                                  "senior editor",
                                  "managing editor",
                                  "news editor",
                                  "deputy editor",
                                  "contributing writer",
                                  "contributor",
                                  "correspondent",
                                  "senior correspondent",
                                  "columnist",
                                  "author",
                                  "authors",
                                  "journalist",
                                  "freelance",
                                  "freelance writer",
                                  "freelancer",
                                  "producer",
                                  "analyst",
                                  "political correspondent",
                                  "political reporter",
                                  "business reporter",
                                  "special correspondent",
                                  "digital journalist",
                                  "autor",
                                  "autorin",
                                  "autoren",
                                  "redakteur",
                                  "redakteurin",
                                  "journalistin",
                                  "korrespondent",
                                  "korrespondentin",
                                  "volontär",
                                  "volontärin",
                                  "chefredakteur",
                                  "chefredakteurin",
                                  "reporterin",
                                  "freier autor",
                                  "freie autorin",
                                  "journaliste",
                                  "rédacteur",
                                  "rédactrice",
                                  "envoyé spécial",
                                  "correspondant",
                                  "periodista",
                                  "redactor",
                                  "redactora",
                                  "corresponsal",
                                  "giornalista",
                                  "redattore",
                                  "journaliste web",
                                  "dziennikarz",
                                  "redaktor",
                                  "журналист",
                                  "корреспондент",
                                  "phd",
                                  "ph.d.",
                                  "md",
                                  "m.d.",
                                  "mba",
                                  "jr",
                                  "sr",
                                  "dr",
                                  "ms",
                                  "msc",
                                  "rd",
                                  "mph",
                                  "rn",
                                  "cfa",
                                  "esq",
                                  "ba",
                                  "ma",
                                  "opens in new window",
                                  "more",
                                  "et al",
                                  "et al.",
                                  "others",
                                  "other",
                                  "twitter",
                                  "facebook",
                                  "linkedin",
                                  "instagram",
                                  "email",
                                  "e-mail",
                                  "mail",
                                  "website",
                                  "view profile",
                                  "profile",
                                  "see more",
                                  "follow",
                                  "contact",
                                  "in",
                                  "on",
                                  "at",
                                  "for",
                                  "und",
                                  "and",
                                  "unknown",
                                  "anonymous",
                                  "undefined",
                                  "null",
                                  "none",
                                  "n/a",
                                  "admin",
                                  "administrator",
                                  "guest",
                                  "author profile",
                                  "by",
                                  "von",
                                  "share",
                                  "teilen",
                                  "posted",
                                  "published",
                                  "date",
                                  "updated",
                                  "kontakt",
                                  "biographie",
                                  "folgen",
                                  "alle artikel",
                                  "mehr",
                                  "all posts",
                                  "comments",
                                  "kommentare",
                                  "quelle"};

// Words that say that the names after them took the pictures.
constexpr const char* kPhotoWords[] = {
    "foto",          "fotos",        "photo",
    "photos",        "photograph",   "photography",
    "bild",          "bilder",       "image",
    "images",        "fotografía",   "photographie",
    "fotó",          "фото",         "kuva",
    "kuvat",         "grafik",       "video",
    "fotografie",    "illustration", "illustrationen",
    "illustrations", "fotografi",    "photographs",
    "camera",        "kamera",       "fotograf",
    "写真",          "撮影"};

constexpr const char* kAgencies[] = {"reuters",
                                     "thomson reuters",
                                     "ap",
                                     "associated press",
                                     "the associated press",
                                     "afp",
                                     "agence france-presse",
                                     "agence france presse",
                                     "dpa",
                                     "deutsche presse-agentur",
                                     "dpa-infocom",
                                     "dpa-afx",
                                     "dpa/lsw",
                                     "apa",
                                     "austria presse agentur",
                                     "sda",
                                     "keystone-sda",
                                     "epd",
                                     "kna",
                                     "sid",
                                     "efe",
                                     "agencia efe",
                                     "ansa",
                                     "agi",
                                     "adnkronos",
                                     "upi",
                                     "pti",
                                     "ani",
                                     "ians",
                                     "xinhua",
                                     "tass",
                                     "ria",
                                     "interfax",
                                     "ukrinform",
                                     "anadolu",
                                     "anadolu ajansı",
                                     "anadolu agency",
                                     "aa",
                                     "dha",
                                     "iha",
                                     "pap",
                                     "čtk",
                                     "ctk",
                                     "tasr",
                                     "mti",
                                     "agerpres",
                                     "tanjug",
                                     "hina",
                                     "bta",
                                     "ntb",
                                     "tt",
                                     "ritzau",
                                     "stt",
                                     "bns",
                                     "elta",
                                     "leta",
                                     "belga",
                                     "anp",
                                     "lusa",
                                     "europa press",
                                     "télam",
                                     "telam",
                                     "notimex",
                                     "bernama",
                                     "antara",
                                     "yonhap",
                                     "kyodo",
                                     "jiji",
                                     "jiji press",
                                     "cna",
                                     "app",
                                     "bloomberg",
                                     "bloomberg news",
                                     "canadian press",
                                     "the canadian press",
                                     "press association",
                                     "pa",
                                     "pa media",
                                     "aap",
                                     "australian associated press",
                                     "nan",
                                     "sapa",
                                     "ats",
                                     "afp deutschland",
                                     "共同通信",
                                     "時事通信",
                                     "新华社",
                                     "新華社",
                                     "भाषा",
                                     "ots",
                                     "ap news"};

// Words of organisations' names, in lower case.
constexpr const char* kOrganisationWords[] = {"redaktion",
                                              "redaktionen",
                                              "redaktionsteam",
                                              "redacción",
                                              "redaccion",
                                              "redazione",
                                              "rédaction",
                                              "redactie",
                                              "redakcja",
                                              "redakce",
                                              "redação",
                                              "redacao",
                                              "staff",
                                              "team",
                                              "editorial",
                                              "editors",
                                              "desk",
                                              "newsroom",
                                              "news",
                                              "online",
                                              "tv",
                                              "radio",
                                              "magazin",
                                              "magazine",
                                              "media",
                                              "press",
                                              "agency",
                                              "agentur",
                                              "agencia",
                                              "agence",
                                              "zeitung",
                                              "nachrichten",
                                              "tagblatt",
                                              "webteam",
                                              "gmbh",
                                              "ag",
                                              "inc",
                                              "ltd",
                                              "llc",
                                              "e.v.",
                                              "verlag",
                                              "foundation",
                                              "university",
                                              "universität",
                                              "institut",
                                              "institute",
                                              "association",
                                              "verband",
                                              "ministerium",
                                              "department",
                                              "redaksi",
                                              "toimitus",
                                              "редакция",
                                              "редакція",
                                              "correspondent",
                                              "correspondents",
                                              "bureau",
                                              "newsdesk",
                                              "company",
                                              "corporation",
                                              "group",
                                              "network",
                                              "times",
                                              "journal",
                                              "daily",
                                              "weekly",
                                              "post",
                                              "tribune",
                                              "herald",
                                              "gazette",
                                              "chronicle",
                                              "haber",
                                              "編集部",
                                              "デジタル",
                                              "新聞"};

template <size_t kSize>
bool IsOneOf(absl::string_view text, const char* const (&words)[kSize]) {
  for (const char* word : words) {
    if (text == word) return true;
  }
  return false;
}

// How many bytes of `text` (and of its lower-case form `lower`) open a byline.
size_t OpeningSize(absl::string_view lower) {
  for (const char* opening : kOpenings) {
    if (!absl::StartsWith(lower, opening)) continue;
    size_t size = absl::string_view(opening).size();
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
  constexpr const char* kMarks[] = {" ", ",", ";", ":",  "-",  "–", "—", "|",
                                    "•", "·", "/", "\"", "“",  "”", "„", "*",
                                    "(", "[", "]", "‧",  "…",  ">", "<", "»",
                                    "«", "&", "+", "=",  "’s", "_", "@", "\n"};
  for (bool changed = true; changed;) {
    changed = false;
    for (const char* mark : kMarks) {
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
      {{" and ", "\n"},  {" AND ", "\n"}, {" und ", "\n"},  {" UND ", "\n"},
       {" & ", "\n"},    {" et ", "\n"},  {" y ", "\n"},    {" og ", "\n"},
       {" och ", "\n"},  {" e ", "\n"},   {" en ", "\n"},   {" i ", "\n"},
       {" ja ", "\n"},   {" ve ", "\n"},  {" dan ", "\n"},  {" sowie ", "\n"},
       {" и ", "\n"},    {" та ", "\n"},  {" и ", "\n"},    {" och ", "\n"},
       {" és ", "\n"},   {" și ", "\n"},  {" și ", "\n"},   {" và ", "\n"},
       {" with ", "\n"}, {" mit ", "\n"}, {" avec ", "\n"}, {" con ", "\n"},
       {" και ", "\n"},  {";", "\n"},     {" | ", "\n"},    {"|", "\n"},
       {" / ", "\n"},    {"/", "\n"},     {" • ", "\n"},    {"•", "\n"},
       {" · ", "\n"},    {"、", "\n"},    {"，", "\n"},     {"，", "\n"},
       {"；", "\n"},     {" – ", "\n"},   {" — ", "\n"},    {" - ", "\n"},
       {"،", "\n"},      {" و ", "\n"},   {"(", "\n"},      {")", "\n"},
       {"[", "\n"},      {"]", "\n"},     {"・", "\n"}});
  return marked;
}

bool IsRole(absl::string_view lower) {
  if (IsOneOf(lower, kRoles)) return true;
  // "Political Editor", "Senior Reporter, Berlin" and their like.
  constexpr const char* kEnds[] = {
      " editor",     " reporter",    " correspondent", " writer",
      " journalist", " producer",    " contributor",   " columnist",
      " redakteur",  " redakteurin", " korrespondent", " korrespondentin",
      " autorin",    " team leader"};
  for (const char* end : kEnds) {
    if (absl::EndsWith(lower, end)) return true;
  }
  return false;
}

bool IsPhotoPart(absl::string_view lower) {
  const absl::string_view first = lower.substr(0, lower.find_first_of(" :"));
  return IsOneOf(first, kPhotoWords);
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
      return piece.substr(0, i);
    }
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

void AddName(absl::string_view piece, std::vector<std::string>* names) {
  piece = TrimMarks(CutAtForeign(TrimMarks(WithoutOpening(TrimMarks(piece)))));
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
    const std::vector<absl::string_view> pieces = absl::StrSplit(part, ',');
    if (IsInverted(pieces)) {
      AddName(absl::StrCat(absl::StripAsciiWhitespace(pieces[1]), " ",
                           absl::StripAsciiWhitespace(pieces[0])),
              &names);
      continue;
    }
    for (const absl::string_view piece : pieces) {
      if (IsPhotoPart(ToLower(TrimMarks(piece)))) break;
      AddName(piece, &names);
    }
  }
  return names;
}

bool OpensByline(absl::string_view text) {
  const std::string lower = ToLower(TruncateUtf8(text, 60));
  const size_t size = OpeningSize(lower);
  return size > 0 && size < lower.size();
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

v1::AuthorKind KindOfName(absl::string_view name, absl::string_view publisher) {
  const std::string lower = ToLower(name);
  if (IsOneOf(lower, kAgencies)) return v1::AUTHOR_KIND_AGENCY;
  if (!publisher.empty() && lower == ToLower(publisher)) {
    return v1::AUTHOR_KIND_ORGANIZATION;
  }
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

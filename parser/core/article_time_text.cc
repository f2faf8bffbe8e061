#include "parser/core/article_time_text.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr size_t kFar = 3000;  // texts that have digits
constexpr size_t kMostPageBytes = size_t{4} << 20;
constexpr size_t kMostBytes = 120;
constexpr size_t kFewWords = 10;

bool MayDate(const Node* node) {
  const absl::string_view data = DataOf(node);
  return data.size() >= 6 && data.size() <= 1000 &&
         data.find_first_of("0123456789") != absl::string_view::npos &&
         TagOf(node->parent) != LXB_TAG_SCRIPT &&
         TagOf(node->parent) != LXB_TAG_STYLE;
}

// An archive's bar over the page tells when it was copied.
bool IsInArchiveBar(const Node* node) {
  for (const Node* at = node; at != nullptr; at = at->parent) {
    if (IdOf(at) == "wm-ipp" || IdOf(at) == "wm-ipp-base") return true;
  }
  return false;
}

// "01.02.2022 The market has …": what of a paragraph may be its date.
std::string OpeningOf(absl::string_view text) {
  constexpr size_t kDateBytes = 24;
  if (text.empty() ||
      !absl::ascii_isdigit(static_cast<unsigned char>(text[0]))) {
    return "";
  }
  const absl::string_view opening = TruncateUtf8(text, kDateBytes);
  return std::string(opening.substr(0, opening.rfind(' ')));
}

// A text and how far from the headline it stands, in texts; one before it
// counts twice as far.
struct Place {
  Node* node;
  size_t far;
};

bool IsBlank(const Node* node) {
  const absl::string_view data = DataOf(node);
  return data.find_first_not_of(" \t\r\n\f") == absl::string_view::npos;
}

std::vector<Place> PlacesByDistance(Node* body, const Node* headline) {
  std::vector<Place> places;
  size_t texts = 0;
  size_t headline_text = 0;
  size_t headline_place = 0;
  for (Node* node = body; node != nullptr; node = NextNode(node, body)) {
    if (node == headline) {
      headline_text = texts;
      headline_place = places.size();
    }
    if (places.size() > headline_place + kFar) break;
    if (!IsText(node) || IsBlank(node)) continue;
    ++texts;
    if (MayDate(node)) places.push_back({node, texts});
  }
  for (Place& place : places) {
    place.far = place.far > headline_text ? place.far - headline_text
                                          : 2 * (headline_text - place.far + 1);
  }
  std::stable_sort(
      places.begin(), places.end(),
      [](const Place& a, const Place& b) { return a.far < b.far; });
  if (places.size() > kFar) places.erase(places.begin() + kFar, places.end());
  return places;
}

bool SpeaksOfChange(absl::string_view text) {
  const std::string lower = ToLower(text);
  for (const char* word : {"updated",
                           "update:",
                           "last edited",
                           "last modified",
                           "last changed",
                           "modified on",
                           "aktualisiert",
                           "zuletzt",
                           "geändert",
                           "stand:",
                           "mis à jour",
                           "mise à jour",
                           "dernière modification",
                           "actualizado",
                           "última modificación",
                           "aggiornato",
                           "ultima modifica",
                           "bijgewerkt",
                           "laatst gewijzigd",
                           "oppdatert",
                           "opdateret",
                           "sist endret",
                           "uppdaterad",
                           "senast ändrad",
                           "atualizado",
                           "última modificação",
                           "güncelleme",
                           "zaktualizowano",
                           "ostatnia modyfikacja",
                           "обновлено",
                           "оновлено",
                           "更新",
                           "수정"}) {
    if (absl::StrContains(lower, word)) return true;
  }
  return false;
}

// The first string under `name` in JSON, which may be escaped as a string of
// JSON once more.
std::string StringNamed(absl::string_view name, absl::string_view json) {
  constexpr size_t kLongest = 40;
  constexpr absl::string_view kBetween = "\\\" :";
  for (size_t at = json.find(name); at != absl::string_view::npos;
       at = json.find(name, at + name.size())) {
    const size_t end = at + name.size();
    if (at == 0 || json[at - 1] != '"' || end >= json.size()) continue;
    const size_t begin = json.find_first_not_of(kBetween, end);
    if (begin == absl::string_view::npos || begin - end > 8) continue;
    const size_t close = json.find_first_of("\"\\,}", begin);
    if (close == absl::string_view::npos || close - begin > kLongest) continue;
    return std::string(json.substr(begin, close - begin));
  }
  return "";
}

}  // namespace

std::vector<DatedText> DatedTextsNear(Node* body, const Node* headline) {
  if (body == nullptr) return {};
  std::vector<DatedText> lines;
  std::vector<DatedText> sentences;
  for (const Place& place : PlacesByDistance(body, headline)) {
    if (IsInArchiveBar(place.node)) continue;
    std::string text = CleanText(DataOf(place.node));
    const bool is_short = text.size() <= kMostBytes;
    const bool is_change = is_short && SpeaksOfChange(text);
    if (is_short && (is_change || CountWords(text) <= kFewWords)) {
      lines.push_back({place.node, std::move(text), false, is_change});
      continue;
    }
    std::string opening = OpeningOf(text);
    if (!opening.empty()) lines.push_back({place.node, std::move(opening)});
    if (is_short) sentences.push_back({place.node, std::move(text), true});
  }
  std::move(sentences.begin(), sentences.end(), std::back_inserter(lines));
  return lines;
}

std::string TimeInData(absl::string_view page) {
  page = page.substr(0, kMostPageBytes);
  for (const char* name : {"datePublished", "publishedAt", "published_at",
                           "publishDate", "publish_date", "publicationDate",
                           "publishedDate", "firstPublished", "createdAt"}) {
    std::string value = StringNamed(name, page);
    if (!value.empty()) return value;
  }
  return "";
}

}  // namespace dateline

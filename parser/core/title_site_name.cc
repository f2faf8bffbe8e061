#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "parser/core/headline.h"
#include "parser/core/text.h"
#include "parser/core/title_words.h"

namespace dateline {
namespace {

constexpr absl::string_view kSeparators[] = {
    " | ", " - ", " – ", " — ", " » ", " « ", " :: ", " · ",
    " • ", " / ", " > ", " < ", " ‹ ", " › ", "：",   "｜",
    " |",  "| ",  ": ",  "--",  "_",   " ‐ "};

constexpr size_t kMostOthers = 6;

struct Cut {
  size_t position;
  size_t size;
};

// The separators of a title, left to right, at most 12. A colon parts a site's
// name only at the very beginning, and is left to the caller.
std::vector<Cut> Cuts(absl::string_view title) {
  std::vector<Cut> cuts;
  for (size_t i = 0; i < title.size() && cuts.size() < 12;) {
    size_t size = 0;
    const auto first = static_cast<unsigned char>(title[i]);
    const bool may_part = first == ' ' || first == '|' || first == ':' ||
                          first == '-' || first == '_' || first == 0xef;
    if (!may_part) {
      ++i;
      continue;
    }
    for (const absl::string_view separator : kSeparators) {
      if (absl::StartsWith(title.substr(i), separator)) {
        size = separator.size();
        break;
      }
    }
    if (size != 0) cuts.push_back({i, size});
    i += std::max<size_t>(size, 1);
  }
  return cuts;
}

absl::string_view LongestLabel(absl::string_view host) {
  absl::string_view longest;
  while (!host.empty()) {
    const absl::string_view label = host.substr(0, host.find('.'));
    if (label.size() > longest.size()) longest = label;
    host.remove_prefix(std::min(label.size() + 1, host.size()));
  }
  return longest;
}

}  // namespace

SiteNames::SiteNames(absl::string_view site, absl::string_view host)
    : name_(SqueezedTitle(site)), domain_(SqueezedTitle(host)) {
  const absl::string_view label = LongestLabel(host);
  label_ = SqueezedTitle(label);
  label_size_ = label.size();
}

bool SiteNames::Contain(absl::string_view part) const {
  const std::string squeezed = SqueezedTitle(part);
  if (squeezed.size() < 2) return false;
  if (squeezed == name_) return true;
  if (squeezed.size() >= 3 && absl::StrContains(domain_, squeezed)) return true;
  // "Harbour Office Saltby" at harbouroffice.example.
  if (label_size_ >= 5 && absl::StartsWith(squeezed, label_) &&
      label_size_ * 2 >= squeezed.size()) {
    return true;
  }
  if (name_.size() >= 4 && squeezed.size() <= name_.size() + 20 &&
      (absl::StartsWith(squeezed, name_) || absl::EndsWith(squeezed, name_))) {
    return true;
  }
  return squeezed.size() >= 4 && name_.size() >= squeezed.size() &&
         absl::StrContains(name_, squeezed);
}

std::string SiteNames::Without(absl::string_view title,
                               const std::vector<std::string>& others) const {
  const std::vector<Cut> cuts = Cuts(title);
  // The page's other titles know best where the headline ends.
  std::vector<std::vector<std::string>> other_words;
  for (const std::string& other : others) {
    if (cuts.empty() || other_words.size() >= kMostOthers) break;
    other_words.push_back(TitleWords(other));
  }
  for (const Cut& cut : cuts) {
    const auto head = TitleWords(title.substr(0, cut.position));
    const auto tail = TitleWords(title.substr(cut.position + cut.size));
    for (size_t i = 0; i < other_words.size(); ++i) {
      const bool is_tail = tail == other_words[i] &&
                           tail.size() * 2 >= head.size() + tail.size();
      if (head == other_words[i] || is_tail) return others[i];
    }
  }
  absl::string_view rest = title;
  for (auto cut = cuts.rbegin(); cut != cuts.rend(); ++cut) {
    const absl::string_view tail = rest.substr(cut->position + cut->size);
    if (!Contain(tail)) break;
    rest = rest.substr(0, cut->position);
  }
  if (rest.size() == title.size() && !cuts.empty()) {
    const absl::string_view head = title.substr(0, cuts[0].position);
    if (Contain(head)) {
      rest = title.substr(cuts[0].position + cuts[0].size);
    }
  }
  // What stands behind a bar is the site's name even where nothing else says
  // so.
  if (rest.size() == title.size() && others.empty()) {
    const size_t bar = title.rfind(" | ");
    if (bar != absl::string_view::npos &&
        CountWords(title.substr(0, bar)) >= 2 &&
        CountWords(title.substr(bar)) <= 6) {
      rest = title.substr(0, bar);
    }
  }
  rest = absl::StripAsciiWhitespace(rest);
  return std::string(rest.empty() ? title : rest);
}

}  // namespace dateline

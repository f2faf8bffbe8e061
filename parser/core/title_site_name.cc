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

// Letters and digits only, in lower case: "Dawn.com" and "dawn-com" alike.
std::string Squeezed(absl::string_view text) {
  std::string out;
  for (const std::string& word : TitleWords(text)) out += word;
  return out;
}

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

}  // namespace

bool NamesSite(absl::string_view part, absl::string_view site,
               absl::string_view host) {
  const std::string squeezed = Squeezed(part);
  if (squeezed.size() < 2) return false;
  const std::string name = Squeezed(site);
  if (squeezed == name) return true;
  const std::string domain = Squeezed(host);
  if (squeezed.size() >= 3 && absl::StrContains(domain, squeezed)) return true;
  if (name.size() >= 4 && squeezed.size() <= name.size() + 20 &&
      (absl::StartsWith(squeezed, name) || absl::EndsWith(squeezed, name))) {
    return true;
  }
  return squeezed.size() >= 4 && name.size() >= squeezed.size() &&
         absl::StrContains(name, squeezed);
}

std::string WithoutSiteName(absl::string_view title, absl::string_view site,
                            absl::string_view host,
                            const std::vector<std::string>& others) {
  const std::vector<Cut> cuts = Cuts(title);
  // The page's other titles know best where the headline ends.
  for (const Cut& cut : cuts) {
    const absl::string_view head = title.substr(0, cut.position);
    const absl::string_view tail = title.substr(cut.position + cut.size);
    for (const std::string& other : others) {
      if (SameWords(head, other) || SameWords(tail, other)) return other;
    }
  }
  absl::string_view rest = title;
  for (auto cut = cuts.rbegin(); cut != cuts.rend(); ++cut) {
    const absl::string_view tail = rest.substr(cut->position + cut->size);
    if (!NamesSite(tail, site, host)) break;
    rest = rest.substr(0, cut->position);
  }
  if (rest.size() == title.size() && !cuts.empty()) {
    const absl::string_view head = title.substr(0, cuts[0].position);
    if (NamesSite(head, site, host)) {
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

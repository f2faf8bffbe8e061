#include "parser/core/authors_choice.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

bool Has(const std::vector<AuthorName>& names, const std::string& name) {
  return std::any_of(names.begin(), names.end(),
                     [&name](const AuthorName& other) {
                       return ToLower(other.name) == ToLower(name);
                     });
}

// Whether `more` has all names of `less`, and further ones.
bool Extends(const std::vector<AuthorName>& more,
             const std::vector<AuthorName>& less) {
  if (more.size() <= less.size()) return false;
  for (const AuthorName& name : less) {
    if (!Has(more, name.name)) return false;
  }
  return true;
}

// Whether `full` spells out the log-in name that `names` consists of: "Jane
// Doe" for "jane.doe", or a first name alone.
bool SpellsOut(const std::vector<AuthorName>& full,
               const std::vector<AuthorName>& names) {
  if (names.size() != 1 || full.size() != 1) return false;
  const std::string& login = names[0].name;
  if (absl::StrContains(login, " ") || !absl::StrContains(full[0].name, " ")) {
    return false;
  }
  std::string wanted, spelt;
  for (const char c : ToLower(login)) {
    if (c != '.' && c != '-' && c != '_') wanted.push_back(c);
  }
  for (const char c : ToLower(full[0].name)) {
    if (c != '.' && c != '-' && c != ' ') spelt.push_back(c);
  }
  return absl::StartsWith(spelt, wanted);
}

// Names of Chinese, Japanese and Korean people stand without a space.
bool IsUnspacedFullName(absl::string_view name) {
  constexpr size_t kBytesOfTwo = 6;
  constexpr size_t kBytesOfFive = 15;
  return name.size() >= kBytesOfTwo && name.size() <= kBytesOfFive &&
         std::all_of(
             name.begin(), name.end(),
             [](char c) { return static_cast<unsigned char>(c) >= 0x80; }) &&
         static_cast<unsigned char>(name[0]) >= 0xe3;
}

// Whether markup gave words that may be anything: no full name among them.
bool IsGuess(const AuthorSource& source) {
  if (source.source != v1::EVIDENCE_SOURCE_MARKUP &&
      source.source != v1::EVIDENCE_SOURCE_TEXT) {
    return false;
  }
  const auto full = std::count_if(
      source.names.begin(), source.names.end(),
      [&source](const AuthorName& name) {
        return (source.names.size() <= 2 && IsUnspacedFullName(name.name)) ||
               (absl::StrContains(name.name, " ") &&
                !absl::ascii_islower(static_cast<unsigned char>(name.name[0])));
      });
  return source.names.size() > 8 || full == 0 ||
         (source.names.size() > 1 &&
          static_cast<size_t>(full) * 2 <= source.names.size());
}

}  // namespace

size_t BestAuthorSource(const std::vector<AuthorSource>& sources) {
  size_t best = sources.size();
  for (const v1::AuthorKind wanted :
       {v1::AUTHOR_KIND_PERSON, v1::AUTHOR_KIND_AGENCY}) {
    for (size_t i = 0; i < sources.size() && best == sources.size(); ++i) {
      if (IsGuess(sources[i]) && i > 0) continue;
      for (const AuthorName& name : sources[i].names) {
        if (name.kind == wanted) best = i;
      }
    }
  }
  if (best == sources.size()) best = 0;
  for (size_t i = 0; i < sources.size(); ++i) {
    const bool is_structured = sources[i].source == v1::EVIDENCE_SOURCE_META;
    if ((is_structured && Extends(sources[i].names, sources[best].names)) ||
        SpellsOut(sources[i].names, sources[best].names)) {
      best = i;
    }
  }
  return best;
}

}  // namespace dateline

#include "store/core/search_query.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/error_details.h"
#include "store/core/limits.h"

namespace dateline::store {
namespace {

icu::UnicodeString FromUtf8(absl::string_view text) {
  return icu::UnicodeString::fromUTF8(
      icu::StringPiece(text.data(), static_cast<int32_t>(text.size())));
}

// With a space for each control character and white space; what is no UTF-8
// becomes U+FFFD.
std::string Clean(absl::string_view query) {
  icu::UnicodeString text = FromUtf8(query);
  for (int32_t i = 0; i < text.length(); ++i) {
    if (u_iscntrl(text[i]) || u_isUWhiteSpace(text[i])) text.setCharAt(i, ' ');
  }
  std::string clean;
  return text.toUTF8String(clean);
}

bool HasLetterOrDigit(absl::string_view utf8) {
  const icu::UnicodeString text = FromUtf8(utf8);
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const uint32_t category = U_GET_GC_MASK(text.char32At(i));
    if ((category & (U_GC_L_MASK | U_GC_N_MASK)) != 0) return true;
  }
  return false;
}

SearchTerm::Field ConsumeField(absl::string_view& rest) {
  constexpr std::pair<absl::string_view, SearchTerm::Field> kFields[] = {
      {"headline:", SearchTerm::Field::kHeadline},
      {"body:", SearchTerm::Field::kBody}};
  for (const auto& [name, field] : kFields) {
    if (rest.size() > name.size() && rest[name.size()] != ' ' &&
        absl::StartsWithIgnoreCase(rest, name)) {
      rest.remove_prefix(name.size());
      return field;
    }
  }
  return SearchTerm::Field::kAny;
}

// The text up to the closing quote, or to the end where there is none.
absl::string_view ConsumePhrase(absl::string_view& rest) {
  rest.remove_prefix(1);
  const size_t end = std::min(rest.find('"'), rest.size());
  const absl::string_view phrase = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return phrase;
}

absl::string_view ConsumeWord(absl::string_view& rest) {
  const size_t end = std::min(rest.find_first_of(" \"*"), rest.size());
  const absl::string_view word = rest.substr(0, end);
  rest.remove_prefix(end);
  return word;
}

// Takes at least one byte off `rest`, which doesn't begin with a space. None
// where there is no word in what it took.
std::optional<SearchTerm> ConsumeTerm(absl::string_view& rest) {
  SearchTerm term = {.field = ConsumeField(rest)};
  const absl::string_view text =
      absl::StartsWith(rest, "\"") ? ConsumePhrase(rest) : ConsumeWord(rest);
  term.text = std::string(text);
  term.prefix = absl::ConsumePrefix(&rest, "*");
  if (!HasLetterOrDigit(text)) return std::nullopt;
  return term;
}

}  // namespace

absl::StatusOr<std::vector<SearchTerm>> ParseSearchQuery(
    absl::string_view query) {
  if (query.size() > kMaxQueryBytes) {
    return InvalidField("query",
                        absl::StrCat("longer than ", kMaxQueryBytes, " bytes"));
  }
  const std::string clean = Clean(query);
  std::vector<SearchTerm> terms;
  absl::string_view rest = absl::StripLeadingAsciiWhitespace(clean);
  while (!rest.empty()) {
    if (std::optional<SearchTerm> term = ConsumeTerm(rest)) {
      terms.push_back(*std::move(term));
    }
    rest = absl::StripLeadingAsciiWhitespace(rest);
  }
  if (terms.empty()) {
    return InvalidField("query", "has no word to search for");
  }
  if (terms.size() > kMaxQueryTerms) {
    return InvalidField(
        "query", absl::StrCat("has more than ", kMaxQueryTerms, " terms"));
  }
  return terms;
}

}  // namespace dateline::store

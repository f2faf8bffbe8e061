#include "store/sqlite/match_expression.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"

namespace dateline::store {
namespace {

absl::string_view Column(SearchTerm::Field field) {
  switch (field) {
    case SearchTerm::Field::kAny:
      return "";
    case SearchTerm::Field::kHeadline:
      return "headline : ";
    case SearchTerm::Field::kBody:
      return "body : ";
  }
  return "";
}

}  // namespace

std::string MatchExpression(const std::vector<SearchTerm>& terms) {
  return absl::StrJoin(
      terms, " AND ", [](std::string* out, const SearchTerm& term) {
        absl::StrAppend(out, Column(term.field), "\"",
                        absl::StrReplaceAll(term.text, {{"\"", "\"\""}}), "\"",
                        term.prefix ? " *" : "");
      });
}

}  // namespace dateline::store

#ifndef DATELINE_STORE_CORE_SEARCH_QUERY_H_
#define DATELINE_STORE_CORE_SEARCH_QUERY_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dateline::store {

// One term of a search. An article is found where it has all of them.
struct SearchTerm {
  enum class Field { kAny, kHeadline, kBody };

  Field field = Field::kAny;
  // One or more words, in this order, next to each other. At least one letter
  // or digit; valid UTF-8 without control characters.
  std::string text = {};
  // The last word is the beginning of one.
  bool prefix = false;

  bool operator==(const SearchTerm&) const = default;
};

// Reads what people type: words, "phrases", prefix*, headline:word, body:word.
// Whatever has no meaning as an operator is taken as text, and what has no
// letter or digit is left out, so that no input is a syntax error.
// kInvalidArgument, naming the field, where no term is left or where there are
// too many (limits.h).
absl::StatusOr<std::vector<SearchTerm>> ParseSearchQuery(
    absl::string_view query);

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_SEARCH_QUERY_H_

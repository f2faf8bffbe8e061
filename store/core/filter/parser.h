#ifndef DATELINE_STORE_CORE_FILTER_PARSER_H_
#define DATELINE_STORE_CORE_FILTER_PARSER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "store/core/filter/syntax.h"

namespace dateline::store::filter {

// Parses a filter (AIP-160; the grammar is in docs/query.md). OR binds closer
// than AND, as AIP-160 has it; terms side by side are an AND. A filter of white
// space is true. kInvalidArgument says at which position what was expected, or
// which bound of limits.h is passed.
absl::StatusOr<Expression> Parse(absl::string_view filter);

}  // namespace dateline::store::filter

#endif  // DATELINE_STORE_CORE_FILTER_PARSER_H_

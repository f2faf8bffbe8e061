#ifndef DATELINE_STORE_CORE_FILTER_CHECKER_H_
#define DATELINE_STORE_CORE_FILTER_CHECKER_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "store/core/filter/condition.h"
#include "store/core/filter/syntax.h"

namespace dateline::store::filter {

// Gives a parsed filter its meaning. kInvalidArgument, with the position, where
// a field isn't known (and which are), where an operator doesn't fit the
// field's type, and where a value is no time, no value of the enum, or has a
// wildcard where none may be.
absl::StatusOr<Condition> Check(const Expression& expression);

// Parse and Check.
absl::StatusOr<Condition> Compile(absl::string_view filter);

}  // namespace dateline::store::filter

#endif  // DATELINE_STORE_CORE_FILTER_CHECKER_H_

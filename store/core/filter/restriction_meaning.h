#ifndef DATELINE_STORE_CORE_FILTER_RESTRICTION_MEANING_H_
#define DATELINE_STORE_CORE_FILTER_RESTRICTION_MEANING_H_

#include "absl/status/statusor.h"
#include "store/core/filter/condition.h"
#include "store/core/filter/syntax.h"

namespace dateline::store::filter {

// What one restriction asks of an article: a predicate, or several of which any
// has to hold, none of them negated unless it is "field has no value". The
// operator's own negation (!=) is not in it. Errors as Check has them.
absl::StatusOr<Condition> Meaning(const Restriction& restriction);

}  // namespace dateline::store::filter

#endif  // DATELINE_STORE_CORE_FILTER_RESTRICTION_MEANING_H_

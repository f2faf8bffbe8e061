#ifndef DATELINE_STORE_CORE_FILTER_EVALUATOR_H_
#define DATELINE_STORE_CORE_FILTER_EVALUATOR_H_

#include "dateline/v1/article.pb.h"
#include "store/core/filter/condition.h"

namespace dateline::store::filter {

// Whether `article` is under the filter. Thread-safe.
bool Matches(const Condition& condition, const v1::Article& article);

}  // namespace dateline::store::filter

#endif  // DATELINE_STORE_CORE_FILTER_EVALUATOR_H_

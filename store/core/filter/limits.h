#ifndef DATELINE_STORE_CORE_FILTER_LIMITS_H_
#define DATELINE_STORE_CORE_FILTER_LIMITS_H_

#include <cstddef>

namespace dateline::store::filter {

// What a filter may have. SQLite takes expressions of depth 1,000; OpenSearch
// may be set to take no more than 20 levels of bool queries, and a filter of
// the greatest depth comes to 18.
inline constexpr size_t kMaxFilterBytes = 8 * 1024;
inline constexpr int kMaxRestrictions = 200;
inline constexpr int kMaxParentheses = 7;  // within each other

}  // namespace dateline::store::filter

#endif  // DATELINE_STORE_CORE_FILTER_LIMITS_H_

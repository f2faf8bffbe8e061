#ifndef DATELINE_STORE_CORE_LIMITS_H_
#define DATELINE_STORE_CORE_LIMITS_H_

#include <cstddef>

namespace dateline::store {

// Defaults and bounds of the API, in one place.

// AIP-158: 0 takes the default, more than the maximum is coerced to it.
inline constexpr int kDefaultPageSize = 50;
inline constexpr int kMaxPageSize = 1000;

inline constexpr int kMaxBatchUids = 1000;

inline constexpr size_t kMaxQueryBytes = 2000;
inline constexpr size_t kMaxQueryTerms = 64;

inline constexpr size_t kMaxTokenBytes = 16 * 1024;

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_LIMITS_H_

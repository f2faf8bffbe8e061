#ifndef DATELINE_COMMON_PAGE_LIMITS_H_
#define DATELINE_COMMON_PAGE_LIMITS_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"

namespace dateline {

// The largest page that is parsed, in bytes; also the fetcher's default.
inline constexpr size_t kMaxPageBytes = size_t{10} << 20;

// What a record may have beside the page's bytes: addresses, headers, hints.
inline constexpr int64_t kRecordOverheadBytes = 64 << 10;

// Whether a page of `fetched_bytes`, the most that a fetcher takes, fits the
// topics it goes to (max.message.bytes by topic) and the parser, which reads
// pages of `parsed_bytes`. kFailedPrecondition, naming the three values, where
// it doesn't.
absl::Status CheckPageLimits(int64_t fetched_bytes,
                             const std::map<std::string, int64_t>& topic_bytes,
                             int64_t parsed_bytes);

}  // namespace dateline

#endif  // DATELINE_COMMON_PAGE_LIMITS_H_

#ifndef DATELINE_STORE_CORE_LIMITS_H_
#define DATELINE_STORE_CORE_LIMITS_H_

#include <cstddef>

namespace dateline::store {

// Defaults and bounds of the API, in one place.

// AIP-158: 0 takes the default, more than the maximum is coerced to it.
inline constexpr int kDefaultPageSize = 50;
inline constexpr int kMaxPageSize = 1000;

// Of the articles in one answer. gRPC clients take messages of 4 MiB unless
// told otherwise; a page that would be longer ends early.
inline constexpr size_t kMaxPageBytes = 3'000'000;

inline constexpr int kMaxBatchUids = 1000;

// AggregateArticlesRequest.top.
inline constexpr int kDefaultTop = 10;
inline constexpr int kMaxTop = 1000;

// ListStoriesRequest.min_articles: an article alone is no story to list.
inline constexpr int kMinStoryArticles = 2;
inline constexpr int kMaxStoryArticles = 1000;

inline constexpr size_t kMaxQueryBytes = 2000;
inline constexpr size_t kMaxQueryTerms = 64;

inline constexpr size_t kMaxTokenBytes = 16 * 1024;

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_LIMITS_H_

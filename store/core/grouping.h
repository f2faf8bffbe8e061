#ifndef DATELINE_STORE_CORE_GROUPING_H_
#define DATELINE_STORE_CORE_GROUPING_H_

#include <cstdint>
#include <string>
#include <vector>

#include "dateline/v1/article.pb.h"
#include "dateline/v1/article_store_service.pb.h"

namespace dateline::store {

// Whether articles are grouped by their publish time.
bool IsTimeGrouping(v1::AggregateGrouping grouping);

// The name of the hour, day, ISO 8601 week or month (UTC) that a time lies in:
// "2026-01-02T03:00:00Z", "2026-01-02", "2026-W01", "2026-01". Names of one
// grouping sort as their times do. `time_us` is microseconds since the Unix
// epoch, within what a Timestamp may hold.
std::string BucketName(v1::AggregateGrouping grouping, int64_t time_us);

// The names of all groups that `article` counts in, each once; none where it
// has no value to group by.
std::vector<std::string> GroupsOf(v1::AggregateGrouping grouping,
                                  const v1::Article& article);

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_GROUPING_H_

#ifndef DATELINE_FETCHER_CORE_PARTITION_OF_H_
#define DATELINE_FETCHER_CORE_PARTITION_OF_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dateline::fetcher {

// The partition of the frontier that holds a host ("news.example:8080"; the
// port only where it is not the scheme's own). The same on every platform and
// in every version: changing it would leave records behind in partitions that
// nobody looks for them in. `partition_count` is above 0.
int32_t PartitionOfHost(absl::string_view host_port, int32_t partition_count);

// The same for the host of an absolute http(s) URL. Errors as ParseUrl.
absl::StatusOr<int32_t> PartitionOfUrl(absl::string_view url,
                                       int32_t partition_count);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_PARTITION_OF_H_

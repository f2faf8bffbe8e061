#ifndef DATELINE_FETCHER_CORE_SOURCE_TABLE_H_
#define DATELINE_FETCHER_CORE_SOURCE_TABLE_H_

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dateline/v1/fetcher_service.pb.h"
#include "dateline/v1/source.pb.h"

namespace dateline::fetcher {

// The `sources` topic in memory. Not thread-safe.
class SourceTable {
 public:
  // Takes one record as read. kInvalidArgument where it is no such record; then
  // nothing changed.
  absl::Status Apply(absl::string_view name,
                     std::optional<absl::string_view> value);

  std::optional<v1::Source> Find(absl::string_view name) const;

  // By name (AIP-132, AIP-158). kInvalidArgument for a negative page size or a
  // token that is none of ours.
  absl::StatusOr<v1::ListSourcesResponse> List(
      const v1::ListSourcesRequest& request) const;

  std::vector<v1::Source> All() const;

 private:
  std::map<std::string, v1::Source, std::less<>> sources_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_SOURCE_TABLE_H_

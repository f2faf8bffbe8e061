#ifndef DATELINE_FETCHER_CORE_SOURCE_PLAN_H_
#define DATELINE_FETCHER_CORE_SOURCE_PLAN_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "dateline/v1/source.pb.h"

namespace dateline::fetcher {

// A record of the `sources` topic to write.
struct SourceWrite {
  std::string name;
  std::optional<v1::Source> source;  // none: delete it
};

// What makes the sources there are those that a file wants: creates what is
// missing, gives the others the file's fields (those that it leaves out, their
// defaults), and deletes what was created from a file and is no longer in it.
// A source that a call has created stays when the file drops it. Nothing where
// all is as it should be, so that any number of replicas, and restarts, may do
// this.
//
// `wanted` are checked (NewSource) and differ in name.
std::vector<SourceWrite> PlanSources(const std::vector<v1::Source>& wanted,
                                     const std::vector<v1::Source>& present,
                                     absl::Time now);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_SOURCE_PLAN_H_

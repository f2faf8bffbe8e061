#ifndef DATELINE_FETCHER_SOURCES_FILE_H_
#define DATELINE_FETCHER_SOURCES_FILE_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dateline/v1/source.pb.h"

namespace dateline::fetcher {

// Reads sources from YAML: under `sources`, a list of maps with the names of
// Source's fields that people may set, `name` and `url` and `kind` among them.
// Kinds are feed, sitemap, section_page and site; durations as 5m or 1h30m.
//
// The sources are as NewSource makes them at `now`. kInvalidArgument with one
// line, "FILE:LINE: what is wrong; what to do", for each mistake; `file` is the
// name for that.
absl::StatusOr<std::vector<v1::Source>> ParseSourcesFile(absl::string_view yaml,
                                                         absl::string_view file,
                                                         absl::Time now);

// The same of a file. kInvalidArgument where it can't be read, too.
absl::StatusOr<std::vector<v1::Source>> ReadSourcesFile(const std::string& path,
                                                        absl::Time now);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_SOURCES_FILE_H_

#ifndef DATELINE_FETCHER_CORE_JSON_FEED_H_
#define DATELINE_FETCHER_CORE_JSON_FEED_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fetcher/core/feed.h"

namespace dateline::fetcher {

// Reads a JSON Feed, 1.0 or 1.1 (jsonfeed.org), in UTF-8. Bounds and hints as
// ParseFeed's. kInvalidArgument, with a sentence without its full stop, where
// it is none.
absl::StatusOr<Feed> ParseJsonFeed(absl::string_view body,
                                   absl::string_view base_url);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_JSON_FEED_H_

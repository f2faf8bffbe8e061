#ifndef DATELINE_FETCHER_CORE_FEED_H_
#define DATELINE_FETCHER_CORE_FEED_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dateline/v1/page.pb.h"
#include "fetcher/core/feed_pace.h"

namespace dateline::fetcher {

// One entry of a feed.
struct FeedItem {
  std::string url;  // absolute http(s), as stated otherwise
  // Everything but `source` and `publisher`. Plain text, bounded in length.
  v1::SourceHints hints;
};

struct Feed {
  std::string title;
  std::vector<FeedItem> items;  // in the feed's order
  FeedPace pace;
};

// Reads RSS 2.0 (and its ancestors 0.9x), RSS 1.0 and Atom (RFC 4287). Broken
// XML is read as far as it goes. Relative links are resolved by xml:base and
// `base_url`, where the feed was received from. `charset` is that of its
// Content-Type, used where the XML declares none.
//
// Entities that a document type declares are neither expanded nor loaded, and
// nothing is fetched; HTML's named characters (&nbsp;) are read, since feeds
// use them undeclared. At most 10,000 items are read, elements nest 256 deep at
// most.
//
// kInvalidArgument, with a sentence without its full stop, where there is no
// feed in it. An empty feed is a feed.
absl::StatusOr<Feed> ParseFeed(absl::string_view body,
                               absl::string_view base_url,
                               absl::string_view charset);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_FEED_H_

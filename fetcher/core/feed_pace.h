#ifndef DATELINE_FETCHER_CORE_FEED_PACE_H_
#define DATELINE_FETCHER_CORE_FEED_PACE_H_

#include <libxml/tree.h>

#include <cstdint>

#include "absl/time/time.h"

namespace dateline::fetcher {

// How often a feed wants to be read.
struct FeedPace {
  // The least time between two looks: RSS 2.0's `ttl`, or the syndication
  // module's `sy:updatePeriod` over `sy:updateFrequency`, whichever is longer;
  // a day at most. Zero where it asks for nothing.
  absl::Duration interval;
  // Bit n: not in hour n (UTC), by `skipHours`.
  uint32_t skip_hours = 0;
  // Bit n: not on the n-th day of the week (UTC), Sunday being 0, by
  // `skipDays`.
  uint32_t skip_days = 0;
};

// Reads the pace from the children of a channel. What is no number, hour or day
// is left out.
FeedPace ReadFeedPace(const xmlNode* channel);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_FEED_PACE_H_

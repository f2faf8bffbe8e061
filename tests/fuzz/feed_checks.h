#ifndef DATELINE_TESTS_FUZZ_FEED_CHECKS_H_
#define DATELINE_TESTS_FUZZ_FEED_CHECKS_H_

#include "absl/status/statusor.h"
#include "common/url.h"
#include "fetcher/core/feed.h"
#include "tests/fuzz/properties.h"

namespace dateline::fetcher {

inline void CheckFeedItem(const FeedItem& item) {
  Require(ParseUrl(item.url).ok());
  const v1::SourceHints& hints = item.hints;
  RequireReadable(hints);
  Require(hints.title().size() <= 1024);
  Require(hints.description().size() <= 4096);
  Require(hints.section().size() <= 256 && hints.language().size() <= 256);
  Require(hints.keywords_size() <= 64 && hints.authors_size() <= 64);
  Require(hints.source().empty() && hints.publisher().empty());
}

// What holds for feeds of all kinds; `feed` and `again` are of one input.
inline void CheckFeed(const absl::StatusOr<Feed>& feed,
                      const absl::StatusOr<Feed>& again) {
  Require(feed.status() == again.status());
  if (!feed.ok()) {
    Require(feed.status().code() == absl::StatusCode::kInvalidArgument);
    Require(!feed.status().message().empty());
    Require(feed.status().message().size() < 400);
    RequireUtf8(feed.status().message());
    return;
  }
  RequireUtf8(feed->title);
  Require(feed->title.size() <= 1024);
  Require(feed->items.size() <= 10'000);
  Require(again->items.size() == feed->items.size());
  for (size_t i = 0; i < feed->items.size(); ++i) {
    CheckFeedItem(feed->items[i]);
    Require(again->items[i].url == feed->items[i].url);
    Require(again->items[i].hints.SerializeAsString() ==
            feed->items[i].hints.SerializeAsString());
  }
}

}  // namespace dateline::fetcher

#endif  // DATELINE_TESTS_FUZZ_FEED_CHECKS_H_

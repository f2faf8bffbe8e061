#ifndef DATELINE_FETCHER_CORE_SOURCE_READING_H_
#define DATELINE_FETCHER_CORE_SOURCE_READING_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dateline/v1/source.pb.h"
#include "fetcher/core/feed.h"

namespace dateline::fetcher {

// What a source's answer names.
struct SourceReading {
  std::vector<FeedItem> pages;
  // URLs to be read as the source is.
  std::vector<std::string> sources;
  FeedPace pace;  // of a feed
};

// The answer to a source's URL, or to one that it led to.
struct SourceAnswer {
  v1::SourceKind kind = v1::SOURCE_KIND_FEED;  // of the source
  // Not the source's own URL, but one that it named.
  bool is_found = false;
  absl::string_view body;
  absl::string_view url;      // that answered
  absl::string_view charset;  // of its Content-Type
  // Of the robots.txt of its host, as written.
  const std::vector<std::string>* sitemaps = nullptr;  // may be null
};

// Reads an answer by its kind:
//
//   feed      RSS, Atom or JSON Feed
//   sitemap   a sitemap's pages, or an index's sitemaps as further sources
//   section   the page's links that may be articles (MayBeArticle)
//   site      feeds that the page names and sitemaps that robots.txt names, as
//             further sources
//
// What a sitemap or site named is read as whatever it is. kInvalidArgument,
// with a sentence without its full stop, where it is none of that.
absl::StatusOr<SourceReading> ReadSource(const SourceAnswer& answer);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_SOURCE_READING_H_

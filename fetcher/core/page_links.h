#ifndef DATELINE_FETCHER_CORE_PAGE_LINKS_H_
#define DATELINE_FETCHER_CORE_PAGE_LINKS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dateline::fetcher {

// Where an HTML page leads, each URL once, in the page's order.
struct PageLinks {
  // <a href> and <area href> to http(s) URLs, but for those marked nofollow.
  std::vector<std::string> links;
  // <link rel=alternate> to feeds: RSS, Atom, JSON Feed.
  std::vector<std::string> feeds;
};

// Reads any bytes as HTML; at most 5,000 links and 50 feeds. Relative URLs are
// resolved by <base href> and `url`, where the page was received from.
PageLinks ReadPageLinks(absl::string_view html, absl::string_view url);

// Whether a link found on the page at `page_url` may be an article of the same
// site: of its registrable domain, not its front page, and no picture, film or
// archive by its name.
bool MayBeArticle(absl::string_view link, absl::string_view page_url);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_PAGE_LINKS_H_

#ifndef DATELINE_FETCHER_CORE_SITEMAP_SITEMAP_H_
#define DATELINE_FETCHER_CORE_SITEMAP_SITEMAP_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dateline/v1/article.pb.h"
#include "dateline/v1/page.pb.h"

namespace dateline::fetcher {

// The bounds of sitemaps.org, which hold for what is decompressed.
inline constexpr size_t kMaxSitemapBytes = 50 * 1024 * 1024;
inline constexpr size_t kMaxSitemapEntries = 50'000;

// One page that a sitemap names.
struct SitemapEntry {
  std::string url;  // absolute http(s)
  // Everything but `source`. Plain text, bounded in length.
  v1::SourceHints hints;
};

// One sitemap that an index names.
struct NestedSitemap {
  std::string url;  // absolute http(s)
  std::optional<v1::ArticleTime> modified_time;
};

struct Sitemap {
  std::vector<SitemapEntry> entries;    // of a urlset or text file
  std::vector<NestedSitemap> sitemaps;  // of a sitemapindex
  // Entries left out because they have no http(s) URL.
  int64_t invalid_entries = 0;
  // Whether it was read to its end: false where it is cut off, broken beyond
  // reading, or has more than kMaxSitemapEntries.
  bool complete = true;
};

// Reads a sitemap: XML urlset or sitemapindex with Google's news extension
// (images, videos and alternates are passed over), or a text file with a URL on
// each line; either of them under gzip. `base_url` is where it was received
// from: relative URLs, which the protocol doesn't have, are resolved by it.
//
// Whether a URL may be named by this sitemap (sitemaps.org: the same host, and
// below it) is the caller's to judge.
//
// Broken XML is read as far as it goes. Memory doesn't grow with the document
// but with the entries kept; entities other than XML's own are not expanded,
// and nothing is loaded.
//
// kInvalidArgument, with a sentence without its full stop, where it is no
// sitemap; kResourceExhausted where it has more than kMaxSitemapBytes.
absl::StatusOr<Sitemap> ParseSitemap(absl::string_view body,
                                     absl::string_view base_url);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_SITEMAP_SITEMAP_H_

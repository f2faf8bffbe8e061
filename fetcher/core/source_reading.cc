#include "fetcher/core/source_reading.h"

#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "common/url.h"
#include "fetcher/core/json_feed.h"
#include "fetcher/core/page_links.h"
#include "fetcher/core/sitemap/sitemap.h"

namespace dateline::fetcher {
namespace {

absl::StatusOr<SourceReading> ReadFeed(const SourceAnswer& answer) {
  const bool is_json =
      absl::StartsWith(absl::StripLeadingAsciiWhitespace(answer.body), "{");
  absl::StatusOr<Feed> feed =
      is_json ? ParseJsonFeed(answer.body, answer.url)
              : ParseFeed(answer.body, answer.url, answer.charset);
  if (!feed.ok()) return feed.status();
  SourceReading reading;
  reading.pages = std::move(feed->items);
  reading.pace = feed->pace;
  return reading;
}

absl::StatusOr<SourceReading> ReadSitemap(const SourceAnswer& answer) {
  absl::StatusOr<Sitemap> sitemap = ParseSitemap(answer.body, answer.url);
  if (!sitemap.ok()) return sitemap.status();
  SourceReading reading;
  for (SitemapEntry& entry : sitemap->entries) {
    reading.pages.push_back({std::move(entry.url), std::move(entry.hints)});
  }
  for (NestedSitemap& nested : sitemap->sitemaps) {
    reading.sources.push_back(std::move(nested.url));
  }
  return reading;
}

absl::StatusOr<SourceReading> ReadSection(const SourceAnswer& answer) {
  SourceReading reading;
  for (std::string& link : ReadPageLinks(answer.body, answer.url).links) {
    if (MayBeArticle(link, answer.url)) {
      reading.pages.push_back({std::move(link), {}});
    }
  }
  if (!reading.pages.empty()) return reading;
  return absl::InvalidArgumentError("the page has no links to articles");
}

absl::StatusOr<SourceReading> ReadSite(const SourceAnswer& answer) {
  SourceReading reading;
  reading.sources = ReadPageLinks(answer.body, answer.url).feeds;
  if (answer.sitemaps != nullptr) {
    for (const std::string& sitemap : *answer.sitemaps) {
      absl::StatusOr<std::string> url = ResolveUrl(answer.url, sitemap);
      if (url.ok()) reading.sources.push_back(*std::move(url));
    }
  }
  if (!reading.sources.empty()) return reading;
  return absl::InvalidArgumentError(
      "neither the page nor robots.txt names a feed or sitemap");
}

absl::StatusOr<SourceReading> ReadWhatever(const SourceAnswer& answer) {
  if (absl::StatusOr<SourceReading> feed = ReadFeed(answer); feed.ok()) {
    return feed;
  }
  return ReadSitemap(answer);
}

}  // namespace

absl::StatusOr<SourceReading> ReadSource(const SourceAnswer& answer) {
  switch (answer.kind) {
    case v1::SOURCE_KIND_SECTION_PAGE:
      return ReadSection(answer);
    case v1::SOURCE_KIND_SITEMAP:
      return ReadSitemap(answer);
    case v1::SOURCE_KIND_SITE: {
      if (!answer.is_found) return ReadSite(answer);
      absl::StatusOr<SourceReading> reading = ReadWhatever(answer);
      // The site's page itself, on the host that it has moved to.
      return reading.ok() ? reading : ReadSite(answer);
    }
    default:
      return ReadFeed(answer);
  }
}

}  // namespace dateline::fetcher

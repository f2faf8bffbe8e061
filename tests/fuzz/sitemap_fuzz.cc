// Any bytes as a sitemap.
#include <cstddef>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "common/url.h"
#include "fetcher/core/sitemap/sitemap.h"
#include "tests/fuzz/properties.h"

namespace {

using dateline::Require;

constexpr absl::string_view kBase = "https://news.example/sitemap.xml";

void CheckEntry(const dateline::fetcher::SitemapEntry& entry) {
  Require(dateline::ParseUrl(entry.url).ok());
  Require(entry.hints.title().size() <= 1024);
  Require(entry.hints.keywords_size() <= 64);
  dateline::RequireReadable(entry.hints);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dateline::fetcher;  // NOLINT
  const absl::string_view body = dateline::TextOf(data, size);
  const absl::StatusOr<Sitemap> sitemap = ParseSitemap(body, kBase);
  if (!sitemap.ok()) {
    const absl::StatusCode code = sitemap.status().code();
    Require(code == absl::StatusCode::kInvalidArgument ||
            code == absl::StatusCode::kResourceExhausted);
    Require(!sitemap.status().message().empty());
    Require(sitemap.status().message().size() < 400);
    dateline::RequireUtf8(sitemap.status().message());
    return 0;
  }
  Require(sitemap->entries.size() + sitemap->sitemaps.size() <=
          kMaxSitemapEntries);
  for (const SitemapEntry& entry : sitemap->entries) CheckEntry(entry);
  for (const NestedSitemap& nested : sitemap->sitemaps) {
    Require(dateline::ParseUrl(nested.url).ok());
  }
  const absl::StatusOr<Sitemap> again = ParseSitemap(body, kBase);
  Require(again.ok() && again->entries.size() == sitemap->entries.size() &&
          again->complete == sitemap->complete);
  return 0;
}

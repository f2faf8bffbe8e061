#ifndef DATELINE_FETCHER_CORE_SITEMAP_SITEMAP_XML_H_
#define DATELINE_FETCHER_CORE_SITEMAP_SITEMAP_XML_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fetcher/core/sitemap/sitemap.h"

namespace dateline::fetcher {

// ParseSitemap for XML that is not compressed.
absl::StatusOr<Sitemap> ParseSitemapXml(absl::string_view xml,
                                        absl::string_view base_url);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_SITEMAP_SITEMAP_XML_H_

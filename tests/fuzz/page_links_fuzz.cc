// Any bytes as a section page.
#include <cstddef>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "common/url.h"
#include "fetcher/core/page_links.h"
#include "fetcher/core/source_reading.h"
#include "tests/fuzz/properties.h"

namespace dateline::fetcher {
namespace {

constexpr absl::string_view kUrl = "https://news.example/section/";

void CheckUrls(const std::vector<std::string>& urls, size_t most) {
  Require(urls.size() <= most);
  Require(std::set<std::string>(urls.begin(), urls.end()).size() ==
          urls.size());
  for (const std::string& url : urls) {
    const absl::StatusOr<Url> parsed = ParseUrl(url);
    Require(parsed.ok() && parsed->ToString() == url);
  }
}

void CheckSource(absl::string_view html, v1::SourceKind kind) {
  SourceAnswer answer;
  answer.kind = kind;
  answer.body = html;
  answer.url = kUrl;
  const absl::StatusOr<SourceReading> reading = ReadSource(answer);
  if (!reading.ok()) {
    Require(reading.status().code() == absl::StatusCode::kInvalidArgument);
    return;
  }
  Require(!reading->pages.empty() || !reading->sources.empty());
  for (const FeedItem& item : reading->pages) {
    Require(MayBeArticle(item.url, kUrl));
  }
}

void Check(absl::string_view html) {
  const PageLinks found = ReadPageLinks(html, kUrl);
  CheckUrls(found.links, 5000);
  CheckUrls(found.feeds, 50);
  const PageLinks again = ReadPageLinks(html, kUrl);
  Require(again.links == found.links && again.feeds == found.feeds);
  CheckSource(html, v1::SOURCE_KIND_SECTION_PAGE);
  CheckSource(html, v1::SOURCE_KIND_SITE);
}

}  // namespace
}  // namespace dateline::fetcher

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dateline::fetcher::Check(dateline::TextOf(data, size));
  return 0;
}

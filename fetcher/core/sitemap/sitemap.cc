#include "fetcher/core/sitemap/sitemap.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/content_coding.h"
#include "common/url.h"
#include "fetcher/core/sitemap/sitemap_xml.h"

namespace dateline::fetcher {
namespace {

constexpr absl::string_view kUtf8Mark = "\xEF\xBB\xBF";

bool LooksLikeXml(absl::string_view body) {
  if (absl::StartsWith(body, "\xFF\xFE") ||
      absl::StartsWith(body, "\xFE\xFF")) {
    return true;  // UTF-16
  }
  return absl::StartsWith(body, "<");
}

bool LooksLikeUrl(absl::string_view line) {
  return absl::StartsWithIgnoreCase(line, "http://") ||
         absl::StartsWithIgnoreCase(line, "https://");
}

absl::StatusOr<Sitemap> ParseText(absl::string_view body) {
  Sitemap sitemap;
  for (absl::string_view line : absl::StrSplit(body, absl::ByAnyChar("\r\n"))) {
    line = absl::StripAsciiWhitespace(line);
    if (line.empty()) continue;
    if (sitemap.entries.size() >= kMaxSitemapEntries) {
      sitemap.complete = false;
      break;
    }
    absl::StatusOr<Url> url = LooksLikeUrl(line)
                                  ? ParseUrl(line)
                                  : absl::InvalidArgumentError("no URL");
    if (url.ok()) {
      sitemap.entries.emplace_back().url = url->ToString();
    } else {
      ++sitemap.invalid_entries;
    }
  }
  if (sitemap.entries.empty()) {
    return absl::InvalidArgumentError("it is neither XML nor a list of URLs");
  }
  return sitemap;
}

absl::StatusOr<Sitemap> ParsePlain(absl::string_view body, bool is_whole,
                                   absl::string_view base_url) {
  absl::ConsumePrefix(&body, kUtf8Mark);
  // Some servers put blank lines before the XML declaration.
  body = absl::StripLeadingAsciiWhitespace(body);
  if (LooksLikeXml(body)) return ParseSitemapXml(body, base_url);
  // Half a URL is another URL.
  if (!is_whole) body = body.substr(0, body.find_last_of("\r\n") + 1);
  return ParseText(body);
}

}  // namespace

absl::StatusOr<Sitemap> ParseSitemap(absl::string_view body,
                                     absl::string_view base_url) {
  const bool is_gzip = absl::StartsWith(body, "\x1F\x8B");
  absl::StatusOr<Decoded> decoded =
      is_gzip ? DecodeContent(ContentCoding::kGzip, body, kMaxSitemapBytes)
              : absl::StatusOr<Decoded>(Decoded{"", true});
  if (!decoded.ok()) return decoded.status();
  if (!is_gzip && body.size() > kMaxSitemapBytes) {
    return absl::ResourceExhaustedError(
        absl::StrCat("it has ", body.size(), " bytes; at most ",
                     kMaxSitemapBytes, " are read"));
  }
  absl::StatusOr<Sitemap> sitemap =
      ParsePlain(is_gzip ? absl::string_view(decoded->bytes) : body,
                 decoded->complete, base_url);
  if (sitemap.ok() && !decoded->complete) sitemap->complete = false;
  return sitemap;
}

}  // namespace dateline::fetcher

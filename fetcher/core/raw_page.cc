#include "fetcher/core/raw_page.h"

#include <utility>

#include "common/url.h"
#include "common/utf8.h"
#include "fetcher/core/proto_time.h"

namespace dateline::fetcher {

v1::RawPage RawPageOf(const v1::UrlEntry& entry, FetchResult answer) {
  v1::RawPage page;
  page.set_uid(PageUid(entry.url()));
  page.set_requested_url(entry.url());
  page.set_url(std::move(answer.url));
  page.mutable_redirects()->Assign(answer.redirects.begin(),
                                   answer.redirects.end());
  page.set_status(answer.status);
  const ContentType type = ParseContentType(
      FindHttpHeader(answer.headers, "content-type").value_or(""));
  page.set_media_type(type.media_type);
  page.set_charset(type.charset);
  for (v1::HttpHeader& header : answer.headers) {
    header.set_name(ValidUtf8(header.name()));
    *page.add_headers() = std::move(header);
  }
  page.set_body(std::move(answer.body));
  page.mutable_content_codings()->Assign(answer.content_codings.begin(),
                                         answer.content_codings.end());
  *page.mutable_fetch_time() = ToProto(answer.end_time);
  *page.mutable_hints() = entry.hints();
  return page;
}

}  // namespace dateline::fetcher

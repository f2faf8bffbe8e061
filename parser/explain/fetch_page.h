#ifndef DATELINE_PARSER_EXPLAIN_FETCH_PAGE_H_
#define DATELINE_PARSER_EXPLAIN_FETCH_PAGE_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dateline/v1/page.pb.h"

namespace dateline {

// Asks for one http(s) URL by GET, for a person at a terminal: at most five
// redirects (to http and https only), 30 seconds and kMaxPageBytes. Any host
// that the person can reach is allowed. An HTTP error's page is a page.
//
// kInvalidArgument: no http(s) URL. kUnavailable: no answer.
// kResourceExhausted: more than kMaxPageBytes.
absl::StatusOr<v1::RawPage> FetchPage(const std::string& url);

// Takes "text/html; charset=UTF-8" apart into media_type and charset.
void SetContentType(absl::string_view content_type, v1::RawPage* page);

}  // namespace dateline

#endif  // DATELINE_PARSER_EXPLAIN_FETCH_PAGE_H_

#ifndef DATELINE_FETCHER_CORE_WARC_HTTP_RESPONSE_H_
#define DATELINE_FETCHER_CORE_WARC_HTTP_RESPONSE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dateline/v1/page.pb.h"

namespace dateline::fetcher {

struct HttpResponse {
  int status = 0;
  std::vector<v1::HttpHeader> headers;  // as archived
  std::string body;                     // without transfer and content coding
};

// Reads an HTTP answer as archives hold it: status line, headers, body; answers
// of status 1xx before it are passed over. Chunks and content codings that the
// headers name are undone where they are still there: many archives store the
// body decoded under the headers received.
//
// kInvalidArgument where it is no HTTP answer, kDataLoss where the body is cut
// off, kUnimplemented where its coding is unknown or not readable, and
// kResourceExhausted where the body has more than `max_body_bytes`.
absl::StatusOr<HttpResponse> ParseHttpResponse(absl::string_view message,
                                               size_t max_body_bytes);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_WARC_HTTP_RESPONSE_H_

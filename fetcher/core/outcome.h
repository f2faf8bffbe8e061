#ifndef DATELINE_FETCHER_CORE_OUTCOME_H_
#define DATELINE_FETCHER_CORE_OUTCOME_H_

#include <string>

#include "absl/strings/string_view.h"
#include "dateline/v1/fetch.pb.h"
#include "dateline/v1/frontier.pb.h"
#include "fetcher/core/fetch_result.h"

namespace dateline::fetcher {

// How one fetch ended.
struct Verdict {
  v1::FetchOutcome outcome = v1::FETCH_OUTCOME_UNSPECIFIED;
  std::string code;    // stable, for programs and metrics: "http_404"
  std::string reason;  // a sentence for people

  bool operator==(const Verdict&) const = default;
};

// Judges an answer to the URL of `before`, the entry as it stood when it was
// asked for. `body_sha256` is the digest of the decoded body.
//
//   304, same digest             UNCHANGED  not_modified, same_digest
//   2xx, text, not empty         FETCHED    ok
//   2xx, empty                   SKIPPED    empty_body
//   408, 425, 429, 5xx           FAILED     http_STATUS
//   any other status             SKIPPED    http_STATUS
//   not text                     REFUSED    media_type
//   body or headers too large    REFUSED    too_large, headers_too_large
//   address, contact             REFUSED    address, no_contact
//   too many or bad redirects    SKIPPED    too_many_redirects, bad_redirect
//   a redirect to another host   SKIPPED    other_host
//   forbidden by robots.txt      REFUSED    robots
//   robots.txt not to be had     FAILED     robots_unreachable
//   no answer                    FAILED     dns, connect, tls, timeout,
//                                           stalled, protocol, encoding
Verdict Classify(const FetchResult& result, const v1::UrlEntry& before,
                 absl::string_view body_sha256);

// The outcome of a page that the `pages` topic does not take.
Verdict TooLargeForTopic(size_t page_bytes);

// "fetched", "unchanged": the metric label of an outcome.
absl::string_view OutcomeLabel(v1::FetchOutcome outcome);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_OUTCOME_H_

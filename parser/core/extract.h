#ifndef DATELINE_PARSER_CORE_EXTRACT_H_
#define DATELINE_PARSER_CORE_EXTRACT_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/page_limits.h"
#include "dateline/v1/article.pb.h"
#include "dateline/v1/dead_letter.pb.h"
#include "dateline/v1/explanation.pb.h"
#include "dateline/v1/page.pb.h"
#include "parser/core/rules/site_rules.h"

namespace dateline {

struct ExtractOptions {
  // Stands in the article as `parse_time`; nothing else depends on it.
  absl::Time parse_time = absl::UnixEpoch();
  // Whether to fill `Extraction::explanation` and evidence that lost.
  bool explain = false;
  // The sites' rules; must outlive the call. nullptr: none.
  const SiteRules* rules = nullptr;
};

struct Extraction {
  v1::Article article;
  // The deck as it stands on the page, where it does: in the article it is the
  // alternative headline, and not repeated in the body.
  std::string deck;
  v1::Explanation explanation;
};

// Makes an article of a page: text/html, application/xhtml+xml, text/plain, or,
// where `media_type` is empty, whichever of them the bytes look like. The same
// page and options give the same answer; keeps no state; any threads may call
// it at once. Bounded for any input: about 2 s of CPU and 256 MB.
//
// kUnimplemented: a media type that isn't read. kNotFound: no article in the
// page. kInvalidArgument: the bytes can't be parsed, or their content codings
// not undone. kResourceExhausted: larger than kMaxPageBytes, with or without
// them.
absl::StatusOr<Extraction> ExtractArticle(const v1::RawPage& page,
                                          const ExtractOptions& options);

// The same with `options.explain` taken as set, for people who ask why: writes
// into `extraction`, which must be empty, and also where there is no article
// what was found out until then: the fields that were read, their evidence, and
// every block of text with none of them kept. Returns ExtractArticle's status.
absl::Status ExplainArticle(const v1::RawPage& page, ExtractOptions options,
                            Extraction* extraction);

// The dead letter's reason for an error of ExtractArticle.
v1::DeadLetterReason DeadLetterReasonOf(const absl::Status& status);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_EXTRACT_H_

#ifndef DATELINE_PARSER_CORE_PARSE_SPAN_H_
#define DATELINE_PARSER_CORE_PARSE_SPAN_H_

#include <optional>

#include "absl/time/time.h"
#include "common/kafka/record.h"
#include "common/otlp/span.h"
#include "parser/core/page_outcome.h"

namespace dateline {

// The span of a page's way to its outcome, whose id an article carries on as
// its parent (PageTrace); none where the page carries no trace.
std::optional<otlp::Span> ParseSpan(const kafka::Record& page,
                                    const PageOutcome& outcome,
                                    absl::Time start, absl::Time end);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_PARSE_SPAN_H_

#ifndef DATELINE_FETCHER_FETCH_SPAN_H_
#define DATELINE_FETCHER_FETCH_SPAN_H_

#include <optional>

#include "common/kafka/record.h"
#include "common/otlp/span.h"
#include "fetcher/core/fetch_result.h"

namespace dateline::fetcher {

// The first span of the trace that `page`, PageRecord of the answer `result`,
// begins: from the request until the answer was whole.
std::optional<otlp::Span> FetchSpan(const kafka::OutgoingRecord& page,
                                    const FetchResult& result);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_FETCH_SPAN_H_

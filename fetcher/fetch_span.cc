#include "fetcher/fetch_span.h"

#include <algorithm>
#include <utility>

#include "common/otlp/record_attributes.h"

namespace dateline::fetcher {

std::optional<otlp::Span> FetchSpan(const kafka::OutgoingRecord& page,
                                    const FetchResult& result) {
  std::optional<TraceContext> trace = otlp::TraceOf(page.headers);
  if (!trace.has_value()) return std::nullopt;
  otlp::Span span = {.context = *std::move(trace),
                     .name = "fetch",
                     .kind = otlp::SpanKind::kProducer,
                     .start = std::min(result.begin_time, result.end_time),
                     .end = result.end_time,
                     .attributes = otlp::RecordAttributes(page)};
  span.attributes.emplace_back("messaging.operation.name", "fetch");
  span.attributes.emplace_back("url.full", result.url);
  span.attributes.emplace_back("http.response.status_code",
                               int64_t{result.status});
  return span;
}

}  // namespace dateline::fetcher

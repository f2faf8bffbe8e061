#include "parser/core/parse_span.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/otlp/record_attributes.h"
#include "parser/core/dead_letter.h"

namespace dateline {

std::optional<otlp::Span> ParseSpan(const kafka::Record& page,
                                    const PageOutcome& outcome,
                                    absl::Time start, absl::Time end) {
  const std::optional<TraceContext> parent = otlp::TraceOf(page.headers);
  std::optional<TraceContext> trace = PageTrace(page);
  if (!parent.has_value() || !trace.has_value()) return std::nullopt;
  otlp::Span span = {.context = *std::move(trace),
                     .parent_span_id = parent->span_id,
                     .name = "parse",
                     .kind = otlp::SpanKind::kConsumer,
                     .start = start,
                     .end = end,
                     .attributes = otlp::RecordAttributes(page)};
  span.attributes.emplace_back("messaging.operation.name", "parse");
  span.attributes.emplace_back("dateline.outcome", outcome.label);
  if (const auto message = kafka::FindHeader(
          outcome.record.headers, absl::StrCat(kDeadLetterPrefix, "message"))) {
    span.attributes.emplace_back("error.type", outcome.label);
    span.error = std::string(*message);
  }
  return span;
}

}  // namespace dateline

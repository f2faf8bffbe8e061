#include "store/core/store_span.h"

#include "absl/strings/str_cat.h"
#include "common/otlp/record_attributes.h"

namespace dateline::store {

std::optional<otlp::Span> StoreSpan(const kafka::Record& record,
                                    absl::string_view replica) {
  const std::optional<TraceContext> parent = otlp::TraceOf(record.headers);
  if (!parent.has_value()) return std::nullopt;
  // Each replica stores the article, in a span of its own.
  const std::string seed =
      absl::StrCat("store/", replica, "/", kafka::ToString(record.partition),
                   "/", record.offset);
  otlp::Span span = {.context = ContinueTrace(*parent, seed),
                     .parent_span_id = parent->span_id,
                     .name = "store",
                     .kind = otlp::SpanKind::kConsumer,
                     .attributes = otlp::RecordAttributes(record)};
  span.attributes.emplace_back("messaging.operation.name", "store");
  return span;
}

}  // namespace dateline::store

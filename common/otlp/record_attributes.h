#ifndef DATELINE_COMMON_OTLP_RECORD_ATTRIBUTES_H_
#define DATELINE_COMMON_OTLP_RECORD_ATTRIBUTES_H_

#include <optional>
#include <vector>

#include "common/kafka/record.h"
#include "common/otlp/span.h"

namespace dateline::otlp {

// What OpenTelemetry's conventions for messaging say of a record that was read;
// its key up to 1,024 bytes.
std::vector<Attribute> RecordAttributes(const kafka::Record& record);

// The same of one that was written, whose place its writer doesn't know.
std::vector<Attribute> RecordAttributes(const kafka::OutgoingRecord& record);

// The trace that a record's `traceparent` carries on; none where it has none.
std::optional<TraceContext> TraceOf(const std::vector<kafka::Header>& headers);

// Whether `sink`, which may be null, wants spans of that trace.
bool WantsTraceOf(const SpanSink* sink,
                  const std::vector<kafka::Header>& headers);

}  // namespace dateline::otlp

#endif  // DATELINE_COMMON_OTLP_RECORD_ATTRIBUTES_H_

#ifndef DATELINE_COMMON_OTLP_SPAN_H_
#define DATELINE_COMMON_OTLP_SPAN_H_

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/time/time.h"
#include "common/trace_context.h"

namespace dateline::otlp {

using Attribute = std::pair<std::string, std::variant<std::string, int64_t>>;

// OpenTelemetry's, by the numbers that the protocol has for them.
enum class SpanKind { kProducer = 4, kConsumer = 5 };

// A piece of work within a trace.
struct Span {
  // Its trace, its own id and the trace's flags.
  TraceContext context = {};
  // 16 hexadecimal digits; empty where the trace begins with it.
  std::string parent_span_id = {};
  std::string name = {};
  SpanKind kind = SpanKind::kConsumer;
  absl::Time start = absl::UnixEpoch();
  absl::Time end = absl::UnixEpoch();
  // Named by OpenTelemetry's semantic conventions where they have a name.
  std::vector<Attribute> attributes = {};
  // Why the work came to nothing; empty where it didn't.
  std::string error = {};

  bool operator==(const Span&) const = default;
};

// Takes spans on their way to where they are kept. Thread-safe.
class SpanSink {
 public:
  virtual ~SpanSink() = default;

  // Whether spans of that trace are wanted: the same in all services.
  virtual bool Wants(const TraceContext& context) const = 0;

  // Never blocks; may drop the span.
  virtual void Add(Span span) = 0;
};

}  // namespace dateline::otlp

#endif  // DATELINE_COMMON_OTLP_SPAN_H_

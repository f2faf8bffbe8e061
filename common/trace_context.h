#ifndef DATELINE_COMMON_TRACE_CONTEXT_H_
#define DATELINE_COMMON_TRACE_CONTEXT_H_

#include <optional>
#include <string>

#include "absl/strings/string_view.h"

namespace dateline {

// A `traceparent` (W3C Trace Context, section 3.2), in lower-case hexadecimal.
struct TraceContext {
  std::string trace_id = {};  // 32 digits
  std::string span_id = {};   // 16 digits, the span that passed it on
  std::string flags = {};     // 2 digits

  bool sampled() const;
  bool operator==(const TraceContext&) const = default;
};

// None where `header` isn't of the standard's form. Of a version later than 00
// what that one has is read, as section 4.3 wants.
std::optional<TraceContext> ParseTraceparent(absl::string_view header);

// Version 00.
std::string FormatTraceparent(const TraceContext& context);

// A trace of its own, sampled; the same for the same `seed`.
TraceContext NewTrace(absl::string_view seed);

// A span within the trace of `parent`, with its flags; the same for the same
// `seed`, so that work done twice is one span.
TraceContext ContinueTrace(const TraceContext& parent, absl::string_view seed);

}  // namespace dateline

#endif  // DATELINE_COMMON_TRACE_CONTEXT_H_

#ifndef DATELINE_COMMON_OTLP_SAMPLING_H_
#define DATELINE_COMMON_OTLP_SAMPLING_H_

#include "common/trace_context.h"

namespace dateline::otlp {

// Whether a trace is among the `ratio` (0 to 1) of all that are kept: its flag
// says sampled, and its id, read as a random number by its last seven bytes
// (W3C Trace Context level 2), is low enough. So all services with one ratio
// keep the same traces, and those of a lower ratio are among those of a higher
// one.
bool IsSampled(const TraceContext& context, double ratio);

}  // namespace dateline::otlp

#endif  // DATELINE_COMMON_OTLP_SAMPLING_H_

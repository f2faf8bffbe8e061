#ifndef DATELINE_COMMON_OTLP_FLAGS_H_
#define DATELINE_COMMON_OTLP_FLAGS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "common/metrics.h"
#include "common/otlp/span_exporter.h"

namespace dateline::otlp {

// From --otlp_traces_endpoint and --otlp_traces_ratio: an exporter of the spans
// of `service` ("dateline-parser"), or null where there is no endpoint.
// kInvalidArgument, naming the flag, where one is wrong. `metrics` must outlive
// it.
absl::StatusOr<std::unique_ptr<SpanExporter>> SpanExporterFromFlags(
    const std::string& service, Metrics& metrics);

}  // namespace dateline::otlp

#endif  // DATELINE_COMMON_OTLP_FLAGS_H_

#ifndef DATELINE_COMMON_OTLP_REQUEST_JSON_H_
#define DATELINE_COMMON_OTLP_REQUEST_JSON_H_

#include <string>
#include <vector>

#include "common/otlp/span.h"

namespace dateline::otlp {

// Whose spans they are.
struct Resource {
  std::string service_name = {};  // "dateline-parser"
  std::string service_version = {};
  // Tells replicas apart.
  std::string service_instance_id = {};
};

// An ExportTraceServiceRequest in OTLP's JSON encoding (OTLP 1, "JSON Protobuf
// Encoding"): ids in hexadecimal, 64-bit integers as strings. Bytes that are no
// UTF-8 are replaced.
std::string ExportRequestJson(const Resource& resource,
                              const std::vector<Span>& spans);

}  // namespace dateline::otlp

#endif  // DATELINE_COMMON_OTLP_REQUEST_JSON_H_

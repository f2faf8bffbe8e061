#include "common/cloud_event.h"

namespace dateline {

std::vector<kafka::Header> CloudEventHeaders(const CloudEvent& event) {
  std::vector<kafka::Header> headers = {
      {"ce_specversion", "1.0"},
      {"ce_id", event.id},
      {"ce_source", event.source},
      {"ce_type", event.type},
      {"ce_time", absl::FormatTime("%Y-%m-%d%ET%H:%M:%E3SZ", event.time,
                                   absl::UTCTimeZone())},
      {"ce_subject", event.subject},
      {"content-type", "application/protobuf"},
  };
  if (!event.traceparent.empty()) {
    headers.push_back({"traceparent", event.traceparent});
  }
  return headers;
}

}  // namespace dateline

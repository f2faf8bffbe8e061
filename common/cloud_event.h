#ifndef DATELINE_COMMON_CLOUD_EVENT_H_
#define DATELINE_COMMON_CLOUD_EVENT_H_

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/kafka/record.h"

namespace dateline {

// The attributes of one event (CloudEvents 1.0).
struct CloudEvent {
  std::string id = {};       // unique with `source`
  std::string source = {};   // URI reference of the writer: "/dateline/parser"
  std::string type = {};     // the message: "dateline.v1.Article"
  std::string subject = {};  // what it is about: a URL
  absl::Time time = {};
  std::string traceparent = {};  // W3C Trace Context; left out where empty
};

// The headers of a record in CloudEvents' Kafka binding, binary mode, with
// `content-type: application/protobuf`.
std::vector<kafka::Header> CloudEventHeaders(const CloudEvent& event);

}  // namespace dateline

#endif  // DATELINE_COMMON_CLOUD_EVENT_H_

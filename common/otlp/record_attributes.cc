#include "common/otlp/record_attributes.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace dateline::otlp {
namespace {

// Keys of pages and articles are uids; a corrupt record's may be as long as a
// record.
constexpr size_t kMaxKeyBytes = 1024;

std::vector<Attribute> Destination(const std::string& topic,
                                   const std::string& key) {
  return {{"messaging.system", "kafka"},
          {"messaging.destination.name", topic},
          {"messaging.kafka.message.key", key.substr(0, kMaxKeyBytes)}};
}

}  // namespace

std::vector<Attribute> RecordAttributes(const kafka::Record& record) {
  std::vector<Attribute> attributes =
      Destination(record.partition.topic, record.key);
  attributes.emplace_back("messaging.operation.type", "process");
  attributes.emplace_back("messaging.destination.partition.id",
                          absl::StrCat(record.partition.partition));
  attributes.emplace_back("messaging.kafka.offset", record.offset);
  return attributes;
}

std::vector<Attribute> RecordAttributes(const kafka::OutgoingRecord& record) {
  std::vector<Attribute> attributes = Destination(record.topic, record.key);
  attributes.emplace_back("messaging.operation.type", "send");
  return attributes;
}

std::optional<TraceContext> TraceOf(const std::vector<kafka::Header>& headers) {
  return ParseTraceparent(
      kafka::FindHeader(headers, "traceparent").value_or(""));
}

bool WantsTraceOf(const SpanSink* sink,
                  const std::vector<kafka::Header>& headers) {
  if (sink == nullptr) return false;
  const std::optional<TraceContext> trace = TraceOf(headers);
  return trace.has_value() && sink->Wants(*trace);
}

}  // namespace dateline::otlp

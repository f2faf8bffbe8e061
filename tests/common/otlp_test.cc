#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/otlp/record_attributes.h"
#include "common/otlp/request_json.h"
#include "common/otlp/sampling.h"
#include "nlohmann/json.hpp"

namespace dateline::otlp {
namespace {

using Json = nlohmann::json;
using ::testing::Contains;

constexpr char kTraceId[] = "4bf92f3577b34da6a3ce929d0e0e4736";

Span ParseSpan() {
  return {
      .context = {kTraceId, "00f067aa0ba902b7", "01"},
      .parent_span_id = "1111111111111111",
      .name = "parse",
      .kind = SpanKind::kConsumer,
      .start = absl::FromUnixNanos(1'700'000'000'000'000'001),
      .end = absl::FromUnixNanos(1'700'000'000'250'000'000),
      .attributes = {{"messaging.system", "kafka"},
                     {"messaging.kafka.offset", int64_t{9007199254740993}}}};
}

TEST(ExportRequestJsonTest, HasIdsInHexAndLongNumbersAsStrings) {
  const Resource resource = {"dateline-parser", "0.1.0", "parser-0"};
  EXPECT_EQ(Json::parse(ExportRequestJson(resource, {ParseSpan()})),
            Json::parse(R"({"resourceSpans": [{
    "resource": {"attributes": [
      {"key": "service.name", "value": {"stringValue": "dateline-parser"}},
      {"key": "service.version", "value": {"stringValue": "0.1.0"}},
      {"key": "service.instance.id", "value": {"stringValue": "parser-0"}}]},
    "scopeSpans": [{
      "scope": {"name": "dateline", "version": "0.1.0"},
      "spans": [{
        "traceId": "4bf92f3577b34da6a3ce929d0e0e4736",
        "spanId": "00f067aa0ba902b7",
        "parentSpanId": "1111111111111111",
        "flags": 1,
        "name": "parse",
        "kind": 5,
        "startTimeUnixNano": "1700000000000000001",
        "endTimeUnixNano": "1700000000250000000",
        "attributes": [
          {"key": "messaging.system", "value": {"stringValue": "kafka"}},
          {"key": "messaging.kafka.offset",
           "value": {"intValue": "9007199254740993"}}]}]}]}]})"));
}

TEST(ExportRequestJsonTest, LeavesOutTheParentOfAFirstSpan) {
  Span span = ParseSpan();
  span.parent_span_id.clear();
  const Json json = Json::parse(ExportRequestJson({}, {span}));
  EXPECT_FALSE(json["resourceSpans"][0]["scopeSpans"][0]["spans"][0].contains(
      "parentSpanId"));
}

TEST(ExportRequestJsonTest, SaysWhyASpanFailed) {
  Span span = ParseSpan();
  span.error = "no article \xff";
  const Json json = Json::parse(ExportRequestJson({}, {span, ParseSpan()}));
  const Json& spans = json["resourceSpans"][0]["scopeSpans"][0]["spans"];
  EXPECT_EQ(spans[0]["status"],
            (Json{{"code", 2}, {"message", "no article \xef\xbf\xbd"}}));
  EXPECT_FALSE(spans[1].contains("status"));
}

TEST(IsSampledTest, FollowsTheFlagAndTheRatio) {
  const TraceContext sampled = {kTraceId, "00f067aa0ba902b7", "01"};
  const TraceContext unsampled = {kTraceId, "00f067aa0ba902b7", "00"};
  EXPECT_TRUE(IsSampled(sampled, 1));
  EXPECT_FALSE(IsSampled(unsampled, 1));
  EXPECT_FALSE(IsSampled(sampled, 0));
  const TraceContext highest = {"4bf92f3577b34da6a3ffffffffffffff", "", "01"};
  const TraceContext lowest = {"4bf92f3577b34da6a300000000000000", "", "01"};
  EXPECT_TRUE(IsSampled(highest, 1));
  EXPECT_FALSE(IsSampled(highest, 0.99));
  EXPECT_TRUE(IsSampled(lowest, 0.01));
}

TEST(IsSampledTest, KeepsAboutThatShareAndThoseOfALowerOne) {
  int kept = 0;
  for (int i = 0; i < 10'000; ++i) {
    const TraceContext trace = NewTrace(absl::StrCat(i));
    if (IsSampled(trace, 0.1)) {
      ++kept;
      EXPECT_TRUE(IsSampled(trace, 0.2));
    }
  }
  EXPECT_NEAR(kept, 1000, 100);
}

TEST(RecordAttributesTest, SayWhereARecordStood) {
  kafka::Record record;
  record.partition = {"dateline.pages", 3};
  record.offset = 41;
  record.key = "uid";
  EXPECT_EQ(
      RecordAttributes(record),
      (std::vector<Attribute>{{"messaging.system", "kafka"},
                              {"messaging.destination.name", "dateline.pages"},
                              {"messaging.kafka.message.key", "uid"},
                              {"messaging.operation.type", "process"},
                              {"messaging.destination.partition.id", "3"},
                              {"messaging.kafka.offset", int64_t{41}}}));
}

TEST(RecordAttributesTest, CutOffTheKeyOfACorruptRecord) {
  kafka::Record record;
  record.key = std::string(1 << 20, 'k');
  EXPECT_THAT(RecordAttributes(record),
              Contains(Attribute{"messaging.kafka.message.key",
                                 std::string(1024, 'k')}));
}

}  // namespace
}  // namespace dateline::otlp

#include "common/cloud_event.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dateline {
namespace {

using kafka::Header;
using ::testing::ElementsAre;

TEST(CloudEventHeaders, FollowTheKafkaBindingsBinaryMode) {
  const auto headers =
      CloudEventHeaders({.id = "dateline.pages/0/7",
                         .source = "/dateline/parser",
                         .type = "dateline.v1.Article",
                         .subject = "https://a.example/x",
                         .time = absl::FromUnixMillis(1'700'000'000'123),
                         .traceparent = ""});
  EXPECT_THAT(headers,
              ElementsAre(Header{"ce_specversion", "1.0"},
                          Header{"ce_id", "dateline.pages/0/7"},
                          Header{"ce_source", "/dateline/parser"},
                          Header{"ce_type", "dateline.v1.Article"},
                          Header{"ce_time", "2023-11-14T22:13:20.123Z"},
                          Header{"ce_subject", "https://a.example/x"},
                          Header{"content-type", "application/protobuf"}));
}

TEST(CloudEventHeaders, CarryTheTraceWhereThereIsOne) {
  const auto headers = CloudEventHeaders({.traceparent = "00-ab-cd-01"});
  EXPECT_EQ(kafka::FindHeader(headers, "traceparent"), "00-ab-cd-01");
}

TEST(FindHeader, GivesTheLastOfAName) {
  EXPECT_EQ(kafka::FindHeader({{"a", "1"}, {"a", "2"}}, "a"), "2");
  EXPECT_EQ(kafka::FindHeader({{"a", "1"}}, "b"), std::nullopt);
}

}  // namespace
}  // namespace dateline

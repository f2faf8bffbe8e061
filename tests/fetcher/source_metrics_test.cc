#include "fetcher/source_metrics.h"

#include <memory>
#include <string>
#include <vector>

#include "common/topics.h"
#include "gtest/gtest.h"
#include "tests/support/fake_kafka.h"

namespace dateline::fetcher {
namespace {

class SourceMetricsTest : public testing::Test {
 protected:
  SourceMetricsTest() {
    broker_.CreateTopic(topic_, 1);
    for (const char* name : {"sources/a", "sources/b"}) {
      v1::Source source;
      source.set_name(name);
      broker_.Append({topic_, 0, name, source.SerializeAsString(), {}});
    }
    EXPECT_TRUE(sources_.Connect().ok());
    while (!sources_.IsLoaded()) {
      EXPECT_TRUE(sources_.Step(absl::ZeroDuration()).ok());
    }
  }

  double Counted(const std::string& source, const std::string& reason) {
    return metrics_
        .Counter(
            "dateline_fetcher_source_fetches_total",
            "Fetches that ended, by source, outcome and reason",
            {{"source", source}, {"outcome", "skipped"}, {"reason", reason}})
        .Value();
  }
  bool IsShown(const std::string& gauge, const std::string& source) {
    return metrics_.GaugeFamily(gauge, "").Has({{"source", source}});
  }
  double Shown(const std::string& gauge, const std::string& source) {
    return metrics_.Gauge(gauge, "", {{"source", source}}).Value();
  }
  const std::string topic_ = TopicNames("dateline.").sources;
  kafka::FakeBroker broker_;
  SourceReader sources_{
      [this] { return std::make_unique<kafka::FakeConsumer>(&broker_); },
      topic_};
  Metrics metrics_;
  SourceMetrics source_metrics_{&metrics_, &sources_};
};

TEST_F(SourceMetricsTest, CountsBySource) {
  const Verdict gone{v1::FETCH_OUTCOME_SKIPPED, "http_404", ""};
  source_metrics_.Count("sources/a", gone);
  source_metrics_.Count("sources/a", gone);
  source_metrics_.Count("", gone);
  source_metrics_.Count("sources/made-up", gone);
  EXPECT_EQ(Counted("sources/a", "http_404"), 2);
  EXPECT_EQ(Counted("none", "http_404"), 1);
  EXPECT_EQ(Counted("other", "http_404"), 1);
}

TEST_F(SourceMetricsTest, ShowsTheSourcesThereAre) {
  SourceStanding a;
  a.name = "sources/a";
  a.last_success = absl::FromUnixSeconds(1'700'000'000);
  a.last_new = absl::FromUnixSeconds(1'600'000'000);
  a.urls_per_day = 12.5;
  a.is_quiet = true;
  SourceStanding b;
  b.name = "sources/b";
  source_metrics_.Show({a, b});
  EXPECT_EQ(
      Shown("dateline_fetcher_source_last_success_timestamp_seconds", a.name),
      1'700'000'000);
  EXPECT_EQ(Shown("dateline_fetcher_source_last_new_timestamp_seconds", a.name),
            1'600'000'000);
  EXPECT_EQ(Shown("dateline_fetcher_source_urls_per_day", a.name), 12.5);
  EXPECT_EQ(Shown("dateline_fetcher_source_quiet", a.name), 1);
  EXPECT_TRUE(IsShown("dateline_fetcher_source_quiet", b.name));
  EXPECT_FALSE(IsShown("dateline_fetcher_source_last_success_timestamp_seconds",
                       b.name));

  source_metrics_.Show({b});
  EXPECT_FALSE(IsShown("dateline_fetcher_source_quiet", a.name));
  EXPECT_TRUE(IsShown("dateline_fetcher_source_quiet", b.name));
}

}  // namespace
}  // namespace dateline::fetcher

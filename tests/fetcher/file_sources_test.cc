#include "fetcher/file_sources.h"

#include <memory>
#include <utility>

#include "common/topics.h"
#include "fetcher/core/source_rules.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_kafka.h"

namespace dateline::fetcher {
namespace {

using testing::SizeIs;

// Fails the first sends as kUnavailable.
class FlakyProducer final : public kafka::Producer {
 public:
  FlakyProducer(kafka::FakeBroker* broker, int failures)
      : producer_(broker), failures_(failures) {}

  void Send(kafka::OutgoingRecord record, Confirmation confirm) override {
    if (failures_ > 0) {
      --failures_;
      confirm(absl::UnavailableError("the broker is away"));
      return;
    }
    producer_.Send(std::move(record), std::move(confirm));
  }

 private:
  kafka::FakeProducer producer_;
  int failures_;
};

class FileSourcesTest : public testing::Test {
 protected:
  FileSourcesTest() { broker_.CreateTopic(topic_, 1); }

  static v1::Source Feed(const std::string& id) {
    v1::CreateSourceRequest request;
    request.set_source_id(id);
    request.mutable_source()->set_kind(v1::SOURCE_KIND_FEED);
    request.mutable_source()->set_url("http://a.example/" + id);
    return NewSource(request, absl::UnixEpoch()).value();
  }

  // One start of one replica.
  void Run(const std::vector<v1::Source>& wanted, int failures = 0) {
    SourceReader reader(
        [this] { return std::make_unique<kafka::FakeConsumer>(&broker_); },
        topic_);
    FlakyProducer producer(&broker_, failures);
    FileSources file(wanted, &reader, &producer, topic_, &clock_);
    file.Start();
    ASSERT_TRUE(reader.Connect().ok());
    while (!reader.IsLoaded()) {
      ASSERT_TRUE(reader.Step(absl::ZeroDuration()).ok());
    }
  }

  const std::string topic_ = TopicNames("dateline.").sources;
  kafka::FakeBroker broker_;
  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
};

TEST_F(FileSourcesTest, WritesOnceOverRestarts) {
  Run({Feed("a"), Feed("b")});
  EXPECT_THAT(broker_.Records(topic_), SizeIs(2));
  clock_.Advance(absl::Hours(1));
  Run({Feed("a"), Feed("b")});
  EXPECT_THAT(broker_.Records(topic_), SizeIs(2));
  Run({Feed("b")});
  ASSERT_THAT(broker_.Records(topic_), SizeIs(3));
  EXPECT_EQ(broker_.Records(topic_)[2].key, "sources/a");
  EXPECT_FALSE(broker_.Records(topic_)[2].value.has_value());
}

TEST_F(FileSourcesTest, TriesAgainWhileTheBrokerIsAway) {
  Run({Feed("a"), Feed("b")}, /*failures=*/3);
  // The second of the second attempt was written, and both of the third.
  EXPECT_THAT(broker_.Records(topic_), SizeIs(3));
}

}  // namespace
}  // namespace dateline::fetcher

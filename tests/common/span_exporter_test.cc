#include "common/otlp/span_exporter.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "nlohmann/json.hpp"
#include "tests/support/patience.h"

namespace dateline::otlp {
namespace {

// A collector that takes each request, or what it was told to say.
class FakeCollector {
 public:
  SpanExporter::Post AsPost() {
    return [this](std::string json) { return Take(json); };
  }

  void AnswerNext(absl::Status status) {
    absl::MutexLock lock(&mutex_);
    answers_.push_back(std::move(status));
  }
  // Requests wait until Open.
  void Shut() {
    absl::MutexLock lock(&mutex_);
    shut_ = true;
  }
  void Open() {
    absl::MutexLock lock(&mutex_);
    shut_ = false;
  }
  bool WaitForRequests(size_t count) {
    const auto reached = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return requests_ >= count;
    };
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&reached), kSoon);
  }
  // Names of the spans of each request that was taken.
  std::vector<std::vector<std::string>> taken() {
    absl::MutexLock lock(&mutex_);
    return taken_;
  }

 private:
  absl::Status Take(const std::string& text) {
    absl::MutexLock lock(&mutex_);
    ++requests_;
    const auto open = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return !shut_;
    };
    mutex_.Await(absl::Condition(&open));
    if (!answers_.empty()) {
      absl::Status answer = answers_.front();
      answers_.erase(answers_.begin());
      if (!answer.ok()) return answer;
    }
    std::vector<std::string> names;
    const nlohmann::json json = nlohmann::json::parse(text);
    for (const auto& span :
         json["resourceSpans"][0]["scopeSpans"][0]["spans"]) {
      names.push_back(span["name"]);
    }
    taken_.push_back(names);
    return absl::OkStatus();
  }

  absl::Mutex mutex_;
  bool shut_ ABSL_GUARDED_BY(mutex_) = false;
  size_t requests_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<absl::Status> answers_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::vector<std::string>> taken_ ABSL_GUARDED_BY(mutex_);
};

class SpanExporterTest : public ::testing::Test {
 protected:
  static SpanExporterOptions Options() {
    return {.max_queued_spans = 3,
            .batch_spans = 2,
            .batch_delay = absl::Hours(1),
            .retry_wait = absl::Milliseconds(1),
            .max_tries = 3};
  }
  double Count(const std::string& result) {
    return metrics_.Counter("dateline_spans_total", "", {{"result", result}})
        .Value();
  }

  Metrics metrics_;
  FakeCollector collector_;
};

TEST_F(SpanExporterTest, SendsABatchOnceItIsFullAndTheRestAtStop) {
  SpanExporter exporter(Options(), collector_.AsPost(), metrics_);
  exporter.Add({.name = "a"});
  exporter.Add({.name = "b"});
  ASSERT_TRUE(collector_.WaitForRequests(1));
  exporter.Add({.name = "c"});
  exporter.Stop();
  EXPECT_EQ(collector_.taken(),
            (std::vector<std::vector<std::string>>{{"a", "b"}, {"c"}}));
  EXPECT_EQ(Count("sent"), 3);
}

TEST_F(SpanExporterTest, SendsAPartOfABatchAfterAWhile) {
  SpanExporterOptions options = Options();
  options.batch_delay = absl::Milliseconds(1);
  SpanExporter exporter(options, collector_.AsPost(), metrics_);
  exporter.Add({.name = "a"});
  EXPECT_TRUE(collector_.WaitForRequests(1));
}

TEST_F(SpanExporterTest, DropsAndCountsWhatDoesNotFitTheQueue) {
  collector_.Shut();
  SpanExporter exporter(Options(), collector_.AsPost(), metrics_);
  exporter.Add({.name = "a"});
  exporter.Add({.name = "b"});
  ASSERT_TRUE(collector_.WaitForRequests(1));
  for (const char* name : {"c", "d", "e", "f", "g"}) {
    exporter.Add({.name = name});
  }
  EXPECT_EQ(Count("dropped"), 2);
  collector_.Open();
  exporter.Stop();
  EXPECT_EQ(Count("sent"), 5);
  exporter.Add({.name = "late"});
  EXPECT_EQ(Count("dropped"), 3);
}

TEST_F(SpanExporterTest, TriesAgainWhatTheCollectorHadNoRoomFor) {
  collector_.AnswerNext(absl::UnavailableError("busy"));
  collector_.AnswerNext(absl::UnavailableError("busy"));
  SpanExporter exporter(Options(), collector_.AsPost(), metrics_);
  exporter.Add({.name = "a"});
  exporter.Add({.name = "b"});
  ASSERT_TRUE(collector_.WaitForRequests(3));
  exporter.Stop();
  EXPECT_EQ(Count("sent"), 2);
}

TEST_F(SpanExporterTest, GivesUpWhatTheCollectorRefuses) {
  collector_.AnswerNext(absl::InternalError("400"));
  SpanExporter exporter(Options(), collector_.AsPost(), metrics_);
  exporter.Add({.name = "a"});
  exporter.Add({.name = "b"});
  ASSERT_TRUE(collector_.WaitForRequests(1));
  exporter.Add({.name = "c"});
  exporter.Stop();
  EXPECT_EQ(Count("failed"), 2);
  EXPECT_EQ(Count("sent"), 1);
}

TEST_F(SpanExporterTest, StopDoesNotWaitForACollectorThatIsAway) {
  SpanExporterOptions options = Options();
  options.batch_spans = 1;
  options.flush_time = absl::Minutes(30);
  options.retry_wait = absl::Hours(1);
  collector_.AnswerNext(absl::UnavailableError("away"));
  SpanExporter exporter(options, collector_.AsPost(), metrics_);
  exporter.Add({.name = "a"});
  ASSERT_TRUE(collector_.WaitForRequests(1));
  exporter.Stop();
  EXPECT_EQ(Count("failed"), 1);
}

TEST_F(SpanExporterTest, StopSendsNothingOnceTimeIsUp) {
  SpanExporterOptions options = Options();
  options.flush_time = absl::ZeroDuration();
  SpanExporter exporter(options, collector_.AsPost(), metrics_);
  exporter.Add({.name = "a"});
  exporter.Stop();
  EXPECT_EQ(collector_.taken().size(), 0U);
  EXPECT_EQ(Count("failed"), 1);
}

TEST_F(SpanExporterTest, WantsTheShareOfTracesThatItWasTold) {
  SpanExporterOptions options = Options();
  options.ratio = 0;
  SpanExporter none(options, collector_.AsPost(), metrics_);
  SpanExporter all(Options(), collector_.AsPost(), metrics_);
  EXPECT_FALSE(none.Wants(NewTrace("a")));
  EXPECT_TRUE(all.Wants(NewTrace("a")));
}

}  // namespace
}  // namespace dateline::otlp

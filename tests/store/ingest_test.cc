#include "store/ingest.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "store/article_deleter.h"
#include "store/rebuild_runner.h"
#include "store/sqlite/sqlite_repository.h"
#include "tests/store/forwarding_repository.h"
#include "tests/store/temporary_directory.h"
#include "tests/store/test_articles.h"
#include "tests/support/fake_kafka.h"
#include "tests/support/fake_span_sink.h"
#include "tests/support/patience.h"

namespace dateline::store {
namespace {

// A repository that can be told to fail, and tells of its batches.
class ObservedRepository final : public ForwardingRepository {
 public:
  using ForwardingRepository::ForwardingRepository;

  absl::StatusOr<ApplyCounts> Apply(const ArticleBatch& batch) override {
    absl::MutexLock lock(&mutex_);
    if (failures_ > 0) {
      --failures_;
      return absl::UnavailableError("told to fail");
    }
    auto counts = ForwardingRepository::Apply(batch);
    read_ = ToOffsets(kTopic, batch.positions);
    return counts;
  }
  absl::StatusOr<int64_t> DeleteOldest(int64_t fetched_before_us,
                                       int limit) override {
    absl::MutexLock lock(&mutex_);
    auto deleted = ForwardingRepository::DeleteOldest(fetched_before_us, limit);
    deletions_ += deleted.value_or(0);
    return deleted;
  }

  // Waits until so many articles or more were deleted as the oldest; false
  // after kSoon.
  bool WaitForDeletions(int64_t count) {
    const auto reached = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return deletions_ >= count;
    };
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&reached), kSoon);
  }

  void FailNext(int times) {
    absl::MutexLock lock(&mutex_);
    failures_ = times;
  }
  // Waits until these offsets were applied; false after kSoon.
  bool WaitFor(const Offsets& offsets) {
    const auto reached = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return read_ == offsets;
    };
    absl::MutexLock lock(&mutex_);
    return mutex_.AwaitWithTimeout(absl::Condition(&reached), kSoon);
  }

 private:
  absl::Mutex mutex_;
  int failures_ ABSL_GUARDED_BY(mutex_) = 0;
  int64_t deletions_ ABSL_GUARDED_BY(mutex_) = 0;
  Offsets read_ ABSL_GUARDED_BY(mutex_);
};

// What caught_up was told.
class Told {
 public:
  std::function<void(bool)> callback() {
    return [this](bool caught_up) {
      absl::MutexLock lock(&mutex_);
      told_.push_back(caught_up);
    };
  }
  std::vector<bool> WaitFor(size_t count) {
    const auto enough = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return told_.size() >= count;
    };
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&enough), kSoon);
    return told_;
  }

 private:
  absl::Mutex mutex_;
  std::vector<bool> told_ ABSL_GUARDED_BY(mutex_);
};

// Has as many records as it is asked for, two at a time, and was told that the
// topic had three.
class EndlessConsumer final : public kafka::Consumer {
 public:
  absl::Status Subscribe(const std::vector<std::string>&,
                         kafka::RebalanceListener*) override {
    return absl::UnimplementedError("no groups");
  }
  absl::Status Assign(const std::vector<kafka::Position>&) override {
    return absl::OkStatus();
  }
  absl::StatusOr<kafka::PollResult> Poll(size_t, absl::Duration) override {
    kafka::PollResult result;
    for (int i = 0; i < 2; ++i) {
      result.records.push_back({{kTopic, 0}, next_++, "", "", {}, {}});
    }
    return result;
  }
  absl::Status Seek(const std::vector<kafka::Position>&) override {
    return absl::OkStatus();
  }
  absl::Status Pause(const std::vector<kafka::TopicPartition>&) override {
    return absl::OkStatus();
  }
  absl::Status Resume(const std::vector<kafka::TopicPartition>&) override {
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<kafka::Position>> OffsetsAt(
      const std::vector<kafka::TopicPartition>&, absl::Time,
      absl::Duration) override {
    return absl::UnimplementedError("");
  }
  absl::StatusOr<kafka::Watermarks> QueryWatermarks(
      const kafka::TopicPartition&, absl::Duration) override {
    return kafka::Watermarks{0, 3};
  }
  absl::StatusOr<std::vector<kafka::Position>> WrittenEnds(
      const std::vector<kafka::TopicPartition>&, absl::Duration) override {
    return absl::UnimplementedError("");
  }
  std::optional<int64_t> FetchedEnd(
      const kafka::TopicPartition&) const override {
    return next_ + 100;
  }
  absl::StatusOr<int32_t> PartitionCount(const std::string&,
                                         absl::Duration) override {
    return 1;
  }
  absl::Status AwaitOffsets(const std::vector<kafka::TopicPartition>&,
                            absl::Duration) override {
    return absl::OkStatus();
  }
  absl::StatusOr<std::vector<kafka::Position>> Committed(
      const std::vector<kafka::TopicPartition>&, absl::Duration) override {
    return std::vector<kafka::Position>();
  }
  absl::StatusOr<std::string> GroupMetadata() override { return ""; }
  void Close() override {}

 private:
  int64_t next_ = 0;
};

class IngestTest : public ::testing::Test {
 protected:
  IngestTest() {
    broker_.CreateTopic(kTopic, 2);
    sqlite_ = *SqliteRepository::Open(
        {.path = directory_.File("store.db"), .readers = 1}, absl::Now());
    repository_ = std::make_unique<ObservedRepository>(*sqlite_);
  }

  std::unique_ptr<Ingest> StartIngest(IngestListener listener = {}) {
    listener.caught_up = told_.callback();
    auto ingest = std::make_unique<Ingest>(
        [this]() -> absl::StatusOr<std::unique_ptr<kafka::Consumer>> {
          return std::make_unique<kafka::FakeConsumer>(&broker_);
        },
        options_, *repository_, metrics_, std::move(listener), &spans_);
    ingest->Start();
    return ingest;
  }
  void Arrive(const std::string& uid, int64_t version, int32_t partition = 0) {
    broker_.Append(
        RecordOf(MakeArticle(uid, version, "Title", "Text"), partition));
  }
  double Counted(const std::string& result) {
    return metrics_
        .Counter("dateline_store_articles_total",
                 "Records of the articles topic, by what became of them",
                 {{"result", result}})
        .Value();
  }

  const TemporaryDirectory directory_;
  kafka::FakeBroker broker_;
  Metrics metrics_;
  Told told_;
  otlp::FakeSpanSink spans_;
  IngestOptions options_ = {.topic = kTopic};
  std::unique_ptr<SqliteRepository> sqlite_;
  std::unique_ptr<ObservedRepository> repository_;
};

TEST_F(IngestTest, StoresWhatIsInTheTopicAndWhatComes) {
  Arrive("a", 1, 0);
  Arrive("b", 1, 1);
  const auto ingest = StartIngest();
  ASSERT_TRUE(repository_->WaitFor({{0, 1}, {1, 1}}));
  Arrive("c", 1, 1);
  ASSERT_TRUE(repository_->WaitFor({{0, 1}, {1, 2}}));
  EXPECT_EQ(repository_->Count().value(), 3);
}

TEST_F(IngestTest, CountsEachRecordOnceByWhatBecameOfIt) {
  Arrive("a", 1);
  Arrive("a", 2);
  Arrive("a", 1);
  kafka::OutgoingRecord corrupt = RecordOf(MakeArticle("x", 1, "T", "T"));
  corrupt.value = "\xff";
  broker_.Append(corrupt);
  broker_.Append(TombstoneRecord("a"));
  Arrive("b", 1);
  repository_->FailNext(1);
  const auto ingest = StartIngest();
  ASSERT_TRUE(repository_->WaitFor({{0, 6}, {1, 0}}));
  ingest->Stop();
  EXPECT_EQ(Counted("stored"), 2);
  EXPECT_EQ(Counted("seen_again"), 1);
  EXPECT_EQ(Counted("stale"), 1);
  EXPECT_EQ(Counted("deleted"), 1);
  EXPECT_EQ(Counted("corrupt"), 1);
}

TEST_F(IngestTest, TimesArrivalsOnlyOnceItHasCaughtUp) {
  options_.max_lag = 1;
  for (const char* uid : {"a", "b", "c"}) Arrive(uid, 1);
  const auto ingest = StartIngest();
  ASSERT_THAT(told_.WaitFor(1), ::testing::ElementsAre(true));
  Arrive("d", 1);
  ASSERT_TRUE(repository_->WaitFor({{0, 4}, {1, 0}}));
  ingest->Stop();
  const auto arrivals =
      metrics_.Latency("dateline_store_arrival_seconds", "").Collect();
  EXPECT_EQ(arrivals.histogram.sample_count, 1u);
}

TEST_F(IngestTest, GoesOnWhereItStoppedAfterARestart) {
  Arrive("a", 1);
  auto ingest = StartIngest();
  ASSERT_TRUE(repository_->WaitFor({{0, 1}, {1, 0}}));
  ingest->Stop();
  Arrive("a", 2);
  Arrive("b", 1);
  ingest = StartIngest();
  ASSERT_TRUE(repository_->WaitFor({{0, 3}, {1, 0}}));
  ingest->Stop();
  EXPECT_EQ(repository_->Get("a", {})->history.seen_count(), 2);
  EXPECT_EQ(Counted("stored"), 2);
}

TEST_F(IngestTest, TellsOnceThatItHasCaughtUp) {
  options_.max_lag = 10;
  options_.batch_records = 20;
  for (int i = 0; i < 100; ++i) Arrive("u" + std::to_string(i), 1);
  const auto ingest = StartIngest();
  EXPECT_THAT(told_.WaitFor(1), ::testing::ElementsAre(true));
  EXPECT_GE(repository_->Count().value(), 80);
}

TEST_F(IngestTest, IsNotCaughtUpAnyMoreWhenItStops) {
  const auto ingest = StartIngest();
  ASSERT_THAT(told_.WaitFor(1), ::testing::ElementsAre(true));
  ingest->Stop();
  EXPECT_THAT(told_.WaitFor(2), ::testing::ElementsAre(true, false));
}

TEST_F(IngestTest, HearsOfAnEndThatMovesOnWhileItReads) {
  TopicReader reader([] { return std::make_unique<EndlessConsumer>(); },
                     kTopic);
  ASSERT_TRUE(reader.Open({}).ok());
  for (int i = 0; i < 3; ++i) {
    ASSERT_EQ(reader.Poll(1000, absl::ZeroDuration())->size(), 2);
  }
  EXPECT_EQ(reader.offsets(), (Offsets{{0, 6}}));
  EXPECT_EQ(Distance(reader.offsets(), reader.ends()), 100);
}

TEST_F(IngestTest, SaysNothingWhileTheTopicIsNotThere) {
  options_.topic = "no.such.topic";
  auto ingest = StartIngest();
  ingest->Stop();
  EXPECT_THAT(told_.WaitFor(0), ::testing::IsEmpty());
}

TEST_F(IngestTest, DoesNotReadATopicThatIsShorterThanWhatItHasRead) {
  ASSERT_TRUE(
      sqlite_->Apply({.changes = {}, .positions = {{{kTopic, 0}, 500}}}).ok());
  Arrive("a", 1);
  TopicReader reader(
      [this]() -> absl::StatusOr<std::unique_ptr<kafka::Consumer>> {
        return std::make_unique<kafka::FakeConsumer>(&broker_);
      },
      kTopic);
  const absl::Status status =
      reader.Open({.offsets = ToOffsets(kTopic, *sqlite_->Positions())});
  EXPECT_TRUE(absl::IsOutOfRange(status));
  EXPECT_THAT(std::string(status.message()),
              ::testing::HasSubstr("test.articles[0]"));
}

TEST_F(IngestTest, TakesUpPartitionsThatAreNew) {
  TopicReader reader(
      [this]() -> absl::StatusOr<std::unique_ptr<kafka::Consumer>> {
        return std::make_unique<kafka::FakeConsumer>(&broker_);
      },
      kTopic);
  Arrive("a", 1, 0);
  ASSERT_TRUE(reader.Open({}).ok());
  ASSERT_EQ(reader.Poll(10, absl::ZeroDuration())->size(), 1);
  broker_.CreateTopic(kTopic, 3);
  Arrive("b", 1, 2);
  ASSERT_TRUE(reader.TakeUpNewPartitions().ok());
  const auto records = reader.Poll(10, absl::ZeroDuration());
  ASSERT_TRUE(records.ok());
  ASSERT_EQ(records->size(), 1);
  EXPECT_EQ((*records)[0].key, "b");
  EXPECT_EQ(reader.offsets(), (Offsets{{0, 1}, {1, 0}, {2, 1}}));
}

TEST_F(IngestTest, DeletesWhatIsTooOldAndLeavesTheTopicAlone) {
  options_.retention.age = absl::Hours(1);
  Arrive("old", 1);
  Arrive("new", absl::ToUnixMillis(absl::Now()));
  const auto ingest = StartIngest();
  ASSERT_TRUE(repository_->WaitForDeletions(1));
  EXPECT_TRUE(absl::IsNotFound(repository_->Get("old", {}).status()));
  EXPECT_TRUE(repository_->Get("new", {}).ok());
  EXPECT_EQ(broker_.Records(kTopic).size(), 2);
}

TEST_F(IngestTest, DeletesTheOldestWhereThereIsTooMuch) {
  for (int i = 0; i < 400; ++i) {
    broker_.Append(RecordOf(MakeArticle("u" + std::to_string(i), i + 1, "Title",
                                        std::string(5000, 'x'))));
  }
  // The empty database and half of the articles, or so.
  options_.retention.size_bytes = 3'000'000;
  const auto ingest = StartIngest();
  ASSERT_TRUE(repository_->WaitForDeletions(1));
  ASSERT_TRUE(repository_->WaitFor({{0, 400}, {1, 0}}));
  EXPECT_TRUE(repository_->Get("u399", {}).ok());
  EXPECT_TRUE(absl::IsNotFound(repository_->Get("u0", {}).status()));
  EXPECT_GT(repository_->Count().value(), 50);
}

TEST_F(IngestTest, TellsWhatWasApplied) {
  ArticleDeleter deleter(std::make_unique<kafka::FakeProducer>(&broker_),
                         kTopic, absl::InfiniteDuration());
  Arrive("a", 1);
  const auto ingest = StartIngest({.applied = [&](const ArticleBatch& batch) {
    deleter.OnApplied(batch);
  }});
  ASSERT_TRUE(repository_->WaitFor({{0, 1}, {1, 0}}));
  absl::Notification done;
  deleter.Delete("a", [&](const absl::Status&) { done.Notify(); });
  done.WaitForNotification();
  EXPECT_TRUE(absl::IsNotFound(repository_->Get("a", {}).status()));
}

TEST_F(IngestTest, EndsAnArticlesTraceWithASpan) {
  const std::string traceparent =
      "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  kafka::OutgoingRecord article = RecordOf(MakeArticle("a", 1, "T", "T"));
  article.headers = {{"traceparent", traceparent}};
  kafka::OutgoingRecord corrupt = article;
  corrupt.value = "no article";
  const auto ingest = StartIngest();
  ASSERT_EQ(told_.WaitFor(1).size(), 1U);
  Arrive("untraced", 1);
  broker_.Append(article);
  broker_.Append(corrupt);
  const std::vector<otlp::Span> spans = spans_.WaitFor(2);
  ASSERT_EQ(spans.size(), 2U);
  EXPECT_EQ(spans[0].name, "store");
  EXPECT_EQ(spans[0].context.trace_id, "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(spans[0].parent_span_id, "00f067aa0ba902b7");
  EXPECT_NE(spans[0].context.span_id, spans[1].context.span_id);
  EXPECT_LE(spans[0].start, spans[0].end);
  EXPECT_EQ(spans[0].error, "");
  EXPECT_EQ(spans[1].error,
            kafka::ToString({kTopic, 0}) +
                " offset 2: the value is no dateline.v1.Article");
}

TEST_F(IngestTest, RebuildsFromTheFirstOffsetAndGoesOn) {
  for (int i = 0; i < 20; ++i) Arrive("u" + std::to_string(i), 1);
  std::unique_ptr<Ingest> ingest = StartIngest();
  ASSERT_TRUE(repository_->WaitFor({{0, 20}, {1, 0}}));
  // What only the old database has.
  ASSERT_TRUE(sqlite_
                  ->Apply({.changes = {ChangeTo(
                               MakeArticle("stray", 1, "T", "T"), 99)}})
                  .ok());
  absl::Notification resumed;
  RebuildRunner runner(
      [this] { return sqlite_->StartRebuild(absl::Now()); },
      [this]() -> absl::StatusOr<std::unique_ptr<kafka::Consumer>> {
        return std::make_unique<kafka::FakeConsumer>(&broker_);
      },
      options_, [&] { ingest->Stop(); },
      [&] {
        ingest = StartIngest();
        resumed.Notify();
      });
  runner.Start();
  resumed.WaitForNotification();
  EXPECT_EQ(repository_->Count().value(), 20);
  EXPECT_TRUE(absl::IsNotFound(repository_->Get("stray", {}).status()));
  Arrive("later", 1);
  ASSERT_TRUE(repository_->WaitFor({{0, 21}, {1, 0}}));
  EXPECT_TRUE(repository_->Get("later", {}).ok());
  runner.Stop();
}

TEST_F(IngestTest, LeavesTheOldDataWhereARebuildIsBrokenOff) {
  Arrive("a", 1);
  const auto ingest = StartIngest();
  ASSERT_TRUE(repository_->WaitFor({{0, 1}, {1, 0}}));
  {
    RebuildRunner runner(
        [this] { return sqlite_->StartRebuild(absl::Now()); },
        []() -> absl::StatusOr<std::unique_ptr<kafka::Consumer>> {
          return absl::UnavailableError("no broker");
        },
        options_, [] { ADD_FAILURE(); }, [] { ADD_FAILURE(); });
    runner.Start();
  }
  EXPECT_TRUE(repository_->Get("a", {}).ok());
}

TEST_F(IngestTest, WaitsWithARebuildForWhatKeepsTheArticles) {
  Arrive("a", 1);
  auto ingest = StartIngest();
  ASSERT_TRUE(repository_->WaitFor({{0, 1}, {1, 0}}));
  int tries = 0;
  absl::Notification resumed;
  RebuildRunner runner(
      [&]() -> absl::StatusOr<std::unique_ptr<Rebuild>> {
        if (++tries == 1) return absl::UnavailableError("away");
        return sqlite_->StartRebuild(absl::Now());
      },
      [this]() -> absl::StatusOr<std::unique_ptr<kafka::Consumer>> {
        return std::make_unique<kafka::FakeConsumer>(&broker_);
      },
      options_, [&] { ingest->Stop(); }, [&] { resumed.Notify(); });
  runner.Start();
  resumed.WaitForNotification();
  EXPECT_EQ(tries, 2);
  EXPECT_EQ(repository_->Count().value(), 1);
}

}  // namespace
}  // namespace dateline::store

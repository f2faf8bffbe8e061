#include "store/watch.h"

#include <gtest/gtest.h>

#include <memory>
#include <thread>

#include "store/article_tail.h"
#include "store/core/filter/checker.h"
#include "store/core/resume_token.h"
#include "tests/store/collecting_sink.h"
#include "tests/store/test_articles.h"
#include "tests/support/fake_kafka.h"

namespace dateline::store {
namespace {

using ::testing::ElementsAre;
using ::testing::UnorderedElementsAre;

// A watch on a thread of its own.
class RunningWatch {
 public:
  RunningWatch(const WatchSource& source, RecentArrivals& recent,
               std::optional<Offsets> from,
               google::protobuf::FieldMask mask = {},
               filter::Condition filter = {})
      : watch_(source, recent, std::move(from), std::move(mask),
               std::move(filter)),
        thread_([this] { status_ = watch_.Run(sink_); }) {}
  ~RunningWatch() {
    if (thread_.joinable()) Cancel().IgnoreError();
  }

  CollectingSink& sink() { return sink_; }
  absl::Status Join() {
    thread_.join();
    return status_;
  }
  absl::Status Cancel() {
    watch_.Cancel();
    return Join();
  }

 private:
  CollectingSink sink_;
  Watch watch_;
  absl::Status status_;
  std::thread thread_;
};

class WatchTest : public ::testing::Test {
 protected:
  WatchTest() { broker_.CreateTopic(kTopic, 2); }

  static WatchSource Source(kafka::FakeBroker& broker) {
    return {
        .factory =
            [&broker]() -> absl::StatusOr<std::unique_ptr<kafka::Consumer>> {
          return std::make_unique<kafka::FakeConsumer>(&broker);
        },
        .topic = kTopic};
  }

  // Starts the tail and waits until it knows the topic's end.
  void StartTail() {
    tail_.Start();
    while (!recent_.End().has_value()) std::this_thread::yield();
  }
  void Arrive(const std::string& uid, int32_t partition = 0) {
    broker_.Append(
        RecordOf(MakeArticle(uid, 1, "Title " + uid, "Text"), partition));
  }
  Offsets Resume(const v1::WatchArticlesResponse& response) {
    return ReadResumeToken(kTopic, response.resume_token()).value();
  }

  kafka::FakeBroker broker_;
  const WatchSource source_ = Source(broker_);
  // Holds two or three of the articles above.
  RecentArrivals recent_{900};
  ArticleTail tail_{source_.factory, kTopic, recent_};
};

TEST_F(WatchTest, BeginsWithATokenAndThenGivesWhatArrives) {
  Arrive("before");
  StartTail();
  RunningWatch watch(source_, recent_, std::nullopt);
  const auto first = watch.sink().WaitFor(1);
  ASSERT_EQ(first.size(), 1);
  EXPECT_FALSE(first[0].has_article());
  EXPECT_EQ(Resume(first[0]), (Offsets{{0, 1}, {1, 0}}));
  Arrive("after");
  broker_.Append(TombstoneRecord("gone", 1));
  EXPECT_THAT(Uids(watch.sink().WaitFor(3)),
              UnorderedElementsAre("after", "-gone"));
  EXPECT_TRUE(absl::IsCancelled(watch.Cancel()));
}

TEST_F(WatchTest, SaysThatItIsTooEarlyWhereTheEndIsNotKnown) {
  RunningWatch watch(source_, recent_, std::nullopt);
  EXPECT_TRUE(absl::IsUnavailable(watch.Join()));
}

TEST_F(WatchTest, GoesOnBehindEveryTokenWithoutGapOrRepeat) {
  StartTail();
  std::vector<v1::WatchArticlesResponse> all;
  {
    RunningWatch watch(source_, recent_, std::nullopt);
    watch.sink().WaitFor(1);
    for (int i = 0; i < 10; ++i) Arrive("u" + std::to_string(i), i % 2);
    all = watch.sink().WaitFor(11);
  }
  ASSERT_EQ(all.size(), 11);
  const std::vector<std::string> uids = Uids(all);
  for (size_t i = 0; i < all.size(); ++i) {
    RunningWatch watch(source_, recent_, Resume(all[i]));
    const auto rest = Uids(watch.sink().WaitFor(10 - i));
    watch.Cancel().IgnoreError();
    // Between the partitions there is no order.
    std::vector<std::string> expected(uids.begin() + static_cast<ptrdiff_t>(i),
                                      uids.end());
    EXPECT_THAT(rest, ::testing::UnorderedElementsAreArray(expected)) << i;
  }
}

TEST_F(WatchTest, CatchesUpFromTheTopicAndThenFollowsLive) {
  for (int i = 0; i < 300; ++i) Arrive("u" + std::to_string(i));
  StartTail();
  RunningWatch watch(source_, recent_, Offsets{{0, 1}});
  EXPECT_EQ(watch.sink().WaitFor(299).size(), 299);
  Arrive("live");
  const std::vector<std::string> uids = Uids(watch.sink().WaitFor(300));
  ASSERT_EQ(uids.size(), 300);
  for (size_t i = 0; i < 299; ++i) {
    EXPECT_EQ(uids[i], "u" + std::to_string(i + 1));
  }
  EXPECT_EQ(uids.back(), "live");
}

TEST_F(WatchTest, FollowsTheTopicBeforeTheTailBegins) {
  Arrive("a");
  RunningWatch watch(source_, recent_, Offsets{});
  EXPECT_THAT(Uids(watch.sink().WaitFor(1)), ElementsAre("a"));
  StartTail();
  Arrive("b");
  EXPECT_THAT(Uids(watch.sink().WaitFor(2)), ElementsAre("a", "b"));
}

TEST_F(WatchTest, ASlowReaderLosesNothingAndHoldsUpNobody) {
  StartTail();
  RunningWatch slow(source_, recent_, std::nullopt);
  RunningWatch quick(source_, recent_, std::nullopt);
  slow.sink().WaitFor(1);
  quick.sink().WaitFor(1);
  slow.sink().Hold(true);
  std::vector<std::string> expected;
  for (int i = 0; i < 50; ++i) {
    expected.push_back("u" + std::to_string(i));
    Arrive(expected.back());
  }
  EXPECT_THAT(Uids(quick.sink().WaitFor(51)),
              ::testing::ElementsAreArray(expected));
  slow.sink().Hold(false);
  EXPECT_THAT(Uids(slow.sink().WaitFor(51)),
              ::testing::ElementsAreArray(expected));
}

TEST_F(WatchTest, SaysHowMuchIsStillToBeRead) {
  for (int i = 0; i < 5; ++i) Arrive("u" + std::to_string(i));
  StartTail();
  RunningWatch watch(source_, recent_, Offsets{});
  std::vector<int64_t> backlogs;
  for (const auto& response : watch.sink().WaitFor(5)) {
    backlogs.push_back(response.backlog());
  }
  EXPECT_THAT(backlogs, ElementsAre(4, 3, 2, 1, 0));
}

TEST_F(WatchTest, PassesByWhatIsCorrupt) {
  StartTail();
  RunningWatch watch(source_, recent_, std::nullopt);
  watch.sink().WaitFor(1);
  kafka::OutgoingRecord record = RecordOf(MakeArticle("u", 1, "T", "T"));
  record.value = "\xff";
  broker_.Append(record);
  Arrive("good");
  const auto responses = watch.sink().WaitFor(2);
  EXPECT_THAT(Uids(responses), ElementsAre("good"));
  EXPECT_EQ(Resume(responses.back()), (Offsets{{0, 2}, {1, 0}}));
}

TEST_F(WatchTest, LeavesOutTheFieldsThatWereNotAskedFor) {
  StartTail();
  google::protobuf::FieldMask mask;
  mask.add_paths("headline");
  RunningWatch watch(source_, recent_, std::nullopt, mask);
  watch.sink().WaitFor(1);
  Arrive("u");
  const auto responses = watch.sink().WaitFor(2);
  ASSERT_EQ(responses.size(), 2);
  v1::Article expected;
  expected.set_headline("Title u");
  EXPECT_THAT(responses[1].article(), EqualsProto(expected));
}

TEST_F(WatchTest, GivesASignOfLifeWithAToken) {
  WatchSource source = source_;
  source.sign_of_life = absl::Milliseconds(1);
  StartTail();
  RunningWatch watch(source, recent_, std::nullopt);
  const auto responses = watch.sink().WaitFor(3);
  ASSERT_GE(responses.size(), 3);
  EXPECT_EQ(Resume(responses[2]), (Offsets{{0, 0}, {1, 0}}));
}

TEST_F(WatchTest, PassesByWhatIsNotUnderItsFilter) {
  const filter::Condition filter = filter::Compile("headline:wanted").value();
  for (const char* uid : {"no", "wanted1"}) Arrive(uid);
  broker_.Append(TombstoneRecord("gone"));
  StartTail();
  // From the topic at first, then live.
  RunningWatch watch(source_, recent_, Offsets{{0, 0}, {1, 0}}, {}, filter);
  EXPECT_THAT(Uids(watch.sink().WaitFor(2)), ElementsAre("wanted1", "-gone"));
  for (const char* uid : {"not", "wanted2"}) Arrive(uid);
  const auto responses = watch.sink().WaitFor(3);
  EXPECT_THAT(Uids(responses), ElementsAre("wanted1", "-gone", "wanted2"));
  EXPECT_EQ(Resume(responses.back()), (Offsets{{0, 5}, {1, 0}}));
}

TEST_F(WatchTest, TellsItsPlaceWhereNothingIsUnderItsFilter) {
  WatchSource source = source_;
  source.sign_of_life = absl::Milliseconds(1);
  StartTail();
  RunningWatch watch(source, recent_, std::nullopt, {},
                     filter::Compile("headline:wanted").value());
  watch.sink().WaitFor(1);
  Arrive("no");
  for (size_t count = 2;; ++count) {
    const auto responses = watch.sink().WaitFor(count);
    ASSERT_EQ(responses.size(), count);
    ASSERT_FALSE(responses.back().has_article());
    if (Resume(responses.back()) == Offsets{{0, 1}, {1, 0}}) break;
  }
}

TEST_F(WatchTest, RefusesAPlaceThatTheTopicDoesNotReach) {
  StartTail();
  for (const Offsets& offsets : {Offsets{{7, 0}}, Offsets{{0, 5}, {1, 0}}}) {
    // Only where it has to read the topic: a place just ahead of this replica's
    // tail is one that another replica has reached already.
    RecentArrivals none(0);
    RunningWatch watch(source_, none, offsets);
    EXPECT_TRUE(absl::IsOutOfRange(watch.Join()));
  }
}

TEST_F(WatchTest, EndsWhereNobodyReads) {
  StartTail();
  RunningWatch watch(source_, recent_, std::nullopt);
  watch.sink().WaitFor(1);
  watch.sink().Close();
  Arrive("u");
  EXPECT_TRUE(absl::IsCancelled(watch.Join()));
}

}  // namespace
}  // namespace dateline::store

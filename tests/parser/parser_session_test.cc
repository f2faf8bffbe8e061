// A session over a broker in memory and a reader that ends pages when told to.
#include "parser/parser_session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_kafka.h"

namespace dateline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

// Ends a page when it is let go, as an article that holds the page's bytes.
class HeldReader final : public PageReader {
 public:
  void Read(PageTask task, Done done) override {
    absl::MutexLock lock(&mutex_);
    if (task.can_wait) patient_.push_back(*task.raw_page);
    held_.emplace_back(*task.raw_page, std::move(done));
  }
  void DropQueued() override {
    absl::MutexLock lock(&mutex_);
    held_.clear();
  }

  void AwaitHeld(size_t count) {
    const auto enough = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return held_.size() >= count;
    };
    absl::MutexLock lock(&mutex_, absl::Condition(&enough));
  }
  size_t held() {
    absl::MutexLock lock(&mutex_);
    return held_.size();
  }

  std::vector<std::string> PagesThatCanWait() {
    absl::MutexLock lock(&mutex_);
    return patient_;
  }

  // Waits for the page.
  void LetGo(const std::string& page) {
    Done done;
    {
      decltype(held_)::iterator found;
      const auto there = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
        found = std::find_if(held_.begin(), held_.end(), [&](const auto& held) {
          return held.first == page;
        });
        return found != held_.end();
      };
      absl::MutexLock lock(&mutex_, absl::Condition(&there));
      done = std::move(found->second);
      held_.erase(found);
    }
    PageVerdict verdict;
    verdict.article = page;
    verdict.uid = page;
    done(std::move(verdict));
  }

 private:
  absl::Mutex mutex_;
  std::vector<std::pair<std::string, Done>> held_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> patient_ ABSL_GUARDED_BY(mutex_);
};

class ParserSessionTest : public ::testing::Test {
 protected:
  ParserSessionTest() {
    broker_.CreateTopic(topics_.pages, 1);
    broker_.CreateTopic(topics_.pages_backfill, 1);
    broker_.CreateTopic(topics_.articles, 1);
  }
  ~ParserSessionTest() override { EndSession(); }

  void Send(const std::string& key, const std::string& page) {
    broker_.Append({topics_.pages, 0, key, page, {}});
  }

  void StartSession(size_t max_in_flight_bytes = 1 << 20) {
    stop_.emplace();
    consumer_.emplace(&broker_);
    backfill_consumer_.emplace(&broker_);
    producer_.emplace(&broker_);
    options_.max_in_flight_bytes = max_in_flight_bytes;
    thread_ = std::thread([this] {
      ParserSession session(*consumer_, *backfill_consumer_, *producer_,
                            reader_, topics_, options_, clock_, metrics_,
                            outcome_metrics_);
      result_ = session.Run(*stop_);
    });
  }

  void EndSession() {
    if (!thread_.joinable()) return;
    if (!stop_->HasBeenNotified()) stop_->Notify();
    thread_.join();
  }

  std::vector<std::string> Articles() const {
    std::vector<std::string> articles;
    for (const kafka::Record& record : broker_.Records(topics_.articles)) {
      articles.push_back(record.value.value_or(""));
    }
    return articles;
  }

  const TopicNames topics_{"dateline."};
  const kafka::TopicPartition partition_{topics_.pages, 0};
  kafka::FakeBroker broker_;
  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  Metrics metrics_;
  OutcomeMetrics outcome_metrics_{metrics_};
  HeldReader reader_;
  ParserSessionOptions options_{.transaction_interval = absl::Milliseconds(1)};
  std::optional<absl::Notification> stop_;
  std::optional<kafka::FakeConsumer> consumer_;
  std::optional<kafka::FakeConsumer> backfill_consumer_;
  std::optional<kafka::FakeTransactionalProducer> producer_;
  absl::Status result_;
  std::thread thread_;
};

TEST_F(ParserSessionTest, ASlowPageHoldsBackItsOwnKeyOnly) {
  Send("slow", "slow-1");
  Send("a", "a-1");
  Send("slow", "slow-2");
  Send("b", "b-1");
  StartSession();
  for (const char* page : {"b-1", "slow-2", "a-1"}) reader_.LetGo(page);
  ASSERT_TRUE(broker_.WaitForRecords(topics_.articles, 2));
  EXPECT_THAT(Articles(), ::testing::UnorderedElementsAre("a-1", "b-1"));
  EXPECT_EQ(broker_.CommittedOffset(partition_), 0);
  reader_.LetGo("slow-1");
  ASSERT_TRUE(broker_.WaitForRecords(topics_.articles, 4));
  EndSession();
  EXPECT_EQ(Articles()[2], "slow-1");
  EXPECT_EQ(Articles()[3], "slow-2");
  EXPECT_EQ(broker_.Committed(partition_),
            (kafka::Position{partition_, 4, ""}));
}

TEST_F(ParserSessionTest, TheNextOwnerPassesOverWhatWasWrittenBehindAGap) {
  Send("slow", "slow-1");
  Send("a", "a-1");
  Send("b", "b-1");
  StartSession();
  reader_.LetGo("a-1");
  ASSERT_TRUE(broker_.WaitForRecords(topics_.articles, 1));
  EndSession();
  StartSession();
  reader_.LetGo("b-1");
  reader_.LetGo("slow-1");
  ASSERT_TRUE(broker_.WaitForRecords(topics_.articles, 3));
  EndSession();
  EXPECT_EQ(reader_.held(), 0u);
  EXPECT_THAT(Articles(),
              ::testing::UnorderedElementsAre("a-1", "b-1", "slow-1"));
  EXPECT_EQ(broker_.CommittedOffset(partition_), 3);
}

TEST_F(ParserSessionTest, CommitsWhatIsFinishedWhenItEnds) {
  options_.transaction_interval = absl::Hours(1);
  Send("a", "a-1");
  Send("b", "b-1");
  Send("c", "c-1");
  StartSession();
  reader_.LetGo("a-1");
  ASSERT_TRUE(broker_.WaitForRecords(topics_.articles, 1));
  reader_.LetGo("b-1");
  EndSession();
  EXPECT_TRUE(result_.ok()) << result_;
  EXPECT_THAT(Articles(), ElementsAre("a-1", "b-1"));
  EXPECT_EQ(broker_.CommittedOffset(partition_), 2);
}

TEST_F(ParserSessionTest, WritesNothingAfterAFault) {
  Send("a", "a-1");
  Send("b", "b-1");
  StartSession();
  reader_.AwaitHeld(2);
  producer_->FailNext("SendOffsets", absl::AbortedError("fenced"));
  reader_.LetGo("a-1");
  reader_.LetGo("b-1");
  thread_.join();
  EXPECT_EQ(result_.code(), absl::StatusCode::kAborted);
  EXPECT_THAT(Articles(), IsEmpty());
  EXPECT_EQ(broker_.CommittedOffset(partition_), kafka::kOffsetStored);
}

TEST_F(ParserSessionTest, CommitsWhatIsFinishedOfAPartitionBeforeItGoes) {
  options_.transaction_interval = absl::Hours(1);
  for (const char* page : {"a", "b", "c"}) Send(page, page);
  StartSession();
  reader_.LetGo("a");
  ASSERT_TRUE(broker_.WaitForRecords(topics_.articles, 1));
  reader_.LetGo("b");
  consumer_->RevokeInPoll({partition_});
  EXPECT_THAT(Articles(), ElementsAre("a", "b"));
  EXPECT_EQ(broker_.CommittedOffset(partition_), 2);
  // Another's page by now.
  reader_.LetGo("c");
  EndSession();
  EXPECT_TRUE(result_.ok()) << result_;
  EXPECT_THAT(Articles(), ElementsAre("a", "b"));
}

TEST_F(ParserSessionTest, WritesNothingOfAPartitionThatIsLost) {
  options_.transaction_interval = absl::Hours(1);
  for (const char* page : {"a", "b", "c"}) Send(page, page);
  StartSession();
  reader_.LetGo("a");
  ASSERT_TRUE(broker_.WaitForRecords(topics_.articles, 1));
  reader_.LetGo("b");
  consumer_->LoseInPoll({partition_});
  reader_.LetGo("c");
  EndSession();
  EXPECT_TRUE(result_.ok()) << result_;
  EXPECT_THAT(Articles(), ElementsAre("a"));
  EXPECT_EQ(broker_.CommittedOffset(partition_), 1);
}

TEST_F(ParserSessionTest, CountsEachPageTakenAsOutcomeOrLeft) {
  options_.transaction_interval = absl::Hours(1);
  for (const char* page : {"a", "b", "c", "d"}) Send(page, page);
  StartSession();
  reader_.LetGo("a");
  ASSERT_TRUE(broker_.WaitForRecords(topics_.articles, 1));
  reader_.LetGo("b");
  reader_.AwaitHeld(2);
  producer_->FailNext("SendOffsets", absl::AbortedError("fenced"));
  EndSession();
  const auto count = [this](const std::string& name) {
    return metrics_.Counter(name, "").Value();
  };
  EXPECT_EQ(count("dateline_parser_pages_taken_total"), 4);
  EXPECT_EQ(
      metrics_
          .Counter("dateline_parser_pages_total", "", {{"outcome", "article"}})
          .Value(),
      1);
  EXPECT_EQ(count("dateline_parser_pages_left_total"), 3);
  EXPECT_EQ(metrics_.Gauge("dateline_parser_in_flight_pages", "").Value(), 0);
}

TEST_F(ParserSessionTest, ShowsHowFarBehindItIs) {
  for (const char* page : {"a", "b", "c"}) Send(page, page);
  const auto lag = [this] {
    return metrics_
        .Gauge("dateline_parser_lag_records", "", {{"topic", topics_.pages}})
        .Value();
  };
  StartSession();
  reader_.LetGo("a");
  ASSERT_TRUE(broker_.WaitForRecords(topics_.articles, 1));
  EndSession();
  EXPECT_EQ(lag(), 2);
}

TEST_F(ParserSessionTest, ReadsNoMoreThanItHasRoomFor) {
  for (int i = 0; i < 2000; ++i) Send(absl::StrCat(i), absl::StrCat("p", i));
  StartSession(1000);
  reader_.AwaitHeld(500);
  // One poll's worth, whatever comes behind.
  EXPECT_EQ(reader_.held(), 500u);
  for (int i = 0; i < 2000; ++i) {
    EXPECT_LE(reader_.held(), 1000u);
    reader_.LetGo(absl::StrCat("p", i));
  }
  ASSERT_TRUE(broker_.WaitForRecords(topics_.articles, 2000));
  EndSession();
  EXPECT_EQ(broker_.CommittedOffset(partition_), 2000);
  EXPECT_EQ(metrics_.Gauge("dateline_parser_in_flight_bytes", "").Value(), 0);
}

TEST_F(ParserSessionTest, ReadsNewPagesWhereTheBackfillHasItsShareOfTheRoom) {
  for (int i = 0; i < 100; ++i) {
    broker_.Append({topics_.pages_backfill,
                    0,
                    absl::StrCat(i),
                    absl::StrCat("old-", std::string(100, 'x'), i),
                    {}});
  }
  StartSession(6000);
  reader_.AwaitHeld(50);
  Send("new", "new");
  reader_.AwaitHeld(51);
  reader_.LetGo("new");
  ASSERT_TRUE(broker_.WaitForRecords(topics_.articles, 1));
  EXPECT_THAT(Articles(), ElementsAre("new"));
  for (int i = 0; i < 100; ++i) {
    reader_.LetGo(absl::StrCat("old-", std::string(100, 'x'), i));
  }
  ASSERT_TRUE(broker_.WaitForRecords(topics_.articles, 101));
  EndSession();
  EXPECT_EQ(broker_.CommittedOffset({topics_.pages_backfill, 0}), 100);
  EXPECT_EQ(broker_.CommittedOffset(partition_), 1);
}

TEST_F(ParserSessionTest, SaysOfPagesOfTheBackfillThatTheyCanWait) {
  broker_.Append({topics_.pages_backfill, 0, "old", "old", {}});
  Send("new", "new");
  StartSession();
  reader_.AwaitHeld(2);
  EXPECT_THAT(reader_.PagesThatCanWait(), ElementsAre("old"));
}

}  // namespace
}  // namespace dateline

#include "parser/worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "dateline/v1/page.pb.h"
#include "parser/in_process_reader.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_kafka.h"

namespace dateline {
namespace {

std::string PageBytes(int number) {
  v1::RawPage page;
  page.mutable_hints()->set_source(absl::StrCat("source-", number));
  page.set_url(absl::StrCat("https://news.example/", number));
  page.set_requested_url(page.url());
  page.set_status(200);
  page.set_media_type("text/html");
  page.set_body(absl::StrCat(
      "<html lang=en><head><title>Report ", number,
      "</title></head><body><article><h1>Report ", number,
      "</h1><p>The council met on Monday and settled the matter of the old "
      "bridge, which had been closed to carts for a year or longer.</p>"
      "<p>Work begins in spring, its members said, and will cost less than the "
      "engineers had feared when they first saw the piers.</p></article>"));
  return page.SerializeAsString();
}

// Fails as soon as a transaction is committed.
class ShortLivedProducer final : public kafka::TransactionalProducer {
 public:
  explicit ShortLivedProducer(kafka::FakeBroker* broker) : producer_(broker) {}

  absl::Status Init(absl::Duration timeout) override {
    return producer_.Init(timeout);
  }
  absl::Status Begin() override {
    return producer_.commits() > 0 ? absl::UnavailableError("no broker")
                                   : producer_.Begin();
  }
  absl::Status Produce(const kafka::OutgoingRecord& record) override {
    return producer_.Produce(record);
  }
  absl::Status SendOffsets(const std::vector<kafka::Position>& positions,
                           const std::string& group_metadata) override {
    return producer_.SendOffsets(positions, group_metadata);
  }
  absl::Status Commit() override { return producer_.Commit(); }
  absl::Status Abort() override { return producer_.Abort(); }

 private:
  kafka::FakeTransactionalProducer producer_;
};

class ParserWorkerTest : public ::testing::Test {
 protected:
  ParserWorkerTest() {
    for (const auto& [topic, partitions] :
         {std::pair{topics_.pages, 2}, std::pair{topics_.pages_backfill, 1},
          std::pair{topics_.articles, 2}, std::pair{topics_.dead_letters, 1}}) {
      broker_.CreateTopic(topic, partitions);
    }
  }

  void SendPages(int count) {
    for (int i = 0; i < count; ++i) {
      broker_.Append(
          {topics_.pages, i % 2, absl::StrCat("key-", i), PageBytes(i), {}});
    }
  }

  // The first producer fails its first call of `call` with `status`.
  std::unique_ptr<ParserWorker> NewWorker(const std::string& call = "",
                                          absl::Status status = {}) {
    return std::make_unique<ParserWorker>(
        ParserClients{
            [this] { return std::make_unique<kafka::FakeConsumer>(&broker_); },
            [this, call, status]()
                -> absl::StatusOr<
                    std::unique_ptr<kafka::TransactionalProducer>> {
              if (is_short_lived_ && producers_ == 0) {
                ++producers_;
                return std::make_unique<ShortLivedProducer>(&broker_);
              }
              auto producer =
                  std::make_unique<kafka::FakeTransactionalProducer>(&broker_);
              if (++producers_ == 1) producer->FailNext(call, status);
              return producer;
            }},
        reader_, topics_,
        ParserWorkerOptions{.session = {.transaction_pages = 4},
                            .pause_after_fault = {}},
        clock_, metrics_);
  }

  void ExpectEachPageOnce(size_t count) {
    ASSERT_TRUE(broker_.WaitForRecords(topics_.articles, count));
    std::map<std::string, int> seen;
    for (const kafka::Record& record : broker_.Records(topics_.articles)) {
      ++seen[record.key];
    }
    EXPECT_EQ(seen.size(), count);
    for (const auto& [uid, times] : seen) EXPECT_EQ(times, 1) << uid;
  }

  const TopicNames topics_{"dateline."};
  kafka::FakeBroker broker_;
  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  Metrics metrics_;
  InProcessReader reader_{2};
  int producers_ = 0;
  // Whether the first producer is.
  bool is_short_lived_ = false;
};

TEST_F(ParserWorkerTest, GivesEachPageOneOutcomeAndCommitsItsOffset) {
  SendPages(10);
  broker_.Append({topics_.pages, 0, "poison", "no protobuf at all\xff", {}});
  auto worker = NewWorker();
  worker->Start();
  ExpectEachPageOnce(10);
  EXPECT_TRUE(broker_.WaitForRecords(topics_.dead_letters, 1));
  worker->Stop();
  EXPECT_EQ(broker_.CommittedOffset({topics_.pages, 0}), 6);
  EXPECT_EQ(broker_.CommittedOffset({topics_.pages, 1}), 5);
}

TEST_F(ParserWorkerTest, BeginsAnewAfterAnAbortedTransaction) {
  SendPages(10);
  auto worker = NewWorker("Commit", absl::AbortedError("fault"));
  worker->Start();
  ExpectEachPageOnce(10);
  worker->Stop();
  EXPECT_EQ(producers_, 2);
}

TEST_F(ParserWorkerTest, BeginsAnewAfterBeingFenced) {
  SendPages(6);
  auto worker =
      NewWorker("SendOffsets", absl::FailedPreconditionError("fenced"));
  worker->Start();
  ExpectEachPageOnce(6);
  worker->Stop();
}

TEST_F(ParserWorkerTest, WaitsForABrokerThatIsAway) {
  SendPages(3);
  auto worker = NewWorker("Init", absl::UnavailableError("no broker"));
  worker->Start();
  ExpectEachPageOnce(3);
  worker->Stop();
}

TEST_F(ParserWorkerTest, BoundsTheLabelsOfSourcesOverAllSessions) {
  SendPages(1003);
  is_short_lived_ = true;
  auto worker = NewWorker();
  worker->Start();
  ExpectEachPageOnce(1003);
  worker->Stop();
  EXPECT_EQ(producers_, 2);
  EXPECT_EQ(
      metrics_
          .Counter("dateline_parser_articles_total", "", {{"source", "other"}})
          .Value(),
      3);
}

TEST_F(ParserWorkerTest, SetsAsideAnArticleThatTheBrokerDoesNotTake) {
  SendPages(1);
  auto worker = NewWorker("Produce", absl::InvalidArgumentError("too large"));
  worker->Start();
  ASSERT_TRUE(broker_.WaitForRecords(topics_.dead_letters, 1));
  worker->Stop();
  EXPECT_TRUE(broker_.Records(topics_.articles).empty());
}

}  // namespace
}  // namespace dateline

// The clients over librdkafka, against its mock cluster.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/kafka/client.h"
#include "tests/support/mock_cluster.h"
#include "tests/support/patience.h"

namespace dateline::kafka {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class KafkaClientTest : public ::testing::Test {
 protected:
  void SetUp() override { cluster_.CreateTopic("t", 2); }

  void Send(const OutgoingRecord& record) {
    auto producer = NewProducer(cluster_.client());
    ASSERT_TRUE(producer.ok()) << producer.status();
    absl::Notification done;
    absl::Status status;
    (*producer)->Send(record, [&](absl::Status result) {
      status = std::move(result);
      done.Notify();
    });
    ASSERT_TRUE(done.WaitForNotificationWithTimeout(kSoon));
    EXPECT_TRUE(status.ok()) << status;
  }

  // Reads `count` records of both partitions.
  std::vector<Record> ReadAll(size_t count) {
    auto consumer = NewConsumer(cluster_.client(), {});
    EXPECT_TRUE(consumer.ok()) << consumer.status();
    EXPECT_TRUE((*consumer)
                    ->Assign({{{"t", 0}, kOffsetBeginning},
                              {{"t", 1}, kOffsetBeginning}})
                    .ok());
    std::vector<Record> records;
    const absl::Time deadline = absl::Now() + kSoon;
    while (records.size() < count && absl::Now() < deadline) {
      const auto polled = (*consumer)->Poll(100, absl::Milliseconds(100));
      EXPECT_TRUE(polled.ok()) << polled.status();
      records.insert(records.end(), polled->records.begin(),
                     polled->records.end());
    }
    return records;
  }

  MockCluster cluster_;
};

TEST_F(KafkaClientTest, CarriesKeyValueHeadersAndTombstones) {
  const std::string key("k\0y", 3), value("v\0w\xff", 4), header("\0h", 2);
  Send({"t", 1, key, value, {{"a", header}, {"empty", ""}}});
  Send({"t", 1, "k", std::nullopt, {}});
  Send({"t", 1, "", "", {}});
  const std::vector<Record> records = ReadAll(3);
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[0].partition, (TopicPartition{"t", 1}));
  EXPECT_EQ(records[0].offset, 0);
  EXPECT_EQ(records[0].key, key);
  EXPECT_EQ(records[0].value, value);
  EXPECT_THAT(records[0].headers,
              ElementsAre(Header{"a", header}, Header{"empty", ""}));
  EXPECT_EQ(records[1].value, std::nullopt);
  EXPECT_EQ(records[2].key, "");
  EXPECT_EQ(records[2].value, "");
}

TEST_F(KafkaClientTest, ReportsTheEndsOfPartitions) {
  auto consumer = NewConsumer(cluster_.client(), {});
  ASSERT_TRUE(consumer.ok());
  ASSERT_TRUE((*consumer)->Assign({{{"t", 0}, kOffsetBeginning}}).ok());
  std::vector<Position> ends;
  const absl::Time deadline = absl::Now() + kSoon;
  while (ends.empty() && absl::Now() < deadline) {
    const auto polled = (*consumer)->Poll(10, absl::Milliseconds(100));
    ASSERT_TRUE(polled.ok());
    ends = polled->ends;
  }
  EXPECT_THAT(ends, ElementsAre(Position{{"t", 0}, 0}));
}

TEST_F(KafkaClientTest, CountsPartitionsAndMissesUnknownTopics) {
  auto consumer = NewConsumer(cluster_.client(), {});
  ASSERT_TRUE(consumer.ok());
  const auto count = (*consumer)->PartitionCount("t", kSoon);
  ASSERT_TRUE(count.ok()) << count.status();
  EXPECT_EQ(*count, 2);
  EXPECT_EQ((*consumer)->PartitionCount("none", kSoon).status().code(),
            absl::StatusCode::kNotFound);
}

TEST_F(KafkaClientTest, ConfirmsOpenSendsOnceWhenTheProducerGoes) {
  cluster_.BrokerDown();
  auto producer = NewProducer(cluster_.client());
  ASSERT_TRUE(producer.ok());
  absl::Mutex mutex;
  std::vector<std::vector<absl::Status>> confirmed(100);
  for (std::vector<absl::Status>& mine : confirmed) {
    (*producer)->Send({"t", 0, "k", "v", {}}, [&](absl::Status status) {
      absl::MutexLock lock(&mutex);
      mine.push_back(std::move(status));
    });
  }
  producer->reset();
  absl::MutexLock lock(&mutex);
  for (const std::vector<absl::Status>& mine : confirmed) {
    ASSERT_EQ(mine.size(), 1u);
    EXPECT_EQ(mine[0].code(), absl::StatusCode::kCancelled) << mine[0];
  }
}

TEST_F(KafkaClientTest, ConfirmsASendInFlightOnceWhenTheProducerGoes) {
  auto producer = NewProducer(cluster_.client());
  ASSERT_TRUE(producer.ok());
  absl::Mutex mutex;
  std::vector<absl::Status> confirmed;
  const auto confirm = [&](absl::Status status) {
    absl::MutexLock lock(&mutex);
    confirmed.push_back(std::move(status));
  };
  const auto first = [&] { return confirmed.size() == 1; };
  (*producer)->Send({"t", 0, "k", "v", {}}, confirm);
  {
    absl::MutexLock lock(&mutex);
    ASSERT_TRUE(mutex.AwaitWithTimeout(absl::Condition(&first), kSoon));
    EXPECT_TRUE(confirmed[0].ok()) << confirmed[0];
  }
  // On its way or behind: the record may be there or not.
  (*producer)->Send({"t", 0, "k", "v", {}}, confirm);
  producer->reset();
  absl::MutexLock lock(&mutex);
  ASSERT_EQ(confirmed.size(), 2u);
  EXPECT_TRUE(confirmed[1].ok() || absl::IsCancelled(confirmed[1]))
      << confirmed[1];
}

TEST_F(KafkaClientTest, RefusesASendThatIsTooLargeOrHasNoTopic) {
  ClientOptions client = cluster_.client();
  client.properties["message.max.bytes"] = "1000";
  // How long an unknown topic counts as one that is being made.
  client.properties["topic.metadata.propagation.max.ms"] = "100";
  auto producer = NewProducer(client);
  ASSERT_TRUE(producer.ok());
  const auto code_of = [&](OutgoingRecord record) {
    absl::Notification done;
    absl::StatusCode code = absl::StatusCode::kUnknown;
    (*producer)->Send(std::move(record), [&](absl::Status status) {
      code = status.code();
      done.Notify();
    });
    done.WaitForNotification();
    return code;
  };
  EXPECT_EQ(code_of({"t", 0, "k", std::string(2000, 'x'), {}}),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code_of({"none", 0, "k", "v", {}}), absl::StatusCode::kNotFound);
  EXPECT_EQ(code_of({"t", 7, "k", "v", {}}), absl::StatusCode::kNotFound);
  EXPECT_EQ(code_of({"t", 0, "k", "small", {}}), absl::StatusCode::kOk);
}

TEST_F(KafkaClientTest, WritesWhatATransactionCommits) {
  auto producer =
      NewTransactionalProducer(cluster_.client(), {.transactional_id = "one"});
  ASSERT_TRUE(producer.ok()) << producer.status();
  ASSERT_TRUE((*producer)->Init(kSoon).ok());
  ASSERT_TRUE((*producer)->Begin().ok());
  ASSERT_TRUE((*producer)->Produce({"t", 0, "k", "kept", {}}).ok());
  const absl::Status committed = (*producer)->Commit();
  ASSERT_TRUE(committed.ok()) << committed;
  const std::vector<Record> records = ReadAll(1);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_EQ(records[0].value, "kept");
}

TEST_F(KafkaClientTest, CanAbortAndBeginAgain) {
  auto producer =
      NewTransactionalProducer(cluster_.client(), {.transactional_id = "one"});
  ASSERT_TRUE(producer.ok());
  ASSERT_TRUE((*producer)->Init(kSoon).ok());
  ASSERT_TRUE((*producer)->Begin().ok());
  ASSERT_TRUE((*producer)->Produce({"t", 0, "k", "dropped", {}}).ok());
  EXPECT_TRUE((*producer)->Abort().ok());
  EXPECT_TRUE((*producer)->Begin().ok());
  EXPECT_TRUE((*producer)->Commit().ok());
}

TEST_F(KafkaClientTest, ACommitWithoutAnAnswerNeedsANewProducer) {
  const TransactionOptions options = {.transactional_id = "one"};
  auto producer = NewTransactionalProducer(cluster_.client(), options);
  ASSERT_TRUE(producer.ok());
  ASSERT_TRUE((*producer)->Init(kSoon).ok());
  ASSERT_TRUE((*producer)->Begin().ok());
  ASSERT_TRUE((*producer)->Produce({"t", 0, "k", "v", {}}).ok());
  cluster_.BrokerDown();
  const absl::Status committed = (*producer)->Commit();
  EXPECT_EQ(committed.code(), absl::StatusCode::kFailedPrecondition)
      << committed;
  cluster_.BrokerUp();
  producer = NewTransactionalProducer(cluster_.client(), options);
  ASSERT_TRUE(producer.ok());
  EXPECT_TRUE((*producer)->Init(kSoon).ok());
  EXPECT_TRUE((*producer)->Begin().ok());
  EXPECT_TRUE((*producer)->Commit().ok());
}

std::string MetadataOf(const char* group) {
  rd_kafka_consumer_group_metadata_t* metadata =
      rd_kafka_consumer_group_metadata_new(group);
  void* data = nullptr;
  size_t size = 0;
  rd_kafka_error_destroy(
      rd_kafka_consumer_group_metadata_write(metadata, &data, &size));
  std::string bytes(static_cast<const char*>(data), size);
  rd_kafka_mem_free(nullptr, data);
  rd_kafka_consumer_group_metadata_destroy(metadata);
  return bytes;
}

TEST(KafkaTransactionTest, GoesOnBehindAGroupsCoordinatorThatWasDown) {
  MockCluster cluster(2);
  cluster.CreateTopic("t", 1);
  cluster.Coordinate("transaction", "one", 1);
  cluster.Coordinate("group", "readers", 2);
  const auto producer =
      NewTransactionalProducer(cluster.client(), {.transactional_id = "one"});
  ASSERT_TRUE(producer.ok());
  const auto send = [&] {
    return (*producer)->SendOffsets({{{"t", 0}, 1}}, MetadataOf("readers"));
  };
  ASSERT_TRUE((*producer)->Init(kSoon).ok());
  ASSERT_TRUE((*producer)->Begin().ok());
  EXPECT_TRUE(send().ok());
  EXPECT_TRUE((*producer)->Commit().ok());
  cluster.BrokerDown(2);
  ASSERT_TRUE((*producer)->Begin().ok());
  const absl::Status sent = send();
  EXPECT_TRUE(absl::IsAborted(sent)) << sent;
  EXPECT_TRUE((*producer)->Abort().ok());
  cluster.BrokerUp(2);
  ASSERT_TRUE((*producer)->Begin().ok());
  EXPECT_TRUE(send().ok());
  EXPECT_TRUE((*producer)->Commit().ok());
}

TEST_F(KafkaClientTest, RefusesARecordThatIsTooLarge) {
  ClientOptions client = cluster_.client();
  client.properties["message.max.bytes"] = "1000";
  auto producer = NewTransactionalProducer(client, {.transactional_id = "one"});
  ASSERT_TRUE(producer.ok());
  ASSERT_TRUE((*producer)->Init(kSoon).ok());
  ASSERT_TRUE((*producer)->Begin().ok());
  const absl::Status status =
      (*producer)->Produce({"t", 0, "k", std::string(2000, 'x'), {}});
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument) << status;
  EXPECT_TRUE((*producer)->Produce({"t", 0, "k", "small", {}}).ok());
  EXPECT_TRUE((*producer)->Commit().ok());
}

TEST_F(KafkaClientTest, NamesAPropertyThatIsWrong) {
  ClientOptions client = cluster_.client();
  client.properties["no.such.property"] = "1";
  const auto consumer = NewConsumer(client, {});
  EXPECT_EQ(consumer.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(consumer.status().message()),
              HasSubstr("no.such.property"));
}

TEST_F(KafkaClientTest, WaitsForABrokerThatIsAway) {
  cluster_.BrokerDown();
  auto consumer = NewConsumer(cluster_.client(), {});
  ASSERT_TRUE(consumer.ok());
  ASSERT_TRUE((*consumer)->Assign({{{"t", 0}, kOffsetBeginning}}).ok());
  const auto polled = (*consumer)->Poll(10, absl::Milliseconds(200));
  ASSERT_TRUE(polled.ok()) << polled.status();
  EXPECT_TRUE(polled->records.empty());
  cluster_.BrokerUp();
  Send({"t", 0, "k", "v", {}});
  size_t records = 0;
  const absl::Time deadline = absl::Now() + kSoon;
  while (records == 0 && absl::Now() < deadline) {
    records = (*consumer)->Poll(10, absl::Milliseconds(100))->records.size();
  }
  EXPECT_EQ(records, 1u);
}

}  // namespace
}  // namespace dateline::kafka

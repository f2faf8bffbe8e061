// What a consumer does for its group, against librdkafka's mock cluster.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/kafka/client.h"
#include "common/kafka/handles.h"
#include "tests/support/mock_cluster.h"
#include "tests/support/patience.h"

namespace dateline::kafka {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const TopicPartition kFirst{"t", 0};
const TopicPartition kSecond{"t", 1};

// Remembers what it is told; begins where it is asked to.
class RecordingListener final : public RebalanceListener {
 public:
  explicit RecordingListener(std::map<TopicPartition, int64_t> begin_at = {})
      : begin_at_(std::move(begin_at)) {}

  void OnAssigned(std::vector<Position>& partitions) override {
    ++assignments;
    for (Position& position : partitions) {
      owned.insert(position.partition);
      const auto begin = begin_at_.find(position.partition);
      if (begin != begin_at_.end()) position.offset = begin->second;
    }
  }
  void OnRevoked(const std::vector<TopicPartition>& partitions) override {
    for (const TopicPartition& partition : partitions) owned.erase(partition);
    revoked.insert(partitions.begin(), partitions.end());
    if (on_revoked) on_revoked();
  }
  void OnLost(const std::vector<TopicPartition>& partitions) override {
    OnRevoked(partitions);
  }

  int assignments = 0;
  std::set<TopicPartition> owned;
  std::set<TopicPartition> revoked;
  std::function<void()> on_revoked;

 private:
  const std::map<TopicPartition, int64_t> begin_at_;
};

class KafkaConsumerTest : public ::testing::Test {
 protected:
  KafkaConsumerTest() { cluster_.CreateTopic("t", 2); }

  // Values "0", "1", ... in both partitions.
  void Fill(int count) {
    auto producer = NewProducer(cluster_.client());
    ASSERT_TRUE(producer.ok()) << producer.status();
    for (int i = 0; i < count; ++i) {
      for (const int partition : {0, 1}) {
        absl::Notification done;
        (*producer)->Send({"t", partition, "k", absl::StrCat(i), {}},
                          [&](absl::Status status) {
                            EXPECT_TRUE(status.ok()) << status;
                            done.Notify();
                          });
        done.WaitForNotification();
      }
    }
  }

  std::unique_ptr<Consumer> NewMember() {
    auto consumer =
        NewConsumer(cluster_.client(),
                    {.group_id = "g", .session_timeout = absl::Seconds(3)});
    EXPECT_TRUE(consumer.ok()) << consumer.status();
    return *std::move(consumer);
  }

  static void AwaitAny(const std::function<int()>& count) {
    const absl::Time deadline = absl::Now() + kSoon;
    while (count() == 0 && absl::Now() < deadline) {
      absl::SleepFor(absl::Milliseconds(10));
    }
    EXPECT_GT(count(), 0);
  }

  // One that the group has given all partitions; only a poll would tell it.
  std::unique_ptr<Consumer> NewMemberWithAShare(RecordingListener& listener) {
    auto consumer = NewMember();
    cluster_.CountRequests();
    EXPECT_TRUE(consumer->Subscribe({"t"}, &listener).ok());
    // A member beats once it has its share.
    AwaitAny([this] { return cluster_.Heartbeats(); });
    return consumer;
  }

  // Polls until `enough`, a record at a time.
  static PollResult PollUntil(
      Consumer& consumer,
      const std::function<bool(const PollResult&)>& enough) {
    PollResult all;
    const absl::Time deadline = absl::Now() + kSoon;
    while (!enough(all) && absl::Now() < deadline) {
      const auto polled = consumer.Poll(1, absl::Milliseconds(100));
      EXPECT_TRUE(polled.ok()) << polled.status();
      if (!polled.ok()) return all;
      all.records.insert(all.records.end(), polled->records.begin(),
                         polled->records.end());
      all.ends.insert(all.ends.end(), polled->ends.begin(), polled->ends.end());
    }
    EXPECT_TRUE(enough(all)) << "not within " << kSoon;
    return all;
  }
  static PollResult PollRecords(Consumer& consumer, size_t count) {
    return PollUntil(consumer, [count](const PollResult& all) {
      return all.records.size() >= count;
    });
  }

  // As another member would have left it.
  void CommitOffset(const Position& position) {
    auto conf = NewConf(cluster_.client(), {{"group.id", "g"}});
    ASSERT_TRUE(conf.ok()) << conf.status();
    const auto handle = NewHandle(RD_KAFKA_CONSUMER, *std::move(conf));
    ASSERT_TRUE(handle.ok()) << handle.status();
    EXPECT_EQ(rd_kafka_commit(handle->get(), ToList({position}).get(), 0),
              RD_KAFKA_RESP_ERR_NO_ERROR);
  }

  static std::vector<int64_t> OffsetsOf(const PollResult& polled,
                                        const TopicPartition& partition) {
    std::vector<int64_t> offsets;
    for (const Record& record : polled.records) {
      if (record.partition == partition) offsets.push_back(record.offset);
    }
    return offsets;
  }

  MockCluster cluster_;
};

TEST_F(KafkaConsumerTest, BeginsWhereTheListenerSets) {
  Fill(3);
  RecordingListener listener({{kFirst, 2}});
  const auto consumer = NewMember();
  ASSERT_TRUE(consumer->Subscribe({"t"}, &listener).ok());
  const PollResult polled = PollRecords(*consumer, 4);
  EXPECT_THAT(listener.owned, UnorderedElementsAre(kFirst, kSecond));
  EXPECT_THAT(OffsetsOf(polled, kFirst), ElementsAre(2));
  EXPECT_THAT(OffsetsOf(polled, kSecond), ElementsAre(0, 1, 2));
  consumer->Close();
  EXPECT_THAT(listener.owned, IsEmpty());
  EXPECT_THAT(listener.revoked, UnorderedElementsAre(kFirst, kSecond));
}

TEST_F(KafkaConsumerTest, BeginsAtTheCommittedOffset) {
  Fill(3);
  CommitOffset({kSecond, 1});
  RecordingListener listener;
  const auto consumer = NewMember();
  ASSERT_TRUE(consumer->Subscribe({"t"}, &listener).ok());
  const PollResult polled = PollRecords(*consumer, 5);
  EXPECT_THAT(OffsetsOf(polled, kFirst), ElementsAre(0, 1, 2));
  EXPECT_THAT(OffsetsOf(polled, kSecond), ElementsAre(1, 2));
}

TEST_F(KafkaConsumerTest, ReturnsNoRecordOfAPartitionThatWent) {
  Fill(50);
  RecordingListener one, two;
  const auto first = NewMember();
  ASSERT_TRUE(first->Subscribe({"t"}, &one).ok());
  PollUntil(*first, [&](const PollResult&) { return one.owned.size() == 2; });
  const auto second = NewMember();
  ASSERT_TRUE(second->Subscribe({"t"}, &two).ok());
  const absl::Time deadline = absl::Now() + kSoon;
  while (two.owned.empty() && absl::Now() < deadline) {
    for (const auto& [consumer, listener] :
         {std::pair{first.get(), &one}, std::pair{second.get(), &two}}) {
      const auto polled = consumer->Poll(10, absl::Milliseconds(10));
      ASSERT_TRUE(polled.ok()) << polled.status();
      for (const Record& record : polled->records) {
        EXPECT_EQ(listener->owned.count(record.partition), 1u)
            << ToString(record.partition);
      }
    }
  }
  EXPECT_EQ(one.owned.size(), 1u);
  EXPECT_EQ(two.owned.size(), 1u);
  EXPECT_EQ(one.revoked, two.owned);
}

// A listener that asks for the group's offsets then would wait for nothing.
TEST_F(KafkaConsumerTest, AssignsNothingWhileItCloses) {
  RecordingListener listener;
  const auto consumer = NewMemberWithAShare(listener);
  consumer->Close();
  EXPECT_EQ(listener.assignments, 0);
  EXPECT_THAT(listener.owned, IsEmpty());
}

// The share that it never took goes back first; then it is out of the group,
// with a second rebalance still to be told of. librdkafka may drop whatever it
// is told or asked then, without a reply.
TEST_F(KafkaConsumerTest, AsksNothingOfTheGroupThatItHasLeftWhileItCloses) {
  RecordingListener listener;
  const auto consumer = NewMemberWithAShare(listener);
  std::optional<absl::Status> asked;
  listener.on_revoked = [&] {
    AwaitAny([this] { return cluster_.Leavings(); });
    asked = consumer->GroupMetadata().status();
  };
  consumer->Close();
  EXPECT_EQ(asked, absl::AbortedError("the consumer has left its group"));
  EXPECT_THAT(listener.revoked, UnorderedElementsAre(kFirst, kSecond));
}

TEST_F(KafkaConsumerTest, SeeksToAnOffsetAndToTheStoredOne) {
  Fill(3);
  CommitOffset({kFirst, 1});
  const auto consumer = NewMember();
  ASSERT_TRUE(consumer->Assign({{kFirst, 0}, {kSecond, 0}}).ok());
  PollRecords(*consumer, 6);
  ASSERT_TRUE(consumer->Seek({{kFirst, 2}}).ok());
  EXPECT_THAT(OffsetsOf(PollRecords(*consumer, 1), kFirst), ElementsAre(2));
  // The second partition has none: the beginning.
  const absl::Status status =
      consumer->Seek({{kFirst, kOffsetStored}, {kSecond, kOffsetStored}});
  ASSERT_TRUE(status.ok()) << status;
  const PollResult polled = PollRecords(*consumer, 5);
  EXPECT_THAT(OffsetsOf(polled, kFirst), ElementsAre(1, 2));
  EXPECT_THAT(OffsetsOf(polled, kSecond), ElementsAre(0, 1, 2));
}

// The mock cluster takes a transaction's offsets, but doesn't keep them;
// tests/e2e/parser_exactly_once_test.py shows that a broker does.
TEST_F(KafkaConsumerTest, LetsATransactionCommitItsOffsets) {
  Fill(2);
  RecordingListener listener;
  const auto consumer = NewMember();
  ASSERT_TRUE(consumer->Subscribe({"t"}, &listener).ok());
  PollRecords(*consumer, 4);
  const auto group = consumer->GroupMetadata();
  ASSERT_TRUE(group.ok()) << group.status();
  const auto producer =
      NewTransactionalProducer(cluster_.client(), {.transactional_id = "one"});
  ASSERT_TRUE(producer.ok());
  ASSERT_TRUE((*producer)->Init(kSoon).ok());
  ASSERT_TRUE((*producer)->Begin().ok());
  const absl::Status sent =
      (*producer)->SendOffsets({{kFirst, 2}, {kSecond, 1}}, *group);
  EXPECT_TRUE(sent.ok()) << sent;
  const absl::Status committed = (*producer)->Commit();
  EXPECT_TRUE(committed.ok()) << committed;
}

TEST_F(KafkaConsumerTest, ReadsNothingOfAPausedPartitionUntilItResumes) {
  Fill(3);
  const auto consumer = NewMember();
  ASSERT_TRUE(consumer->Assign({{kFirst, 0}, {kSecond, 0}}).ok());
  ASSERT_TRUE(consumer->Pause({kFirst}).ok());
  const PollResult paused = PollUntil(
      *consumer, [](const PollResult& all) { return !all.ends.empty(); });
  EXPECT_THAT(paused.ends, ElementsAre(Position{kSecond, 3}));
  EXPECT_THAT(OffsetsOf(paused, kSecond), ElementsAre(0, 1, 2));
  EXPECT_THAT(paused.records, Each(Field(&Record::partition, kSecond)));
  ASSERT_TRUE(consumer->Resume({kFirst}).ok());
  EXPECT_THAT(OffsetsOf(PollRecords(*consumer, 3), kFirst),
              ElementsAre(0, 1, 2));
}

}  // namespace
}  // namespace dateline::kafka

#include "store/core/article_change.h"

#include <gtest/gtest.h>

#include "store/core/decode_record.h"
#include "tests/store/test_articles.h"

namespace dateline::store {
namespace {

using ::testing::HasSubstr;

StoredVersion VersionOf(const v1::Article& article) {
  return {article.version(), ToMicros(article.parse_time()),
          article.content_sha256()};
}

class DecideTest : public ::testing::Test {
 protected:
  const v1::Article stored_ = MakeArticle("u", 100, "Title", "Text");

  Decision DecideOn(const v1::Article& article) {
    return Decide(VersionOf(stored_), ChangeTo(article, 0));
  }
};

TEST_F(DecideTest, StoresWhatIsNew) {
  const Decision decision = Decide(std::nullopt, ChangeTo(stored_, 0));
  EXPECT_EQ(decision.result, ChangeResult::kStored);
  EXPECT_TRUE(decision.write && decision.text_differs && decision.seen &&
              decision.revision);
}

TEST_F(DecideTest, TakesALaterVersionWithAnotherTextAsARevision) {
  const Decision decision = DecideOn(MakeArticle("u", 200, "Title", "New"));
  EXPECT_EQ(decision.result, ChangeResult::kStored);
  EXPECT_TRUE(decision.write && decision.text_differs && decision.seen &&
              decision.revision);
}

TEST_F(DecideTest, TakesALaterVersionWithTheSameTextAsSeenAgain) {
  const Decision decision = DecideOn(MakeArticle("u", 200, "Title", "Text"));
  EXPECT_EQ(decision.result, ChangeResult::kSeenAgain);
  EXPECT_TRUE(decision.write && decision.seen);
  EXPECT_FALSE(decision.text_differs || decision.revision);
}

TEST_F(DecideTest, LeavesAnOlderVersionOut) {
  const Decision decision = DecideOn(MakeArticle("u", 50, "Title", "Old"));
  EXPECT_EQ(decision.result, ChangeResult::kStale);
  EXPECT_FALSE(decision.write);
}

TEST_F(DecideTest, LeavesTheSameRecordOut) {
  const Decision decision = DecideOn(stored_);
  EXPECT_EQ(decision.result, ChangeResult::kStale);
  EXPECT_FALSE(decision.write);
}

TEST_F(DecideTest, TakesALaterParseOfTheSamePageWithoutCountingIt) {
  v1::Article reparsed = MakeArticle("u", 100, "Title", "Better text");
  reparsed.mutable_parse_time()->set_seconds(1000);
  const Decision decision = DecideOn(reparsed);
  EXPECT_EQ(decision.result, ChangeResult::kStored);
  EXPECT_TRUE(decision.write && decision.text_differs);
  EXPECT_FALSE(decision.seen || decision.revision);
}

TEST_F(DecideTest, DeletesOnATombstone) {
  EXPECT_EQ(Decide(VersionOf(stored_), Tombstone("u", 0)).result,
            ChangeResult::kDeleted);
  EXPECT_EQ(Decide(std::nullopt, Tombstone("u", 0)).result,
            ChangeResult::kStale);
}

TEST(ToMicros, StaysWithinWhatATimestampMayHold) {
  google::protobuf::Timestamp time;
  time.set_seconds(std::numeric_limits<int64_t>::max());
  EXPECT_EQ(ToMicros(time), 253'402'300'799'000'000);
  time.set_seconds(1);
  time.set_nanos(2000);
  EXPECT_EQ(ToMicros(time), 1'000'002);
}

kafka::Record ReadRecord(const kafka::OutgoingRecord& record) {
  return {.partition = {kTopic, 2},
          .offset = 17,
          .key = record.key,
          .value = record.value,
          .headers = record.headers,
          .timestamp = absl::UnixEpoch()};
}

TEST(DecodeRecord, ReadsAnArticle) {
  const v1::Article article = MakeArticle("u", 1, "Title", "Text");
  const auto change = DecodeRecord(ReadRecord(RecordOf(article)));
  ASSERT_TRUE(change.ok()) << change.status();
  EXPECT_EQ(change->uid, "u");
  EXPECT_EQ(change->partition, (kafka::TopicPartition{kTopic, 2}));
  EXPECT_EQ(change->offset, 17);
  EXPECT_THAT(*change->article, EqualsProto(article));
}

TEST(DecodeRecord, ReadsATombstone) {
  const auto change = DecodeRecord(ReadRecord(TombstoneRecord("u")));
  ASSERT_TRUE(change.ok()) << change.status();
  EXPECT_EQ(change->uid, "u");
  EXPECT_FALSE(change->article.has_value());
}

TEST(DecodeRecord, NamesThePlaceOfACorruptRecord) {
  kafka::OutgoingRecord record = RecordOf(MakeArticle("u", 1, "T", "T"));
  record.value = "\xff\xff not a message";
  const auto change = DecodeRecord(ReadRecord(record));
  EXPECT_TRUE(absl::IsDataLoss(change.status()));
  EXPECT_THAT(std::string(change.status().message()),
              HasSubstr("test.articles[2] offset 17"));
}

TEST(DecodeRecord, RefusesAnotherMessageThatReadsAsAnArticle) {
  kafka::OutgoingRecord record = RecordOf(MakeArticle("u", 1, "T", "T"));
  record.headers = {{"ce_type", "dateline.v1.RawPage"}};
  EXPECT_TRUE(absl::IsDataLoss(DecodeRecord(ReadRecord(record)).status()));
  for (const char* type : {"dateline.v1.Article", "com.example.news"}) {
    record.headers = {{"ce_type", type}};
    EXPECT_TRUE(DecodeRecord(ReadRecord(record)).ok()) << type;
  }
}

TEST(DecodeRecord, RefusesAnArticleUnderAnotherKey) {
  kafka::OutgoingRecord record = RecordOf(MakeArticle("u", 1, "T", "T"));
  record.key = "v";
  EXPECT_TRUE(absl::IsDataLoss(DecodeRecord(ReadRecord(record)).status()));
  record.key = "";
  EXPECT_TRUE(absl::IsDataLoss(DecodeRecord(ReadRecord(record)).status()));
}

}  // namespace
}  // namespace dateline::store

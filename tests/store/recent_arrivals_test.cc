#include "store/core/recent_arrivals.h"

#include <gtest/gtest.h>

#include <thread>

#include "tests/store/test_articles.h"

namespace dateline::store {
namespace {

std::shared_ptr<const ArticleChange> Arrival(int32_t partition,
                                             int64_t offset) {
  return std::make_shared<const ArticleChange>(
      Tombstone("u" + std::to_string(partition) + "-" + std::to_string(offset),
                offset, partition));
}

class RecentArrivalsTest : public ::testing::Test {
 protected:
  // Room for about four tombstones.
  RecentArrivals recent_{1100};
  const std::atomic<bool> not_cancelled_ = false;

  RecentArrivals::Batch Read(RecentArrivals::Reader& reader, size_t max = 10) {
    return recent_.Read(reader, max, absl::ZeroDuration(), not_cancelled_);
  }
  std::vector<std::string> Uids(const RecentArrivals::Batch& batch) {
    std::vector<std::string> uids;
    for (const auto& change : batch.changes) uids.push_back(change->uid);
    return uids;
  }
};

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST_F(RecentArrivalsTest, HasEveryReaderBehindBeforeItBegins) {
  RecentArrivals::Reader reader;
  EXPECT_TRUE(Read(reader).behind);
  EXPECT_FALSE(recent_.Reaches({{0, 5}}));
  EXPECT_EQ(recent_.End(), std::nullopt);
}

TEST_F(RecentArrivalsTest, GivesEachReaderWhatIsBehindItsOffsets) {
  recent_.Begin({{0, 10}, {1, 20}});
  recent_.Append({Arrival(0, 10), Arrival(1, 20), Arrival(0, 12)},
                 {{0, 14}, {1, 21}});
  RecentArrivals::Reader from_start = {.offsets = {{0, 10}, {1, 20}}};
  EXPECT_THAT(Uids(Read(from_start)), ElementsAre("u0-10", "u1-20", "u0-12"));
  RecentArrivals::Reader ahead = {.offsets = {{0, 11}, {1, 30}}};
  const RecentArrivals::Batch batch = Read(ahead);
  EXPECT_THAT(Uids(batch), ElementsAre("u0-12"));
  EXPECT_EQ(batch.end, (Offsets{{0, 14}, {1, 21}}));
  EXPECT_TRUE(Read(ahead).timed_out);
}

TEST_F(RecentArrivalsTest, GivesNoMoreThanAskedForAndSaysHowMuchIsLeft) {
  recent_.Begin({{0, 0}});
  recent_.Append({Arrival(0, 0), Arrival(0, 1), Arrival(0, 2)}, {{0, 3}});
  RecentArrivals::Reader reader = {.offsets = {{0, 0}}};
  const RecentArrivals::Batch first = Read(reader, 2);
  EXPECT_THAT(Uids(first), ElementsAre("u0-0", "u0-1"));
  EXPECT_EQ(first.backlog, 1);
  EXPECT_EQ(first.end, std::nullopt);
  EXPECT_THAT(Uids(Read(reader, 2)), ElementsAre("u0-2"));
}

TEST_F(RecentArrivalsTest, HasAReaderBehindOnceItsNextRecordIsGone) {
  recent_.Begin({{0, 0}, {1, 0}});
  RecentArrivals::Reader slow = {.offsets = {{0, 0}, {1, 0}}};
  for (int64_t offset = 0; offset < 10; ++offset) {
    recent_.Append({Arrival(0, offset)}, {{0, offset + 1}, {1, 0}});
  }
  EXPECT_TRUE(Read(slow).behind);
  EXPECT_FALSE(recent_.Reaches({{0, 5}, {1, 0}}));
  RecentArrivals::Reader within = {.offsets = {{0, 8}, {1, 0}}};
  EXPECT_TRUE(recent_.Reaches(within.offsets));
  EXPECT_THAT(Uids(Read(within)), ElementsAre("u0-8", "u0-9"));
}

TEST_F(RecentArrivalsTest, GivesANewPartitionFromItsBeginning) {
  recent_.Begin({{0, 3}});
  RecentArrivals::Reader reader = {.offsets = {{0, 3}}};
  recent_.Append({Arrival(1, 0)}, {{0, 3}, {1, 1}});
  EXPECT_THAT(Uids(Read(reader)), ElementsAre("u1-0"));
}

TEST_F(RecentArrivalsTest, WakesAWaitingReaderForAnArrivalOrToCancel) {
  recent_.Begin({{0, 0}});
  std::atomic<bool> cancelled = false;
  RecentArrivals::Reader reader = {.offsets = {{0, 0}}};
  RecentArrivals::Batch batch;
  std::thread waiting([&] {
    batch = recent_.Read(reader, 10, absl::InfiniteDuration(), cancelled);
  });
  recent_.Append({Arrival(0, 0)}, {{0, 1}});
  waiting.join();
  EXPECT_THAT(Uids(batch), ElementsAre("u0-0"));
  std::thread cancelling([&] {
    batch = recent_.Read(reader, 10, absl::InfiniteDuration(), cancelled);
  });
  cancelled = true;
  recent_.Wake();
  cancelling.join();
  EXPECT_THAT(Uids(batch), IsEmpty());
}

}  // namespace
}  // namespace dateline::store

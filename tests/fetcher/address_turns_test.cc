#include "fetcher/core/address_turns.h"

#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

constexpr char kAddress[] = "192.0.2.1";
constexpr int64_t kNowMs = 1'700'000'000'000;

TEST(AddressTurnsTest, PublicAddressesAreShared) {
  const AddressTurns turns(absl::Seconds(1));
  EXPECT_TRUE(turns.IsShared(kAddress));
  EXPECT_TRUE(turns.IsShared("2001:db8::1"));
  for (const char* address : {"", "127.0.0.1", "::1", "no address"}) {
    EXPECT_FALSE(turns.IsShared(address)) << address;
  }
  EXPECT_FALSE(AddressTurns(absl::ZeroDuration()).IsShared(kAddress));
}

TEST(AddressTurnsTest, ThoseThatWaitHaveTurnsInTheirOrder) {
  AddressTurns turns(absl::Seconds(1));
  int64_t first = 0;
  int64_t second = 0;
  int64_t third = 0;
  EXPECT_TRUE(turns.Take(kAddress, kNowMs, first));
  EXPECT_FALSE(turns.Take(kAddress, kNowMs, second));
  EXPECT_FALSE(turns.Take(kAddress, kNowMs, third));
  EXPECT_EQ(second, kNowMs + 1000);
  EXPECT_EQ(third, kNowMs + 2000);
  turns.Rest(kAddress, absl::FromUnixMillis(kNowMs - 10));
  turns.Release(kAddress);
  EXPECT_TRUE(turns.Take(kAddress, second, second));
  EXPECT_EQ(second, 0);
}

TEST(AddressTurnsTest, OnlyItsReleaseFreesAnAddress) {
  AddressTurns turns(absl::Seconds(1));
  int64_t turn = 0;
  ASSERT_TRUE(turns.Take(kAddress, kNowMs, turn));
  turns.Rest(kAddress, absl::FromUnixMillis(kNowMs));
  EXPECT_FALSE(turns.Take(kAddress, kNowMs + 5000, turn));
  turns.Release(kAddress);
  EXPECT_TRUE(turns.Take(kAddress, turn, turn));
}

}  // namespace
}  // namespace dateline::fetcher

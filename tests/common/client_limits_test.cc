#include "common/rpc/client_limits.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace dateline::rpc {
namespace {

constexpr absl::Time kNow = absl::UnixEpoch();

TEST(ClientLimits, LetsInASecondsWorthAtOnceAndThenAsTimeGoes) {
  ClientLimits limits({.calls_per_second = 2});
  EXPECT_TRUE(limits.Begin("a", kNow).ok());
  EXPECT_TRUE(limits.Begin("a", kNow).ok());
  const auto refused = limits.Begin("a", kNow);
  EXPECT_EQ(refused.status().code(), absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(refused.status()
                  .GetPayload("type.googleapis.com/google.rpc.RetryInfo")
                  .has_value());
  EXPECT_FALSE(limits.Begin("a", kNow + absl::Milliseconds(400)).ok());
  EXPECT_TRUE(limits.Begin("a", kNow + absl::Milliseconds(500)).ok());
}

TEST(ClientLimits, LetsNoClientPayForAnother) {
  ClientLimits limits({.calls_per_second = 1});
  EXPECT_TRUE(limits.Begin("a", kNow).ok());
  EXPECT_FALSE(limits.Begin("a", kNow).ok());
  EXPECT_TRUE(limits.Begin("b", kNow).ok());
}

TEST(ClientLimits, BoundsOpenCallsUntilTheyEnd) {
  ClientLimits limits({.calls_at_once = 1});
  auto first = limits.Begin("a", kNow);
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(limits.Begin("a", kNow).status().code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(limits.Begin("b", kNow).ok());
  first->reset();
  EXPECT_TRUE(limits.Begin("a", kNow).ok());
}

TEST(ClientLimits, BoundsNothingByZero) {
  ClientLimits limits({});
  std::vector<ClientLimits::Slot> open;
  for (int i = 0; i < 10'000; ++i) {
    auto slot = limits.Begin("a", kNow);
    ASSERT_TRUE(slot.ok());
    open.push_back(*std::move(slot));
  }
}

TEST(ClientLimits, ForgetsClientsThatAreQuiet) {
  ClientLimits limits({.calls_per_second = 1, .calls_at_once = 1});
  const auto open = limits.Begin("stays", kNow);
  for (int i = 0; i < 100'000; ++i) {
    EXPECT_TRUE(
        limits.Begin(absl::StrCat(i), kNow + absl::Milliseconds(i)).ok());
  }
  EXPECT_LT(limits.clients(), 10'000U);
  EXPECT_FALSE(limits.Begin("stays", kNow + absl::Hours(1)).ok());
}

}  // namespace
}  // namespace dateline::rpc

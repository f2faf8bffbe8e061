#include <gtest/gtest.h>

#include "store/core/progress.h"
#include "store/core/retention.h"

namespace dateline::store {
namespace {

TEST(Progress, TellsRateAndRemainingTime) {
  const absl::Time begin = absl::FromUnixSeconds(1000);
  const Progress progress(begin, 10'000);
  const absl::Time now = begin + absl::Seconds(10);
  EXPECT_EQ(progress.Rate(now, 8'000), 200);
  EXPECT_EQ(progress.Remaining(now, 8'000), absl::Seconds(40));
  EXPECT_EQ(progress.Percent(8'000), 20);
  EXPECT_EQ(progress.Percent(0), 100);
}

TEST(Progress, ClaimsNothingWhereNothingWasDone) {
  const absl::Time begin = absl::FromUnixSeconds(1000);
  const Progress progress(begin, 100);
  EXPECT_EQ(progress.Remaining(begin, 100), std::nullopt);
  // More has come than was done.
  EXPECT_EQ(progress.Remaining(begin + absl::Seconds(1), 200), std::nullopt);
  EXPECT_EQ(progress.Percent(200), 0);
  EXPECT_EQ(Progress(begin, 0).Percent(0), 100);
}

TEST(ArticlesTooMany, AreThoseAboveTheBound) {
  const Usage usage = {.articles = 1000, .size_bytes = 10'000};
  EXPECT_EQ(ArticlesTooMany(usage, 0), 0);
  EXPECT_EQ(ArticlesTooMany(usage, 10'000), 0);
  EXPECT_EQ(ArticlesTooMany(usage, 9'000), 100);
  EXPECT_EQ(ArticlesTooMany(usage, 9'999), 1);
  EXPECT_EQ(ArticlesTooMany(usage, 1), 1000);
}

}  // namespace
}  // namespace dateline::store

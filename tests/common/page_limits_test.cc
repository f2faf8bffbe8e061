#include "common/page_limits.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace dateline {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

TEST(CheckPageLimits, TakesALargestPageThatFitsTopicsAndParser) {
  EXPECT_TRUE(
      CheckPageLimits(1000, {{"pages", 1000 + kRecordOverheadBytes}}, 1000)
          .ok());
  EXPECT_TRUE(CheckPageLimits(1000, {}, 1000).ok());
}

TEST(CheckPageLimits, NamesTheThreeValuesThatDisagree) {
  const auto named =
      AllOf(HasSubstr("2000"), HasSubstr("70000"), HasSubstr("1000"));
  absl::Status status = CheckPageLimits(2000, {{"pages", 70'000}}, 1000);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()), named);
  status = CheckPageLimits(10'000, {{"pages", 70'000}}, 20'000);
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(status.message()),
              AllOf(HasSubstr("10000"), HasSubstr("70000"), HasSubstr("20000"),
                    HasSubstr("pages")));
}

}  // namespace
}  // namespace dateline

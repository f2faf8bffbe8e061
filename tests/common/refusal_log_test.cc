#include "common/rpc/refusal_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace dateline::rpc {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class RefusalLogTest : public ::testing::Test {
 protected:
  std::string LogOf(absl::string_view client, absl::Time now) {
    ::testing::internal::CaptureStderr();
    log_.Add("/a.Service/Watch", client,
             absl::ResourceExhaustedError("more than 5 of one client"), now);
    return ::testing::internal::GetCapturedStderr();
  }

  const absl::Time start_ = absl::FromUnixSeconds(1'700'000'000);
  RefusalLog log_;
};

TEST_F(RefusalLogTest, SaysWhichCallOfWhomWasRefusedAndWhy) {
  EXPECT_THAT(LogOf("ipv4:10.0.0.1:4711", start_),
              AllOf(HasSubstr("level=warning msg=\"call refused\""),
                    HasSubstr("method=/a.Service/Watch"),
                    HasSubstr("client=ipv4:10.0.0.1:4711"),
                    HasSubstr("error=\"more than 5 of one client\""),
                    HasSubstr("refused_unlogged=0")));
}

TEST_F(RefusalLogTest, CountsThoseOfTheSameSecond) {
  LogOf("a", start_);
  EXPECT_THAT(LogOf("b", start_ + absl::Milliseconds(1)), IsEmpty());
  EXPECT_THAT(LogOf("c", start_ + absl::Milliseconds(999)), IsEmpty());
  EXPECT_THAT(LogOf("d", start_ + absl::Seconds(1)),
              AllOf(HasSubstr("client=d"), HasSubstr("refused_unlogged=2")));
  EXPECT_THAT(LogOf("e", start_ + absl::Seconds(9)),
              HasSubstr("refused_unlogged=0"));
}

TEST_F(RefusalLogTest, GoesOnWhereTheClockWasSetBack) {
  LogOf("a", start_);
  EXPECT_THAT(LogOf("b", start_ - absl::Hours(1)), HasSubstr("client=b"));
}

}  // namespace
}  // namespace dateline::rpc

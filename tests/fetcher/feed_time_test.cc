#include "fetcher/core/feed_time.h"

#include "fetcher/core/proto_time.h"
#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

struct Case {
  const char* text;
  const char* utc;
  v1::TimePrecision precision;
  bool offset_known;
  int offset_minutes;
};

TEST(FeedTimeTest, ReadsTheFormsOfFeeds) {
  constexpr auto kDay = v1::TIME_PRECISION_DAY;
  constexpr auto kMinute = v1::TIME_PRECISION_MINUTE;
  constexpr auto kSecond = v1::TIME_PRECISION_SECOND;
  const Case cases[] = {
      {"Tue, 15 Feb 2022 09:30:15 +0500", "2022-02-15T04:30:15Z", kSecond, true,
       300},
      {"Tue, 15 Feb 2022 09:30:15 GMT", "2022-02-15T09:30:15Z", kSecond, true,
       0},
      {"15 Feb 22 09:30 EST", "2022-02-15T14:30:00Z", kMinute, true, -300},
      {"Tue,15 February 2022 09:30:15 -0330", "2022-02-15T13:00:15Z", kSecond,
       true, -210},
      {"Mon, 5 Feb 1996 1:02:03 GMT", "1996-02-05T01:02:03Z", kSecond, true, 0},
      {"Tue, 15 Feb 2022 09:30:15", "2022-02-15T09:30:15Z", kSecond, false, 0},
      {"15 Feb 2022", "2022-02-15T00:00:00Z", kDay, false, 0},
      {"2022-02-15T09:30:15+05:00", "2022-02-15T04:30:15Z", kSecond, true, 300},
      {"2022-02-15T09:30:15.123Z", "2022-02-15T09:30:15Z", kSecond, true, 0},
      {"2022-02-15 09:30:15 +0000", "2022-02-15T09:30:15Z", kSecond, true, 0},
      {"2022-02-15T09:30+01:00", "2022-02-15T08:30:00Z", kMinute, true, 60},
      {"2022-02-15T09:30:15", "2022-02-15T09:30:15Z", kSecond, false, 0},
      {"2022-02-15", "2022-02-15T00:00:00Z", kDay, false, 0},
      {"  2022-02-15\n", "2022-02-15T00:00:00Z", kDay, false, 0},
  };
  for (const Case& c : cases) {
    const std::optional<v1::ArticleTime> time = ParseFeedTime(c.text);
    ASSERT_TRUE(time.has_value()) << c.text;
    EXPECT_EQ(absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", FromProto(time->time()),
                               absl::UTCTimeZone()),
              c.utc)
        << c.text;
    EXPECT_EQ(time->precision(), c.precision) << c.text;
    EXPECT_EQ(time->offset_known(), c.offset_known) << c.text;
    EXPECT_EQ(time->offset_minutes(), c.offset_minutes) << c.text;
  }
}

TEST(FeedTimeTest, RefusesWhatIsNoTime) {
  for (const char* text :
       {"", "yesterday", "31 Apr 2022", "2022-02-30", "2022-13-01",
        "15 Feb 2022 25:00", "15 Feb 2022 09:61", "99 Feb 2022", "2022",
        "0001-01-01T00:00:00Z", "1645000000",
        "2022-02-15T09:30:15+05:00 and much more text than any time has ever "
        "needed to be stated"}) {
    EXPECT_FALSE(ParseFeedTime(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace dateline::fetcher

#include "fetcher/core/source_readings.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "fetcher/core/proto_time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
constexpr absl::Duration kDay = absl::Hours(24);

// URLs number `first` to `last`, the last left out.
std::vector<v1::Submission> Named(int first, int last) {
  std::vector<v1::Submission> named;
  for (int i = first; i < last; ++i) {
    named.emplace_back().set_url(absl::StrCat("https://news.example/", i));
  }
  return named;
}

v1::UrlEntry EntryOf(const std::string& source,
                     const v1::SourceReadings& readings) {
  v1::UrlEntry entry;
  entry.set_purpose(v1::FETCH_PURPOSE_SOURCE);
  entry.mutable_hints()->set_source(source);
  *entry.mutable_readings() = readings;
  return entry;
}

// A feed of 20 items that gains one every `gap` for `time`.
v1::SourceReadings Steady(absl::Duration gap, absl::Duration time) {
  v1::SourceReadings readings;
  int last = 20;
  for (absl::Duration age; age <= time; age += gap, ++last) {
    TakeReading(Named(last - 20, last), {}, kNow - time + age, readings);
  }
  return readings;
}

bool IsQuiet(const v1::SourceReadings& readings, absl::Time now) {
  return StandingsOf({EntryOf("sources/a", readings)}, now).at(0).is_quiet;
}

TEST(SourceReadingsTest, CountsWhatTheLastReadingDidNotName) {
  v1::SourceReadings readings;
  EXPECT_EQ(TakeReading(Named(0, 20), {}, kNow, readings), 20);
  EXPECT_EQ(TakeReading(Named(0, 20), {}, kNow + kDay, readings), 0);
  EXPECT_EQ(FromProto(readings.last_new_time()), kNow);
  EXPECT_EQ(TakeReading(Named(3, 23), {}, kNow + 2 * kDay, readings), 3);
  EXPECT_EQ(FromProto(readings.last_new_time()), kNow + 2 * kDay);
  EXPECT_EQ(FromProto(readings.first_read_time()), kNow);
  // A feed that is empty for once makes nothing new.
  EXPECT_EQ(TakeReading({}, {}, kNow + 3 * kDay, readings), 0);
  EXPECT_EQ(TakeReading(Named(3, 23), {}, kNow + 3 * kDay, readings), 0);
}

TEST(SourceReadingsTest, LongListsAreCountedByASample) {
  v1::SourceReadings readings;
  EXPECT_EQ(TakeReading(Named(0, 40'000), {}, kNow, readings), 40'000);
  EXPECT_EQ(readings.named_size(), 2000);
  EXPECT_EQ(TakeReading(Named(0, 40'000), {}, kNow + kDay, readings), 0);
  EXPECT_NEAR(static_cast<double>(
                  TakeReading(Named(0, 50'000), {}, kNow + kDay, readings)),
              10'000, 1500);
}

TEST(SourceReadingsTest, KeepsThePace) {
  v1::SourceReadings readings;
  TakeReading(Named(0, 1), {absl::Hours(1), 2U, 4U}, kNow, readings);
  EXPECT_EQ(FromProto(readings.asked_interval()), absl::Hours(1));
  EXPECT_EQ(readings.skip_hours(), 2U);
  EXPECT_EQ(readings.skip_days(), 4U);
}

TEST(SourceReadingsTest, FindsTheUsualVolume) {
  for (const absl::Duration gap : {absl::Minutes(30), absl::Hours(6)}) {
    const double expected = absl::FDivDuration(kDay, gap);
    EXPECT_NEAR(Steady(gap, 30 * kDay).urls_per_day(), expected,
                0.03 * expected)
        << gap;
  }
  // Neither its backlog nor the first minutes make a busy source.
  v1::SourceReadings readings;
  TakeReading(Named(0, 20), {}, kNow, readings);
  EXPECT_EQ(readings.urls_per_day(), 0);
  TakeReading(Named(0, 21), {}, kNow + absl::Minutes(5), readings);
  EXPECT_NEAR(readings.urls_per_day(), 1, 0.1);
}

TEST(SourceReadingsTest, FollowsAVolumeThatChanges) {
  v1::SourceReadings readings = Steady(absl::Hours(1), 30 * kDay);
  for (int day = 1; day <= 30; ++day) {
    TakeReading(Named(10'000 * day, 10'000 * day + 2), {}, kNow + day * kDay,
                readings);
  }
  EXPECT_NEAR(readings.urls_per_day(), 2, 0.5);
}

TEST(SourceReadingsTest, IsQuietWhenTheUsualVolumeStops) {
  const v1::SourceReadings busy = Steady(absl::Hours(1), 30 * kDay);
  EXPECT_FALSE(IsQuiet(busy, kNow + absl::Hours(23)));
  EXPECT_TRUE(IsQuiet(busy, kNow + absl::Hours(25)));
  const v1::SourceReadings daily = Steady(kDay, 60 * kDay);
  EXPECT_FALSE(IsQuiet(daily, kNow + 7 * kDay));
  EXPECT_TRUE(IsQuiet(daily, kNow + 9 * kDay));
  const v1::SourceReadings rare = Steady(20 * kDay, 200 * kDay);
  EXPECT_FALSE(IsQuiet(rare, kNow + 29 * kDay));
  EXPECT_TRUE(IsQuiet(rare, kNow + 31 * kDay));
}

TEST(SourceReadingsTest, IsNotQuietBeforeItWasRead) {
  EXPECT_FALSE(IsQuiet({}, kNow));
}

TEST(SourceReadingsTest, ASourceStandsAsAllThatIsReadForIt) {
  v1::SourceReadings fast = Steady(absl::Hours(1), 30 * kDay);
  *fast.mutable_last_success_time() = ToProto(kNow - absl::Hours(2));
  v1::SourceReadings slow = Steady(kDay, 30 * kDay);
  *slow.mutable_last_success_time() = ToProto(kNow);
  *slow.mutable_last_new_time() = ToProto(kNow - absl::Hours(5));
  const std::vector<SourceStanding> standings =
      StandingsOf({EntryOf("sources/b", {}), EntryOf("sources/a", slow),
                   EntryOf("sources/a", fast)},
                  kNow);
  ASSERT_EQ(standings.size(), 2U);
  EXPECT_EQ(standings[0].name, "sources/a");
  EXPECT_EQ(standings[0].last_success, kNow);
  EXPECT_EQ(standings[0].last_new, kNow);
  EXPECT_DOUBLE_EQ(standings[0].urls_per_day,
                   fast.urls_per_day() + slow.urls_per_day());
  EXPECT_FALSE(standings[0].is_quiet);
  EXPECT_EQ(standings[1].name, "sources/b");
  EXPECT_EQ(standings[1].last_success, absl::InfinitePast());
}

}  // namespace
}  // namespace dateline::fetcher

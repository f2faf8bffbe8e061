#include "fetcher/core/source_schedule.h"

#include <utility>

#include "fetcher/core/proto_time.h"
#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
constexpr absl::Duration kLeast = absl::Minutes(5);
constexpr absl::Duration kDay = absl::Hours(24);

v1::UrlEntry Entry(absl::Duration interval) {
  v1::UrlEntry entry;
  entry.set_purpose(v1::FETCH_PURPOSE_SOURCE);
  *entry.mutable_interval() = ToProto(interval);
  *entry.mutable_readings()->mutable_least_interval() = ToProto(kLeast);
  return entry;
}

SourceLook Look(bool found_new) {
  SourceLook look;
  look.least = kLeast;
  look.found_new = found_new;
  return look;
}

FetchResult Answer(
    std::initializer_list<std::pair<const char*, const char*>> headers) {
  FetchResult result;
  result.end_time = kNow;
  for (const auto& [name, value] : headers) {
    v1::HttpHeader& header = result.headers.emplace_back();
    header.set_name(name);
    header.set_value(value);
  }
  return result;
}

TEST(SourceScheduleTest, TheFirstLookIsFollowedAtTheSourcesOwnInterval) {
  v1::UrlEntry entry;
  entry.set_purpose(v1::FETCH_PURPOSE_SOURCE);
  const NextLook next = NextSourceLook(entry, Look(true), {}, kNow);
  EXPECT_EQ(next.time, kNow + kLeast);
  EXPECT_EQ(next.interval, kLeast);
}

TEST(SourceScheduleTest, TheIntervalFollowsHowOftenSomethingIsNew) {
  const NextLook slower =
      NextSourceLook(Entry(absl::Minutes(20)), Look(false), {}, kNow);
  EXPECT_EQ(slower.interval, absl::Minutes(30));
  EXPECT_EQ(slower.time, kNow + absl::Minutes(30));
  EXPECT_EQ(
      NextSourceLook(Entry(absl::Minutes(20)), Look(true), {}, kNow).interval,
      absl::Minutes(10));
}

TEST(SourceScheduleTest, TheIntervalStaysBetweenTheSourcesOwnAndADay) {
  v1::UrlEntry entry = Entry(kLeast);
  for (int look = 0; look < 30; ++look) {
    *entry.mutable_interval() =
        ToProto(NextSourceLook(entry, Look(false), {}, kNow).interval);
  }
  EXPECT_EQ(FromProto(entry.interval()), kDay);
  for (int look = 0; look < 30; ++look) {
    *entry.mutable_interval() =
        ToProto(NextSourceLook(entry, Look(true), {}, kNow).interval);
  }
  EXPECT_EQ(FromProto(entry.interval()), kLeast);
}

TEST(SourceScheduleTest, ANightWithoutNewsDoesNotPutOffTheMorning) {
  v1::UrlEntry entry = Entry(kLeast);
  entry.mutable_readings()->set_urls_per_day(48);
  absl::Time now = kNow;
  while (now < kNow + absl::Hours(9)) {
    const NextLook next = NextSourceLook(entry, Look(false), {}, now);
    *entry.mutable_interval() = ToProto(next.interval);
    now = *next.time;
  }
  EXPECT_EQ(FromProto(entry.interval()), absl::Minutes(30));
  entry.mutable_readings()->set_urls_per_day(10'000);
  EXPECT_EQ(NextSourceLook(entry, Look(false), {}, now).interval, kLeast);
}

TEST(SourceScheduleTest, NeverLooksSoonerThanThePublisherAsks) {
  v1::UrlEntry entry = Entry(kLeast);
  *entry.mutable_readings()->mutable_asked_interval() = ToProto(absl::Hours(1));
  SourceLook look = Look(true);
  EXPECT_EQ(NextSourceLook(entry, look, {}, kNow).time, kNow + absl::Hours(1));
  // What was asked for does not stay in the interval.
  EXPECT_EQ(NextSourceLook(entry, look, {}, kNow).interval, kLeast);
  look.fresh_for = absl::Hours(2);
  EXPECT_EQ(NextSourceLook(entry, look, {}, kNow).time, kNow + absl::Hours(2));
  look.fresh_for = 365 * kDay;
  EXPECT_EQ(NextSourceLook(entry, look, {}, kNow).time, kNow + kDay);
}

TEST(SourceScheduleTest, LeavesOutHoursAndDaysThatTheFeedNames) {
  // kNow is a Tuesday, 22:13:20 UTC.
  v1::UrlEntry entry = Entry(kLeast);
  entry.mutable_readings()->set_skip_hours(1U << 22);
  EXPECT_EQ(NextSourceLook(entry, Look(true), {}, kNow).time,
            kNow + absl::Minutes(46) + absl::Seconds(40));
  entry.mutable_readings()->set_skip_days(1U << 2);
  EXPECT_EQ(NextSourceLook(entry, Look(true), {}, kNow).time,
            kNow + absl::Minutes(106) + absl::Seconds(40));
  entry.mutable_readings()->set_skip_hours(0xffffff);
  EXPECT_EQ(NextSourceLook(entry, Look(true), {}, kNow).time, kNow + kDay);
}

TEST(SourceScheduleTest, FailuresWaitLongerAndLeaveTheIntervalAsItIs) {
  v1::UrlEntry entry = Entry(absl::Minutes(20));
  SourceLook look = Look(false);
  look.failed = true;
  entry.set_consecutive_failures(1);
  EXPECT_EQ(NextSourceLook(entry, look, {}, kNow).time,
            kNow + absl::Minutes(20));
  entry.set_consecutive_failures(8);
  EXPECT_EQ(NextSourceLook(entry, look, {}, kNow).time,
            kNow + absl::Minutes(128));
  entry.set_consecutive_failures(1000);
  const NextLook last = NextSourceLook(entry, look, {}, kNow);
  EXPECT_EQ(last.time, kNow + kDay);
  EXPECT_EQ(last.interval, absl::Minutes(20));
}

TEST(SourceScheduleTest, ReadsHowLongAnAnswerIsFresh) {
  const std::pair<FetchResult, absl::Duration> cases[] = {
      {Answer({}), absl::ZeroDuration()},
      {Answer({{"Cache-Control", "public, max-age=600"}}), absl::Minutes(10)},
      {Answer({{"cache-control", "public"}, {"Cache-Control", "MAX-AGE=60"}}),
       absl::Minutes(1)},
      {Answer({{"Cache-Control", "max-age=\"60\""}}), absl::Minutes(1)},
      {Answer({{"Cache-Control", "max-age=600"}, {"Age", "540"}}),
       absl::Minutes(1)},
      {Answer({{"Cache-Control", "max-age=600"}, {"Age", "9999"}}),
       absl::ZeroDuration()},
      {Answer({{"Cache-Control", "no-cache, max-age=600"}}),
       absl::ZeroDuration()},
      {Answer({{"Cache-Control", "max-age=600, no-store"}}),
       absl::ZeroDuration()},
      {Answer({{"Cache-Control", "max-age=-5"}}), absl::ZeroDuration()},
      {Answer({{"Cache-Control", "max-age=soon"}}), absl::ZeroDuration()},
      {Answer({{"Cache-Control", "s-maxage=600"}}), absl::ZeroDuration()},
      {Answer({{"Expires", "Tue, 14 Nov 2023 23:13:20 GMT"}}), absl::Hours(1)},
      {Answer({{"Expires", "Tue, 14 Nov 2023 23:13:20 GMT"},
               {"Date", "Tue, 14 Nov 2023 23:12:20 GMT"}}),
       absl::Minutes(1)},
      {Answer({{"Expires", "Tue, 14 Nov 2023 23:13:20 GMT"},
               {"Cache-Control", "max-age=0"}}),
       absl::ZeroDuration()},
      {Answer({{"Expires", "0"}}), absl::ZeroDuration()},
      {Answer({{"Expires", "Thu, 01 Jan 1970 00:00:00 GMT"}}),
       absl::ZeroDuration()},
  };
  int number = 0;
  for (const auto& [result, fresh] : cases) {
    EXPECT_EQ(FreshFor(result), fresh) << "case " << number;
    ++number;
  }
}

TEST(SourceScheduleTest, AnotherIntervalOfTheSourceIsFeltAtOnce) {
  v1::UrlEntry entry = Entry(absl::Hours(8));
  *entry.mutable_next_fetch_time() = ToProto(kNow + absl::Hours(8));
  AdoptInterval(absl::Minutes(1), kNow, entry);
  EXPECT_EQ(FromProto(entry.interval()), absl::Minutes(1));
  EXPECT_EQ(FromProto(entry.next_fetch_time()), kNow + absl::Minutes(1));

  *entry.mutable_next_fetch_time() = ToProto(kNow + absl::Hours(8));
  *entry.mutable_readings()->mutable_asked_interval() = ToProto(absl::Hours(1));
  AdoptInterval(absl::Minutes(2), kNow, entry);
  EXPECT_EQ(FromProto(entry.next_fetch_time()), kNow + absl::Hours(1));
}

TEST(SourceScheduleTest, TheSameIntervalOfTheSourceChangesNothing) {
  v1::UrlEntry entry = Entry(absl::Hours(8));
  *entry.mutable_next_fetch_time() = ToProto(kNow + absl::Hours(8));
  const std::string before = entry.SerializeAsString();
  AdoptInterval(kLeast, kNow, entry);
  EXPECT_EQ(entry.SerializeAsString(), before);
}

}  // namespace
}  // namespace dateline::fetcher

#include "fetcher/core/schedule.h"

#include "fetcher/core/proto_time.h"
#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

v1::UrlEntry Page(absl::Duration interval, int failures) {
  v1::UrlEntry entry;
  entry.set_purpose(v1::FETCH_PURPOSE_PAGE);
  *entry.mutable_interval() = ToProto(interval);
  entry.set_consecutive_failures(failures);
  return entry;
}

v1::UrlEntry Source(absl::Duration interval, int failures) {
  v1::UrlEntry entry = Page(interval, failures);
  entry.set_purpose(v1::FETCH_PURPOSE_SOURCE);
  return entry;
}

TEST(ScheduleTest, LooksAtPagesAgainAfterAnHourAndADay) {
  const ScheduleRules rules;
  const NextLook first = NextFetch(Page(absl::ZeroDuration(), 0),
                                   v1::FETCH_OUTCOME_FETCHED, rules, kNow);
  EXPECT_EQ(first.time, kNow + absl::Hours(1));
  const absl::Time hour = *first.time;
  const NextLook second = NextFetch(Page(first.interval, 0),
                                    v1::FETCH_OUTCOME_UNCHANGED, rules, hour);
  EXPECT_EQ(second.time, kNow + absl::Hours(24));
  const NextLook third =
      NextFetch(Page(second.interval, 0), v1::FETCH_OUTCOME_UNCHANGED, rules,
                *second.time);
  EXPECT_EQ(third.time, std::nullopt);
}

TEST(ScheduleTest, FailuresBackOffAndAreGivenUp) {
  const ScheduleRules rules;
  absl::Duration expected = absl::Minutes(1);
  for (int failures = 1; failures < rules.most_failures; ++failures) {
    const NextLook next = NextFetch(Page(absl::Hours(1), failures),
                                    v1::FETCH_OUTCOME_FAILED, rules, kNow);
    EXPECT_EQ(next.time, kNow + expected) << failures;
    EXPECT_EQ(next.interval, absl::Hours(1));
    expected *= 2;
  }
  EXPECT_EQ(NextFetch(Page(absl::ZeroDuration(), rules.most_failures),
                      v1::FETCH_OUTCOME_FAILED, rules, kNow)
                .time,
            std::nullopt);
}

TEST(ScheduleTest, RefusedPagesAreNotAskedForAgain) {
  EXPECT_EQ(NextFetch(Page(absl::ZeroDuration(), 0), v1::FETCH_OUTCOME_REFUSED,
                      {}, kNow)
                .time,
            std::nullopt);
}

TEST(ScheduleTest, SourcesFollowTheirInterval) {
  for (const v1::FetchOutcome outcome :
       {v1::FETCH_OUTCOME_FETCHED, v1::FETCH_OUTCOME_UNCHANGED,
        v1::FETCH_OUTCOME_SKIPPED, v1::FETCH_OUTCOME_REFUSED}) {
    EXPECT_EQ(NextFetch(Source(absl::Minutes(10), 0), outcome, {}, kNow).time,
              kNow + absl::Minutes(10));
  }
  EXPECT_EQ(NextFetch(Source(absl::Minutes(10), 3), v1::FETCH_OUTCOME_FAILED,
                      {}, kNow)
                .time,
            kNow + absl::Minutes(10));
  EXPECT_EQ(NextFetch(Source(absl::Minutes(10), 1000), v1::FETCH_OUTCOME_FAILED,
                      {}, kNow)
                .time,
            kNow + absl::Hours(24));
}

TEST(ScheduleTest, BusyHostsAreLeftAloneEverLonger) {
  FetchResult busy;
  busy.status = 429;
  busy.end_time = kNow;
  v1::HostState state;
  for (const absl::Duration wait :
       {absl::Seconds(30), absl::Minutes(1), absl::Minutes(2)}) {
    state = AfterRequest(state, busy, 0);
    EXPECT_EQ(FromProto(state.back_off_until()), kNow + wait);
  }
  v1::HttpHeader& header = busy.headers.emplace_back();
  header.set_name("Retry-After");
  header.set_value("7");
  state = AfterRequest(state, busy, 0);
  EXPECT_EQ(FromProto(state.back_off_until()), kNow + absl::Minutes(4));
  busy.headers[0].set_value("1800");
  state = AfterRequest(state, busy, 0);
  EXPECT_EQ(FromProto(state.back_off_until()), kNow + absl::Minutes(30));
  busy.headers[0].set_value("Tue, 14 Nov 2023 23:13:20 GMT");
  state = AfterRequest(state, busy, 0);
  EXPECT_EQ(FromProto(state.back_off_until()), kNow + absl::Hours(1));
  FetchResult silence;
  silence.error = FetchError::kTimeout;
  silence.end_time = kNow;
  state = AfterRequest(state, silence, 0);
  EXPECT_EQ(state.consecutive_back_offs(), 6);
  busy.status = 200;
  state = AfterRequest(state, busy, 0);
  EXPECT_FALSE(state.has_back_off_until());
  EXPECT_EQ(state.consecutive_back_offs(), 0);
  EXPECT_EQ(state.revision(), 8);
}

TEST(ScheduleTest, BackOffsAreSpreadByAQuarter) {
  FetchResult busy;
  busy.status = 503;
  busy.end_time = kNow;
  const v1::HostState state = AfterRequest({}, busy, 1);
  EXPECT_EQ(FromProto(state.back_off_until()), kNow + absl::Seconds(37.5));
}

}  // namespace
}  // namespace dateline::fetcher

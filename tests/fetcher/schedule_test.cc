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

TEST(ScheduleTest, LooksAtPagesAgainAfterAnHourAndADay) {
  const ScheduleRules rules;
  const NextLook first = NextPageFetch(Page(absl::ZeroDuration(), 0),
                                       v1::FETCH_OUTCOME_FETCHED, rules, kNow);
  EXPECT_EQ(first.time, kNow + absl::Hours(1));
  const absl::Time hour = *first.time;
  const NextLook second = NextPageFetch(
      Page(first.interval, 0), v1::FETCH_OUTCOME_UNCHANGED, rules, hour);
  EXPECT_EQ(second.time, kNow + absl::Hours(24));
  const NextLook third =
      NextPageFetch(Page(second.interval, 0), v1::FETCH_OUTCOME_UNCHANGED,
                    rules, *second.time);
  EXPECT_EQ(third.time, std::nullopt);
}

TEST(ScheduleTest, FailuresBackOffAndAreGivenUp) {
  const ScheduleRules rules;
  absl::Duration expected = absl::Minutes(1);
  for (int failures = 1; failures < rules.most_failures; ++failures) {
    const NextLook next = NextPageFetch(Page(absl::Hours(1), failures),
                                        v1::FETCH_OUTCOME_FAILED, rules, kNow);
    EXPECT_EQ(next.time, kNow + expected) << failures;
    EXPECT_EQ(next.interval, absl::Hours(1));
    expected *= 2;
  }
  EXPECT_EQ(NextPageFetch(Page(absl::ZeroDuration(), rules.most_failures),
                          v1::FETCH_OUTCOME_FAILED, rules, kNow)
                .time,
            std::nullopt);
}

TEST(ScheduleTest, RefusedPagesAreNotAskedForAgain) {
  EXPECT_EQ(NextPageFetch(Page(absl::ZeroDuration(), 0),
                          v1::FETCH_OUTCOME_REFUSED, {}, kNow)
                .time,
            std::nullopt);
}

TEST(ScheduleTest, CountsRevisitsFromTheFirstFetch) {
  v1::UrlEntry entry = Page(absl::Hours(1), 0);
  *entry.mutable_first_fetch_time() = ToProto(kNow);
  const auto at = [&](absl::Duration age) {
    return NextPageFetch(entry, v1::FETCH_OUTCOME_UNCHANGED, {}, kNow + age);
  };
  EXPECT_EQ(at(absl::Hours(1)).time, kNow + absl::Hours(24));
  EXPECT_EQ(at(absl::Hours(23)).time, kNow + absl::Hours(24));
  EXPECT_EQ(at(absl::Hours(24)).time, std::nullopt);
  EXPECT_EQ(at(absl::Hours(50)).time, std::nullopt);
}

TEST(ScheduleTest, NeverLooksAgainWithoutRevisits) {
  ScheduleRules rules;
  rules.revisits = ParseRevisits("").value();
  EXPECT_EQ(NextPageFetch(Page(absl::ZeroDuration(), 0),
                          v1::FETCH_OUTCOME_FETCHED, rules, kNow)
                .time,
            std::nullopt);
}

TEST(ScheduleTest, ReadsRevisits) {
  EXPECT_EQ(ParseRevisits("1h,24h").value(), ScheduleRules().revisits);
  EXPECT_EQ(
      ParseRevisits("90s, 1h30m").value(),
      (std::vector<absl::Duration>{absl::Seconds(90), absl::Minutes(90)}));
  for (const char* wrong : {"1d", "an hour", "1h,,2h", "1h,", "2h,1h", "1h,1h",
                            "30s", "-1h", "inf"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseRevisits(wrong).status()))
        << wrong;
  }
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

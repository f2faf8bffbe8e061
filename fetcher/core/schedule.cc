#include "fetcher/core/schedule.h"

#include <algorithm>

#include "absl/strings/numbers.h"
#include "fetcher/core/proto_time.h"

namespace dateline::fetcher {
namespace {

constexpr absl::Duration kDefaultSourceInterval = absl::Minutes(5);
constexpr absl::Duration kLeastSourceInterval = absl::Minutes(1);
constexpr absl::Duration kMostSourceInterval = absl::Hours(24);
constexpr absl::Duration kFirstBackOff = absl::Seconds(30);
constexpr absl::Duration kLongestBackOff = absl::Hours(1);
constexpr absl::Duration kLongestRetryAfter = absl::Hours(24);

// first * 2^(times - 1), at most `longest`.
absl::Duration Doubled(absl::Duration first, int times,
                       absl::Duration longest) {
  absl::Duration wait = first;
  for (int i = 1; i < times && wait < longest; ++i) wait *= 2;
  return std::min(wait, longest);
}

NextLook NextSourceFetch(const v1::UrlEntry& entry, bool failed,
                         const ScheduleRules& rules, absl::Time now) {
  absl::Duration interval = FromProto(entry.interval());
  if (interval <= absl::ZeroDuration()) interval = kDefaultSourceInterval;
  absl::Duration wait = interval;
  if (failed) {
    wait =
        std::max(wait, Doubled(rules.first_retry, entry.consecutive_failures(),
                               rules.longest_retry));
  }
  return {now + wait, interval};
}

// UrlEntry.interval of a page is the age of the revisit it waits for.
NextLook NextPageFetch(const v1::UrlEntry& entry, const ScheduleRules& rules,
                       absl::Time now) {
  const absl::Duration age = FromProto(entry.interval());
  const auto next =
      std::upper_bound(rules.revisits.begin(), rules.revisits.end(), age);
  if (next == rules.revisits.end()) return {std::nullopt, age};
  return {now + (*next - age), *next};
}

// Zero where there is none.
absl::Duration RetryAfter(const FetchResult& result) {
  const absl::string_view value =
      FindHttpHeader(result.headers, "retry-after").value_or("");
  int64_t seconds = 0;
  absl::Time time;
  absl::Duration wait = absl::ZeroDuration();
  if (absl::SimpleAtoi(value, &seconds)) {
    wait = absl::Seconds(seconds);
  } else if (absl::ParseTime("%a, %d %b %Y %H:%M:%S GMT", value, &time,
                             nullptr)) {
    wait = time - result.end_time;
  }
  return std::clamp(wait, absl::ZeroDuration(), kLongestRetryAfter);
}

}  // namespace

absl::Duration SourceInterval(const v1::Source& source) {
  if (!source.has_interval()) return kDefaultSourceInterval;
  return std::clamp(FromProto(source.interval()), kLeastSourceInterval,
                    kMostSourceInterval);
}

NextLook NextFetch(const v1::UrlEntry& entry, v1::FetchOutcome outcome,
                   const ScheduleRules& rules, absl::Time now) {
  const bool failed = outcome == v1::FETCH_OUTCOME_FAILED;
  if (entry.purpose() == v1::FETCH_PURPOSE_SOURCE) {
    return NextSourceFetch(entry, failed, rules, now);
  }
  const absl::Duration age = FromProto(entry.interval());
  if (failed) {
    if (entry.consecutive_failures() >= rules.most_failures) {
      return {std::nullopt, age};
    }
    return {now + Doubled(rules.first_retry, entry.consecutive_failures(),
                          rules.longest_retry),
            age};
  }
  if (outcome == v1::FETCH_OUTCOME_REFUSED) return {std::nullopt, age};
  return NextPageFetch(entry, rules, now);
}

v1::HostState AfterRequest(v1::HostState state, const FetchResult& result,
                           double jitter) {
  *state.mutable_last_request_time() = ToProto(result.end_time);
  if (!result.address.empty()) state.set_address(result.address);
  state.set_revision(state.revision() + 1);
  if (result.status != 429 && result.status != 503) {
    // No answer at all is no sign that the host has recovered.
    if (result.status != 0) state.set_consecutive_back_offs(0);
    state.clear_back_off_until();
    return state;
  }
  state.set_consecutive_back_offs(state.consecutive_back_offs() + 1);
  const absl::Duration doubled =
      Doubled(kFirstBackOff, state.consecutive_back_offs(), kLongestBackOff) *
      (1 + jitter / 4);
  const absl::Duration wait = std::max(doubled, RetryAfter(result));
  *state.mutable_back_off_until() = ToProto(result.end_time + wait);
  return state;
}

}  // namespace dateline::fetcher

#include "fetcher/core/schedule.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "fetcher/core/proto_time.h"

namespace dateline::fetcher {
namespace {

constexpr absl::Duration kLeastRevisit = absl::Minutes(1);
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

absl::StatusOr<std::vector<absl::Duration>> ParseRevisits(
    absl::string_view text) {
  std::vector<absl::Duration> revisits;
  if (text.empty()) return revisits;
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    absl::Duration age;
    if (!absl::ParseDuration(absl::StripAsciiWhitespace(part), &age) ||
        age < kLeastRevisit || age == absl::InfiniteDuration()) {
      return absl::InvalidArgumentError(absl::StrCat(
          "'", part, "' is no duration of a minute or more, as 1h or 90m"));
    }
    if (!revisits.empty() && age <= revisits.back()) {
      return absl::InvalidArgumentError(
          absl::StrCat("'", text, "' does not rise from one to the next"));
    }
    revisits.push_back(age);
  }
  return revisits;
}

absl::Duration RetryWait(int consecutive_failures, const ScheduleRules& rules) {
  return Doubled(rules.first_retry, consecutive_failures, rules.longest_retry);
}

NextLook NextPageFetch(const v1::UrlEntry& entry, v1::FetchOutcome outcome,
                       const ScheduleRules& rules, absl::Time now) {
  const absl::Duration age = FromProto(entry.interval());
  if (outcome == v1::FETCH_OUTCOME_FAILED) {
    if (entry.consecutive_failures() >= rules.most_failures) {
      return {std::nullopt, age};
    }
    return {now + RetryWait(entry.consecutive_failures(), rules), age};
  }
  if (outcome == v1::FETCH_OUTCOME_REFUSED) return {std::nullopt, age};
  const absl::Time first = entry.has_first_fetch_time()
                               ? FromProto(entry.first_fetch_time())
                               : now - age;
  const auto next = std::upper_bound(
      rules.revisits.begin(), rules.revisits.end(), std::max(age, now - first));
  if (next == rules.revisits.end()) {
    return {std::nullopt, std::max(age, now - first)};
  }
  return {first + *next, *next};
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

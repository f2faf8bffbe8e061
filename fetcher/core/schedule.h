#ifndef DATELINE_FETCHER_CORE_SCHEDULE_H_
#define DATELINE_FETCHER_CORE_SCHEDULE_H_

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dateline/v1/fetch.pb.h"
#include "dateline/v1/frontier.pb.h"
#include "fetcher/core/fetch_result.h"

namespace dateline::fetcher {

// When to look again.
struct ScheduleRules {
  // Ages at which a page is looked at again, rising; then never more.
  std::vector<absl::Duration> revisits = {absl::Hours(1), absl::Hours(24)};
  // A failure waits this long, the next twice as long, and so on.
  absl::Duration first_retry = absl::Minutes(1);
  absl::Duration longest_retry = absl::Hours(24);
  // A page is given up at this many failures in a row; a source never is.
  int most_failures = 10;
};

// Reads "1h,24h" into ScheduleRules.revisits; an empty text is no revisits.
// kInvalidArgument where it is no rising list of durations of a minute or more.
absl::StatusOr<std::vector<absl::Duration>> ParseRevisits(
    absl::string_view text);

struct NextLook {
  std::optional<absl::Time> time;  // none: not to be fetched again
  absl::Duration interval;         // for UrlEntry.interval
};

// When to fetch a page again whose fetch has ended so at `now`. `entry` holds
// interval as before that fetch, and first_fetch_time and consecutive_failures
// as after it. Revisits are counted from the first fetch; those that a late one
// has overtaken are left out.
NextLook NextPageFetch(const v1::UrlEntry& entry, v1::FetchOutcome outcome,
                       const ScheduleRules& rules, absl::Time now);

// How long a failed fetch waits: rules.first_retry, doubling with each failure
// in a row to rules.longest_retry.
absl::Duration RetryWait(int consecutive_failures, const ScheduleRules& rules);

// A host's state after it was asked: the time, the address, and after 429 and
// 503 how long to leave it alone: half a minute, doubling to an hour at most,
// then longer by up to a quarter, as `jitter` from 0 to 1 says; never shorter
// than Retry-After (RFC 9110 §10.2.3), of which a day is believed. Raises the
// revision.
v1::HostState AfterRequest(v1::HostState state, const FetchResult& result,
                           double jitter);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_SCHEDULE_H_

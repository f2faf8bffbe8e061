#ifndef DATELINE_FETCHER_CORE_SCHEDULE_H_
#define DATELINE_FETCHER_CORE_SCHEDULE_H_

#include <optional>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dateline/v1/fetch.pb.h"
#include "dateline/v1/frontier.pb.h"
#include "dateline/v1/source.pb.h"
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

// The interval of a source: its own, or the default of five minutes, between a
// minute and a day.
absl::Duration SourceInterval(const v1::Source& source);

struct NextLook {
  std::optional<absl::Time> time;  // none: not to be fetched again
  absl::Duration interval;         // for UrlEntry.interval
};

// When to fetch a URL again whose fetch has ended so at `now`. `entry` holds
// purpose and interval as before that fetch and consecutive_failures as after
// it.
NextLook NextFetch(const v1::UrlEntry& entry, v1::FetchOutcome outcome,
                   const ScheduleRules& rules, absl::Time now);

// A host's state after it was asked: the time, the address, and after 429 and
// 503 how long to leave it alone: half a minute, doubling to an hour at most,
// then longer by up to a quarter, as `jitter` from 0 to 1 says; never shorter
// than Retry-After (RFC 9110 §10.2.3), of which a day is believed. Raises the
// revision.
v1::HostState AfterRequest(v1::HostState state, const FetchResult& result,
                           double jitter);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_SCHEDULE_H_

#ifndef DATELINE_FETCHER_CORE_SOURCE_SCHEDULE_H_
#define DATELINE_FETCHER_CORE_SOURCE_SCHEDULE_H_

#include "absl/time/time.h"
#include "dateline/v1/frontier.pb.h"
#include "dateline/v1/source.pb.h"
#include "fetcher/core/fetch_result.h"
#include "fetcher/core/schedule.h"

namespace dateline::fetcher {

// When to look at a source again. The interval between looks begins at the
// source's own, the least there is. A look that finds a URL that is new halves
// it, one that finds none makes it half as long again, so that it settles where
// about one look in three finds something. It never exceeds the usual time
// between two new URLs (SourceReadings.urls_per_day), so that a night without
// news does not put off the morning's, and is at most a day.
//
// The next look comes after that interval, but not sooner than the publisher
// asks: by the feed itself (SourceReadings) or by the freshness of the answer.
// Nothing puts it off for more than a day.

// The least interval of a source: its own, or the default of five minutes,
// between a minute and a day.
absl::Duration SourceInterval(const v1::Source& source);
// The same of a source that is not known any more.
absl::Duration DefaultSourceInterval();

// How long an answer says that it will be fresh (RFC 9111 §4.2): max-age less
// Age, or Expires less Date. Zero where it says nothing, or no-cache or
// no-store.
absl::Duration FreshFor(const FetchResult& result);

// What a look at a source came to.
struct SourceLook {
  absl::Duration least;  // SourceInterval of the source
  bool failed = false;
  bool found_new = false;
  absl::Duration fresh_for;
};

// `entry` holds the interval as before the look, its failures and readings as
// after it. A failed look leaves the interval as it is, and waits at least as
// long as any failed fetch.
NextLook NextSourceLook(const v1::UrlEntry& entry, const SourceLook& look,
                        const ScheduleRules& rules, absl::Time now);

// Where the source's own interval is another than `entry` was scheduled by,
// begins anew with it: the next look is no later than so long from `now`, but
// for what the feed asks. Otherwise changes nothing, so that neither a restart
// nor a rebalance forgets the interval.
void AdoptInterval(absl::Duration least, absl::Time now, v1::UrlEntry& entry);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_SOURCE_SCHEDULE_H_

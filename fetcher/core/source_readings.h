#ifndef DATELINE_FETCHER_CORE_SOURCE_READINGS_H_
#define DATELINE_FETCHER_CORE_SOURCE_READINGS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "dateline/v1/frontier.pb.h"
#include "fetcher/core/feed_pace.h"

namespace dateline::fetcher {

// Takes a reading of a source at `now` into what is known of it. Returns how
// many of the URLs it named are new to it; all are, the first time. That first
// reading, a backlog, does not count for the usual volume.
int64_t TakeReading(const std::vector<v1::Submission>& named,
                    const FeedPace& pace, absl::Time now,
                    v1::SourceReadings& readings);

// How a source stands, over all the URLs that are read for it.
struct SourceStanding {
  std::string name;  // Source.name
  absl::Time last_success = absl::InfinitePast();
  absl::Time last_new = absl::InfinitePast();
  // A URL that several of its feeds name counts for each.
  double urls_per_day = 0;
  // Nothing new for so long as is most unlikely at the usual volume of its
  // busiest URL: eight times the usual time between two new ones, and at least
  // a day, at most thirty.
  bool is_quiet = false;
};

// By name. `entries` are those of FETCH_PURPOSE_SOURCE, in any order; sources
// that were never read are there, too.
std::vector<SourceStanding> StandingsOf(
    const std::vector<v1::UrlEntry>& entries, absl::Time now);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_SOURCE_READINGS_H_

#ifndef DATELINE_FETCHER_CORE_ROBOTS_ROBOTS_CACHE_H_
#define DATELINE_FETCHER_CORE_ROBOTS_ROBOTS_CACHE_H_

#include "absl/time/time.h"

namespace dateline::fetcher {

// What to go by until robots.txt is asked for again.
enum class RobotsVerdict {
  kUseReceived,  // the rules just received
  kKeepCached,   // the rules received before
  kAllowAll,
  kDisallowAll,
};

// How asking for a robots.txt ended.
struct RobotsAnswer {
  // Of the last answer; 0 where the host could not be reached.
  int status = 0;
  // More than five redirects (§2.3.1.2).
  bool too_many_redirects = false;
};

struct RobotsDecision {
  RobotsVerdict verdict = RobotsVerdict::kDisallowAll;
  // After which robots.txt is to be asked for again.
  absl::Duration lifetime;

  bool operator==(const RobotsDecision&) const = default;
};

// RFC 9309 §2.3.1 and §2.4. `has_cached` says whether rules received before are
// at hand, however old.
//
//   2xx                          the rules received         a day
//   304                          the cached copy            a day
//   other 3xx, 4xx, redirects    everything is allowed      a day
//   429, 5xx, unreachable        the cached copy, or        half an hour
//                                nothing is allowed         a minute
//
// The RFC lets 429 pass as any other 4xx; a host that asks for less gets less.
RobotsDecision JudgeRobotsAnswer(const RobotsAnswer& answer, bool has_cached);

// Whether what was received that long ago may still be gone by without asking:
// for a day (§2.4).
bool IsRobotsFresh(absl::Duration age);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_ROBOTS_ROBOTS_CACHE_H_

#ifndef DATELINE_FETCHER_CORE_ROBOTS_STATE_H_
#define DATELINE_FETCHER_CORE_ROBOTS_STATE_H_

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dateline/v1/frontier.pb.h"
#include "fetcher/core/fetch_result.h"
#include "fetcher/core/robots/robots_rules.h"

namespace dateline::fetcher {

// What a host's state says of its robots.txt.
struct RobotsStanding {
  // InfinitePast where it was never asked for.
  absl::Time ask_again = absl::InfinitePast();
  // Nothing may be fetched until it was asked for again: it could not be had.
  bool unreachable = false;
  // The default, which allows everything, where nothing was received.
  RobotsRules rules;
};

// `product_token` as for ParseRobots.
RobotsStanding StandingOf(const v1::HostState& state,
                          absl::string_view product_token);

// The state once robots.txt was asked for (RFC 9309 §2.3.1); but for
// robots_* as `state`. What could not be had leaves the copy received before.
// An empty file is kept as one empty line, to tell it from none. A request that
// our own rules stopped (kAddressRefused, kNoContact) changes nothing.
v1::HostState AfterRobots(v1::HostState state, const FetchResult& result);

// "https://a.example/robots.txt" for a URL of that host. Empty where it is no
// URL.
std::string RobotsUrlOf(absl::string_view url);

// What robots rules are asked about: "/path?query".
std::string PathAndQueryOf(absl::string_view url);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_ROBOTS_STATE_H_

#ifndef DATELINE_FETCHER_CORE_ROBOTS_ROBOTS_RULES_H_
#define DATELINE_FETCHER_CORE_ROBOTS_ROBOTS_RULES_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "fetcher/core/robots/path_pattern.h"

namespace dateline::fetcher {

// How much of a robots.txt is read (RFC 9309 §2.5).
inline constexpr size_t kMaxRobotsBytes = 500 * 1024;

struct RobotsRule {
  PathPattern pattern;
  bool allow = false;
};

// What a robots.txt says to one crawler. The default allows everything.
struct RobotsRules {
  // In the order they are tried in: the longest first, Allow before Disallow of
  // the same length, none twice.
  std::vector<RobotsRule> rules;

  // Not part of the RFC; at most a day. None where the file doesn't say.
  std::optional<absl::Duration> crawl_delay;

  // The `Sitemap` lines, which belong to no group, as written; at most 1,000.
  std::vector<std::string> sitemaps;
};

// Reads a robots.txt by RFC 9309, as much of it as makes sense; what is no
// robots.txt (an HTML page) has no rules. Beyond kMaxRobotsBytes nothing is
// read, and a line cut by that bound is left out.
//
// `product_token` is the crawler's name ("Dateline"); what follows letters, "_"
// and "-" ("/1.0") is left out, here and in the file. The rules are those of
// all groups that name it, in any case; else of all groups for "*"; else none.
//
// Beyond the RFC: "Disallow /path" without colon is read, and Crawl-delay
// holds for the User-agent lines right above it. Of several, the longest holds.
RobotsRules ParseRobots(absl::string_view text,
                        absl::string_view product_token);

// Whether a URL may be fetched, by the longest pattern that matches (§2.2.2).
// `path_and_query` as in Url: "/path?query". /robots.txt always may.
bool Allows(const RobotsRules& rules, absl::string_view path_and_query);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_ROBOTS_ROBOTS_RULES_H_

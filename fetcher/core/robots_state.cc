#include "fetcher/core/robots_state.h"

#include "absl/strings/str_cat.h"
#include "common/url.h"
#include "fetcher/core/proto_time.h"
#include "fetcher/core/robots/robots_cache.h"

namespace dateline::fetcher {

RobotsStanding StandingOf(const v1::HostState& state,
                          absl::string_view product_token) {
  RobotsStanding standing;
  if (!state.has_robots_fetch_time()) return standing;
  const RobotsDecision decision = JudgeRobotsAnswer(
      {state.robots_status(), false}, !state.robots_txt().empty());
  standing.ask_again = FromProto(state.robots_fetch_time()) + decision.lifetime;
  standing.unreachable = decision.verdict == RobotsVerdict::kDisallowAll;
  if (decision.verdict == RobotsVerdict::kUseReceived ||
      decision.verdict == RobotsVerdict::kKeepCached) {
    standing.rules = ParseRobots(state.robots_txt(), product_token);
  }
  return standing;
}

v1::HostState AfterRobots(v1::HostState state, const FetchResult& result) {
  if (result.error == FetchError::kAddressRefused ||
      result.error == FetchError::kNoContact) {
    return state;
  }
  // Redirects that lead nowhere are an answer (§2.3.1.2); half a file is none.
  const bool is_answer = result.error == FetchError::kNone ||
                         result.error == FetchError::kTooManyRedirects ||
                         result.error == FetchError::kBadRedirect;
  const int status = is_answer ? result.status : 0;
  *state.mutable_robots_fetch_time() = ToProto(result.end_time);
  state.set_robots_status(status);
  if (status >= 200 && status < 300) {
    state.set_robots_txt(result.body.empty()
                             ? std::string("\n")
                             : result.body.substr(0, kMaxRobotsBytes));
  } else if (JudgeRobotsAnswer({status, false}, true).verdict ==
             RobotsVerdict::kAllowAll) {
    state.clear_robots_txt();
  }
  return state;
}

std::string RobotsUrlOf(absl::string_view url) {
  const absl::StatusOr<Url> parsed = ParseUrl(url);
  if (!parsed.ok()) return "";
  return absl::StrCat(parsed->scheme, "://", parsed->HostPort(), "/robots.txt");
}

std::string PathAndQueryOf(absl::string_view url) {
  const absl::StatusOr<Url> parsed = ParseUrl(url);
  if (!parsed.ok()) return "/";
  return parsed->query.empty() ? parsed->path
                               : absl::StrCat(parsed->path, "?", parsed->query);
}

}  // namespace dateline::fetcher

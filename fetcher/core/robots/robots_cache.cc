#include "fetcher/core/robots/robots_cache.h"

namespace dateline::fetcher {
namespace {

constexpr absl::Duration kLifetime = absl::Hours(24);
constexpr absl::Duration kRetry = absl::Minutes(30);
constexpr absl::Duration kRetryOfNone = absl::Minutes(1);

}  // namespace

RobotsDecision JudgeRobotsAnswer(const RobotsAnswer& answer, bool has_cached) {
  if (answer.too_many_redirects) return {RobotsVerdict::kAllowAll, kLifetime};
  const int status = answer.status;
  if (status >= 200 && status < 300) {
    return {RobotsVerdict::kUseReceived, kLifetime};
  }
  if (status == 304 && has_cached) {
    return {RobotsVerdict::kKeepCached, kLifetime};
  }
  if (status >= 300 && status < 500 && status != 429) {
    return {RobotsVerdict::kAllowAll, kLifetime};
  }
  if (has_cached) return {RobotsVerdict::kKeepCached, kRetry};
  return {RobotsVerdict::kDisallowAll, kRetryOfNone};
}

bool IsRobotsFresh(absl::Duration age) {
  return age >= absl::ZeroDuration() && age < kLifetime;
}

}  // namespace dateline::fetcher

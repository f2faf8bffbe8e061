#include "parser/core/article_time_choice.h"

#include <unicode/strenum.h>
#include <unicode/timezone.h>

#include <algorithm>
#include <array>
#include <memory>
#include <string>

#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace dateline {
namespace {

// The day of the stated wall clock.
absl::CivilDay DayOf(const v1::ArticleTime& time) {
  return absl::ToCivilDay(
      absl::FromUnixSeconds(time.time().seconds() + time.offset_minutes() * 60),
      absl::UTCTimeZone());
}

// Whether the wall clock says midnight, as it does where only the day is known.
bool IsMidnight(const v1::ArticleTime& time) {
  return (time.time().seconds() + time.offset_minutes() * 60) % 86400 == 0;
}

bool IsDayOnly(const v1::ArticleTime& time) {
  return time.precision() == v1::TIME_PRECISION_DAY || IsMidnight(time);
}

// How much a source's word counts. A page dates itself in several places; what
// readers see counts, so that a date of the first draft doesn't win.
double WeightOf(const TimeCandidate& candidate) {
  switch (candidate.source) {
    case v1::EVIDENCE_SOURCE_JSON_LD:
      return candidate.detail == "dateCreated" ? 0.2 : 1.5;
    case v1::EVIDENCE_SOURCE_META:
      return candidate.detail == "article:published_time" ? 1.2
             : candidate.detail == "date"                 ? 0.5
             : candidate.detail == kOtherOrder            ? 0.5
                                                          : 0.7;
    case v1::EVIDENCE_SOURCE_MARKUP:
    case v1::EVIDENCE_SOURCE_MICRODATA:
      return 1.0;
    case v1::EVIDENCE_SOURCE_URL:
      return 0.8;
    default:
      return 0.4;
  }
}

// Whether two statements can mean the same day: they do by their own clocks, or
// one is in UTC and the other by a clock that may be hours away.
bool MaySameDay(const v1::ArticleTime& a, const v1::ArticleTime& b) {
  if (DayOf(a) == DayOf(b)) return true;
  if (a.precision() == v1::TIME_PRECISION_DAY ||
      b.precision() == v1::TIME_PRECISION_DAY) {
    return false;
  }
  const int64_t apart = a.time().seconds() - b.time().seconds();
  const int64_t most =
      a.offset_known() && b.offset_known() ? 3600 : int64_t{14} * 3600;
  return apart <= most && apart >= -most;
}

// The votes for the day that candidate `i` states: of each kind of source one,
// the first of the kind that stands behind that day.
double VotesFor(const std::vector<TimeCandidate>& candidates, size_t i) {
  double votes = 0;
  std::array<double, v1::EvidenceSource_ARRAYSIZE> by_source = {};
  int of_source[v1::EvidenceSource_ARRAYSIZE] = {};
  constexpr int kVisible = 2;
  for (size_t j = 0; j < candidates.size(); ++j) {
    const TimeCandidate& other = candidates[j];
    const auto source = static_cast<size_t>(other.source);
    // Far down a page stand the dates of other articles.
    if (other.source == v1::EVIDENCE_SOURCE_MARKUP &&
        of_source[source]++ >= kVisible) {
      continue;
    }
    if (!MaySameDay(candidates[i].time, other.time)) continue;
    const double weight = WeightOf(other);
    votes += std::max(0.0, weight - by_source[source]);
    by_source[source] = std::max(by_source[source], weight);
  }
  return votes;
}

}  // namespace

size_t BestTime(const std::vector<TimeCandidate>& candidates) {
  size_t best = 0;
  double best_votes = VotesFor(candidates, 0);
  for (size_t i = 1; i < std::min<size_t>(candidates.size(), 30); ++i) {
    const double votes = VotesFor(candidates, i);
    if (votes > best_votes + 0.15) {
      best = i;
      best_votes = votes;
    }
  }
  if (!IsDayOnly(candidates[best].time)) return best;
  for (size_t i = 0; i < candidates.size(); ++i) {
    if (!IsDayOnly(candidates[i].time) &&
        DayOf(candidates[i].time) == DayOf(candidates[best].time)) {
      return i;
    }
  }
  return best;
}

int OffsetByClock(const v1::ArticleTime& utc,
                  const std::vector<TimeCandidate>& candidates) {
  constexpr int64_t kMost = 14 * 3600;
  for (const TimeCandidate& candidate : candidates) {
    const v1::ArticleTime& seen = candidate.time;
    if (seen.offset_known() || candidate.source != v1::EVIDENCE_SOURCE_MARKUP) {
      continue;
    }
    const int64_t ahead = seen.time().seconds() - utc.time().seconds();
    if (seen.precision() != v1::TIME_PRECISION_DAY) {
      const int64_t steps = (ahead >= 0 ? ahead + 450 : ahead - 450) / 900;
      const int64_t rest = ahead - steps * 900;
      if (rest > -60 && rest <= 60 && steps * 900 <= kMost &&
          steps * 900 >= -kMost && !IsMidnight(seen)) {
        return static_cast<int>(steps * 15);
      }
      continue;
    }
    // The seen day begins `ahead` seconds after the stated time. Only a time on
    // the hour is likely to be midnight somewhere.
    if (ahead % 3600 != 0) continue;
    if (ahead > 0 && ahead <= 5 * 3600) {
      return static_cast<int>((ahead + 3599) / 3600 * 60);
    }
    if (ahead <= -86400 && ahead > -86400 - 9 * 3600) {
      return static_cast<int>((ahead + 86400) / 3600 * 60 - 60);
    }
    if (ahead <= 0) return 0;
  }
  return 0;
}

int OffsetOfMidnight(const v1::ArticleTime& utc, absl::string_view country) {
  constexpr int64_t kDay = 86400;
  const int64_t seconds = utc.time().seconds();
  if (country.size() != 2 || seconds % kDay == 0 || seconds % 1800 != 0) {
    return 0;
  }
  UErrorCode status = U_ZERO_ERROR;
  const std::unique_ptr<icu::StringEnumeration> zones(
      icu::TimeZone::createTimeZoneIDEnumeration(
          UCAL_ZONE_TYPE_CANONICAL_LOCATION, std::string(country).c_str(),
          nullptr, status));
  if (zones == nullptr || U_FAILURE(status)) return 0;
  int64_t offset = 0;
  for (const icu::UnicodeString* id = zones->snext(status);
       id != nullptr && U_SUCCESS(status); id = zones->snext(status)) {
    const std::unique_ptr<icu::TimeZone> zone(
        icu::TimeZone::createTimeZone(*id));
    int32_t raw = 0;
    int32_t saving = 0;
    zone->getOffset(static_cast<UDate>(seconds) * 1000, /*local=*/false, raw,
                    saving, status);
    offset = (int64_t{raw} + saving) / 1000;
    if (U_FAILURE(status) || (seconds + offset) % kDay != 0) return 0;
  }
  return static_cast<int>(offset / 60);
}

}  // namespace dateline

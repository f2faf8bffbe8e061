#include "fetcher/core/source_readings.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "common/sha256.h"
#include "fetcher/core/proto_time.h"

namespace dateline::fetcher {
namespace {

constexpr size_t kMostNamed = 2000;
// What is so old counts for 1/e.
constexpr absl::Duration kMemory = absl::Hours(7 * 24);
// Younger sources are taken for so old, so that a first new URL minutes after
// the first reading makes no hundreds a day.
constexpr absl::Duration kLeastAge = absl::Hours(24);
// At a steady mean, no new URL for so many usual gaps has a chance of e^-8.
constexpr double kQuietGaps = 8;
constexpr absl::Duration kLeastQuiet = absl::Hours(24);
constexpr absl::Duration kMostQuiet = absl::Hours(30 * 24);

uint32_t DigestOf(const std::string& url) {
  const std::string digest = Sha256(url);
  uint32_t head = 0;
  for (size_t i = 0; i < sizeof(head); ++i) {
    head = head << 8 | static_cast<unsigned char>(digest[i]);
  }
  return head;
}

std::vector<uint32_t> DigestsOf(const std::vector<v1::Submission>& named) {
  std::vector<uint32_t> digests;
  digests.reserve(named.size());
  for (const v1::Submission& submission : named) {
    digests.push_back(DigestOf(submission.url()));
  }
  std::sort(digests.begin(), digests.end());
  digests.erase(std::unique(digests.begin(), digests.end()), digests.end());
  return digests;
}

// How many of `digests`, all there are, the last reading did not name. Of a
// list that was cut only the lowest are known, and stand for the rest.
int64_t CountNew(const std::vector<uint32_t>& digests,
                 const v1::SourceReadings& readings) {
  const auto& known = readings.named();
  const bool was_cut = static_cast<size_t>(known.size()) >= kMostNamed;
  const auto comparable =
      was_cut
          ? std::upper_bound(digests.begin(), digests.end(), *(known.end() - 1))
          : digests.end();
  const int64_t count =
      std::count_if(digests.begin(), comparable, [&](uint32_t digest) {
        return !std::binary_search(known.begin(), known.end(), digest);
      });
  if (comparable == digests.begin()) return count;
  const double share = static_cast<double>(comparable - digests.begin()) /
                       static_cast<double>(digests.size());
  return std::llround(static_cast<double>(count) / share);
}

double Days(absl::Duration duration) {
  return absl::ToDoubleHours(duration) / 24;
}

// How much of the weight of all time the time since `first` has.
double WeightSince(absl::Time first, absl::Time now) {
  return 1 - std::exp(-absl::FDivDuration(std::max(now - first, kLeastAge),
                                          kMemory));
}

// An exponentially weighted mean over continuous time.
void TakeVolume(int64_t count, absl::Time now, v1::SourceReadings& readings) {
  const absl::Time first = FromProto(readings.first_read_time());
  const absl::Time last = FromProto(readings.last_new_time());
  const absl::Duration since = std::max(now - last, absl::Seconds(1));
  const double decay = std::exp(-absl::FDivDuration(since, kMemory));
  const double weighted = readings.urls_per_day() * WeightSince(first, last);
  const double rate = static_cast<double>(count) / Days(since);
  readings.set_urls_per_day((weighted * decay + rate * (1 - decay)) /
                            WeightSince(first, now));
}

absl::Duration QuietAfter(double urls_per_day) {
  if (urls_per_day <= 0) return kMostQuiet;
  return std::clamp(absl::Hours(24) * kQuietGaps / urls_per_day, kLeastQuiet,
                    kMostQuiet);
}

}  // namespace

int64_t TakeReading(const std::vector<v1::Submission>& named,
                    const FeedPace& pace, absl::Time now,
                    v1::SourceReadings& readings) {
  *readings.mutable_asked_interval() = ToProto(pace.interval);
  readings.set_skip_hours(pace.skip_hours);
  readings.set_skip_days(pace.skip_days);
  std::vector<uint32_t> digests = DigestsOf(named);
  const int64_t count = CountNew(digests, readings);
  if (!readings.has_first_read_time()) {
    *readings.mutable_first_read_time() = ToProto(now);
    *readings.mutable_last_new_time() = ToProto(now);
  } else if (count > 0) {
    TakeVolume(count, now, readings);
    *readings.mutable_last_new_time() = ToProto(now);
  }
  if (digests.empty()) return 0;  // most likely for the moment only
  digests.resize(std::min(digests.size(), kMostNamed));
  readings.mutable_named()->Assign(digests.begin(), digests.end());
  return count;
}

std::vector<SourceStanding> StandingsOf(
    const std::vector<v1::UrlEntry>& entries, absl::Time now) {
  std::map<std::string, SourceStanding> by_name;
  std::map<std::string, double> busiest;
  for (const v1::UrlEntry& entry : entries) {
    SourceStanding& standing = by_name[entry.hints().source()];
    const v1::SourceReadings& readings = entry.readings();
    if (readings.has_last_success_time()) {
      standing.last_success = std::max(standing.last_success,
                                       FromProto(readings.last_success_time()));
    }
    if (readings.has_last_new_time()) {
      standing.last_new =
          std::max(standing.last_new, FromProto(readings.last_new_time()));
    }
    standing.urls_per_day += readings.urls_per_day();
    double& most = busiest[entry.hints().source()];
    most = std::max(most, readings.urls_per_day());
  }
  std::vector<SourceStanding> standings;
  for (auto& [name, standing] : by_name) {
    standing.name = name;
    standing.is_quiet = standing.last_new > absl::InfinitePast() &&
                        now - standing.last_new > QuietAfter(busiest[name]);
    standings.push_back(std::move(standing));
  }
  return standings;
}

}  // namespace dateline::fetcher

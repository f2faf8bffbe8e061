#include "fetcher/url_lookups.h"

#include <iterator>
#include <utility>

#include "absl/status/status.h"

namespace dateline::fetcher {
namespace {

absl::Status Stopping() {
  return absl::UnavailableError("This replica is stopping.");
}

absl::Status StillReading() {
  return absl::UnavailableError(
      "The frontier is being read; the URL may be in what is left. Ask again "
      "in a moment.");
}

}  // namespace

void UrlLookups::Add(std::string url, absl::Time deadline, UrlCallback answer) {
  {
    absl::MutexLock lock(&mutex_);
    if (!closed_) {
      open_.push_back({std::move(url), deadline, std::move(answer)});
      return;
    }
  }
  answer(Stopping());
}

std::vector<UrlLookups::Lookup> UrlLookups::TakeOpen() {
  absl::MutexLock lock(&mutex_);
  return std::exchange(open_, {});
}

void UrlLookups::Answer(Frontier& frontier, absl::Time now) {
  struct Unknown {
    Lookup lookup;
    int32_t partition;
    absl::Status not_found;
  };
  std::vector<Unknown> unknown;
  std::set<int32_t> endless;
  for (Lookup& lookup : TakeOpen()) {
    absl::StatusOr<v1::UrlEntry> found = frontier.Find(lookup.url);
    if (!absl::IsNotFound(found.status())) {
      lookup.answer(std::move(found));
      continue;
    }
    const int32_t partition = frontier.PartitionOf(lookup.url);
    if (lookup.read_to < 0) endless.insert(partition);
    unknown.push_back({std::move(lookup), partition, found.status()});
  }
  if (unknown.empty()) return;
  std::map<int32_t, int64_t> ends;
  if (!endless.empty()) ends = frontier.WrittenEnds(endless);
  std::vector<Lookup> left;
  for (auto& [lookup, partition, not_found] : unknown) {
    if (const auto end = ends.find(partition);
        lookup.read_to < 0 && end != ends.end()) {
      lookup.read_to = end->second;
    }
    if (lookup.read_to >= 0 && frontier.ReadTo(partition) >= lookup.read_to) {
      lookup.answer(std::move(not_found));
    } else if (now >= lookup.deadline) {
      lookup.answer(StillReading());
    } else {
      left.push_back(std::move(lookup));
    }
  }
  {
    absl::MutexLock lock(&mutex_);
    if (!closed_) {
      std::move(left.begin(), left.end(), std::back_inserter(open_));
      return;
    }
  }
  for (const Lookup& lookup : left) lookup.answer(Stopping());
}

void UrlLookups::Close() {
  {
    absl::MutexLock lock(&mutex_);
    closed_ = true;
  }
  for (const Lookup& lookup : TakeOpen()) lookup.answer(Stopping());
}

}  // namespace dateline::fetcher

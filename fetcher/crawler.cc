#include "fetcher/crawler.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "fetcher/core/robots_state.h"
#include "fetcher/core/schedule.h"
#include "fetcher/core/sitemap/sitemap.h"

namespace dateline::fetcher {
namespace {

// What one more answer counts for in the mean of their sizes.
constexpr double kMeanShare = 1.0 / 32;

// What the client held of an answer at most, one that was too large too.
double HeldBytes(const FetchResult& result) {
  return std::max(static_cast<double>(BytesOf(result)),
                  static_cast<double>(result.body_bytes));
}

HttpRequest RequestFor(const FetchTask& task) {
  HttpRequest request;
  request.url = task.entry.url();
  request.redirect_delay = task.delay;
  if (task.entry.purpose() == v1::FETCH_PURPOSE_ROBOTS) {
    // Its redirects are followed wherever they lead (RFC 9309 §2.3.1.2).
    request.max_body_bytes = static_cast<int64_t>(kMaxRobotsBytes);
    request.cut_body = true;
    return request;
  }
  request.etag = task.entry.etag();
  request.last_modified = task.entry.last_modified();
  request.stay_on_host = true;
  request.redirects_before = task.entry.redirects();
  request.rules = task.rules;
  if (task.entry.purpose() == v1::FETCH_PURPOSE_SOURCE) {
    request.max_body_bytes = static_cast<int64_t>(kMaxSitemapBytes);
  } else {
    request.keep_codings = true;
  }
  return request;
}

}  // namespace

Crawler::Crawler(const CrawlerOptions& options, HttpClient* http,
                 const Clock* clock)
    : options_(options),
      http_(*http),
      clock_(*clock),
      frontier_(options.frontier) {}

void Crawler::AddPartition(int32_t partition) {
  absl::MutexLock lock(&mutex_);
  frontier_.AddPartition(partition);
}

void Crawler::FinishLoading(int32_t partition) {
  absl::MutexLock lock(&mutex_);
  frontier_.FinishLoading(partition);
}

void Crawler::RemovePartition(int32_t partition) {
  absl::MutexLock lock(&mutex_);
  frontier_.RemovePartition(partition);
}

bool Crawler::IsLoaded(int32_t partition) const {
  absl::MutexLock lock(&mutex_);
  return frontier_.IsLoaded(partition);
}

absl::Status Crawler::Apply(const kafka::Record& record) {
  std::optional<absl::string_view> value;
  if (record.value.has_value()) value = *record.value;
  absl::MutexLock lock(&mutex_);
  return frontier_.Apply(record.partition.partition, record.key, value,
                         clock_.Now());
}

void Crawler::SetSources(const std::vector<v1::Source>& sources,
                         int32_t partition_count) {
  absl::MutexLock lock(&mutex_);
  frontier_.SetSources(sources, partition_count, clock_.Now());
  knows_sources_ = true;
}

std::vector<FetchTask> Crawler::TakeDue() {
  absl::MutexLock lock(&mutex_);
  if (!taking_ || !knows_sources_ || in_flight_ >= MostInFlight() ||
      waiting_fetches_ >= options_.max_waiting_fetches ||
      waiting_bytes_ >= options_.max_waiting_bytes) {
    return {};
  }
  std::vector<FetchTask> tasks =
      frontier_.Take(clock_.Now(), MostInFlight() - in_flight_);
  const auto refused = std::stable_partition(
      tasks.begin(), tasks.end(),
      [](const FetchTask& task) { return task.refusal == FetchError::kNone; });
  for (auto task = refused; task != tasks.end(); ++task) {
    FetchResult result;
    result.error = task->refusal;
    result.detail = task->refusal_detail;
    result.url = task->entry.url();
    result.begin_time = result.end_time = clock_.Now();
    ++waiting_fetches_;
    ended_.push_back({std::move(*task), std::move(result), std::nullopt, 0});
  }
  tasks.erase(refused, tasks.end());
  in_flight_ += tasks.size();
  return tasks;
}

size_t Crawler::MostInFlight() const {
  const double most = static_cast<double>(options_.max_in_flight_bytes) /
                      std::max(mean_bytes_, 1.0);
  const size_t bounded = static_cast<size_t>(
      std::min(most, static_cast<double>(options_.fetch_concurrency)));
  return std::max<size_t>(bounded, 1);
}

void Crawler::Pump() {
  for (FetchTask& task : TakeDue()) {
    HttpRequest request = RequestFor(task);
    http_.Fetch(std::move(request),
                [this, task = std::move(task),
                 begin_time = clock_.Now()](FetchResult result) mutable {
                  result.begin_time = begin_time;
                  OnEnded(std::move(task), std::move(result));
                });
  }
}

void Crawler::StopTaking() {
  absl::MutexLock lock(&mutex_);
  taking_ = false;
}

void Crawler::OnEnded(FetchTask task, FetchResult result) {
  {
    absl::MutexLock lock(&mutex_);
    --in_flight_;
    if (result.error == FetchError::kCancelled) {
      frontier_.Return(task);
      return;
    }
    mean_bytes_ += (HeldBytes(result) - mean_bytes_) * kMeanShare;
    v1::HostState host =
        AfterRequest(frontier_.FindHost(task.partition, task.host), result,
                     options_.random());
    if (task.entry.purpose() == v1::FETCH_PURPOSE_ROBOTS) {
      host = AfterRobots(std::move(host), result);
      result.body.clear();
    }
    frontier_.HostAnswered(task, result, host);
    ++waiting_fetches_;
    const size_t bytes = BytesOf(result);
    waiting_bytes_ += bytes;
    ended_bytes_ += bytes;
    ended_.push_back(
        {std::move(task), std::move(result), std::move(host), bytes});
  }
  Pump();
}

absl::Duration Crawler::Idle(absl::Duration longest) const {
  absl::MutexLock lock(&mutex_);
  if (!knows_sources_) return longest;
  return std::clamp(frontier_.NextReady() - clock_.Now(), absl::Milliseconds(1),
                    longest);
}

size_t Crawler::InFlight() const {
  absl::MutexLock lock(&mutex_);
  return in_flight_;
}

bool Crawler::HasEnded() const {
  absl::MutexLock lock(&mutex_);
  return !ended_.empty();
}

size_t Crawler::UrlCount() const {
  absl::MutexLock lock(&mutex_);
  return frontier_.UrlCount();
}

bool Crawler::HasBatch(const BatchBounds& bounds) const {
  absl::MutexLock lock(&mutex_);
  if (ended_.empty()) return false;
  return in_flight_ == 0 || !taking_ || ended_.size() >= bounds.fetches ||
         ended_bytes_ >= bounds.bytes ||
         clock_.Now() - ended_.front().result.end_time >= bounds.wait;
}

std::vector<EndedFetch> Crawler::TakeEnded(const BatchBounds& bounds) {
  absl::MutexLock lock(&mutex_);
  std::vector<EndedFetch> taken;
  size_t count = 0;
  size_t taken_bytes = 0;
  for (; count < std::min(bounds.fetches, ended_.size()) &&
         taken_bytes < bounds.bytes;
       ++count) {
    EndedFetch& fetch = ended_[count];
    taken_bytes += fetch.bytes;
    if (frontier_.IsCurrent(fetch.task)) {
      taken.push_back(std::move(fetch));
    } else {
      Release(fetch);
    }
  }
  ended_bytes_ -= taken_bytes;
  ended_.erase(ended_.begin(), ended_.begin() + static_cast<ptrdiff_t>(count));
  return taken;
}

bool Crawler::IsCurrent(const FetchTask& task) const {
  absl::MutexLock lock(&mutex_);
  return frontier_.IsCurrent(task);
}

bool Crawler::HasSubmission(const FetchTask& task) const {
  absl::MutexLock lock(&mutex_);
  return frontier_.HasSubmission(task);
}

void Crawler::Finish(const EndedFetch& fetch, const v1::UrlEntry& after) {
  absl::MutexLock lock(&mutex_);
  frontier_.Finish(fetch.task, after);
  Release(fetch);
}

void Crawler::Drop(const EndedFetch& fetch) {
  absl::MutexLock lock(&mutex_);
  Release(fetch);
}

void Crawler::Release(const EndedFetch& fetch) {
  --waiting_fetches_;
  waiting_bytes_ -= fetch.bytes;
}

std::vector<SettledSubmission> Crawler::UnsettledSubmissions(
    size_t limit) const {
  absl::MutexLock lock(&mutex_);
  return frontier_.UnsettledSubmissions(limit);
}

void Crawler::Settled(const std::vector<SettledSubmission>& submissions) {
  absl::MutexLock lock(&mutex_);
  frontier_.Settled(submissions);
}

std::vector<SourceStanding> Crawler::SourceStandings() const {
  std::vector<SourceUrlStanding> urls;
  {
    absl::MutexLock lock(&mutex_);
    urls = frontier_.SourceUrlStandings();
  }
  return StandingsOf(urls, clock_.Now());
}

std::optional<v1::UrlEntry> Crawler::Find(int32_t partition,
                                          absl::string_view url) const {
  absl::MutexLock lock(&mutex_);
  return frontier_.Find(partition, url);
}

}  // namespace dateline::fetcher

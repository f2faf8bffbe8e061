#ifndef DATELINE_FETCHER_CRAWLER_H_
#define DATELINE_FETCHER_CRAWLER_H_

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "common/kafka/record.h"
#include "dateline/v1/frontier.pb.h"
#include "dateline/v1/source.pb.h"
#include "fetcher/core/fetch_result.h"
#include "fetcher/core/frontier.h"
#include "fetcher/core/source_readings.h"
#include "fetcher/http_client.h"

namespace dateline::fetcher {

struct CrawlerOptions {
  FrontierOptions frontier;
  // Requests at the same time, over all hosts.
  size_t fetch_concurrency = 256;
  // Nothing new is asked for while this much waits to be written.
  size_t max_waiting_fetches = 4096;
  size_t max_waiting_bytes = 48 << 20;
  // As many requests are made at the same time as would hold so much if their
  // answers were as large as those before on average, and at least one.
  size_t max_in_flight_bytes = 256 << 20;
  // Draws from [0, 1); one thread at a time calls it.
  std::function<double()> random = [] { return 0.0; };
};

// What is written together: at most so much, but for the last; and less where
// nothing more is to come, or where the first has waited so long.
struct BatchBounds {
  size_t fetches = 1000;
  size_t bytes = 16 << 20;
  absl::Duration wait = absl::ZeroDuration();
};

// A fetch that has ended and is to be written.
struct EndedFetch {
  FetchTask task;
  FetchResult result;
  // As it stands after it; none where the host was not asked.
  std::optional<v1::HostState> host;
  size_t bytes = 0;  // what it was charged with in the crawler's budget
};

// The frontier at work: asks for what is due, as hosts become free, and holds
// what came of it until it is written. Asks for nothing before SetSources was
// called, since sources say how slowly a host is to be asked. Thread-safe;
// `http` and `clock` must outlive it, and `http` be stopped before it is
// destroyed.
class Crawler {
 public:
  Crawler(const CrawlerOptions& options, HttpClient* http, const Clock* clock);

  void AddPartition(int32_t partition) ABSL_LOCKS_EXCLUDED(mutex_);
  void FinishLoading(int32_t partition) ABSL_LOCKS_EXCLUDED(mutex_);
  void RemovePartition(int32_t partition) ABSL_LOCKS_EXCLUDED(mutex_);
  bool IsLoaded(int32_t partition) const ABSL_LOCKS_EXCLUDED(mutex_);

  // Takes a record of the `frontier` topic. Errors as Frontier::Apply.
  absl::Status Apply(const kafka::Record& record) ABSL_LOCKS_EXCLUDED(mutex_);
  void SetSources(const std::vector<v1::Source>& sources,
                  int32_t partition_count) ABSL_LOCKS_EXCLUDED(mutex_);

  // Asks for what is due now. Also happens by itself whenever a fetch ends.
  void Pump() ABSL_LOCKS_EXCLUDED(mutex_);
  // Asks for nothing more from now on.
  void StopTaking() ABSL_LOCKS_EXCLUDED(mutex_);

  // How long nothing will be to do, at most `longest`, if no fetch ends.
  absl::Duration Idle(absl::Duration longest) const ABSL_LOCKS_EXCLUDED(mutex_);
  size_t InFlight() const ABSL_LOCKS_EXCLUDED(mutex_);
  bool HasEnded() const ABSL_LOCKS_EXCLUDED(mutex_);
  // Whether what has ended is to be taken now, rather than with what ends soon.
  bool HasBatch(const BatchBounds& bounds) const ABSL_LOCKS_EXCLUDED(mutex_);
  size_t UrlCount() const ABSL_LOCKS_EXCLUDED(mutex_);

  // Hands over what has ended, a batch at most; each is to be given back to
  // Finish or Drop. What belongs to partitions no longer owned is left out.
  std::vector<EndedFetch> TakeEnded(const BatchBounds& bounds)
      ABSL_LOCKS_EXCLUDED(mutex_);
  bool IsCurrent(const FetchTask& task) const ABSL_LOCKS_EXCLUDED(mutex_);
  bool HasSubmission(const FetchTask& task) const ABSL_LOCKS_EXCLUDED(mutex_);
  // It was written, with this entry.
  void Finish(const EndedFetch& fetch, const v1::UrlEntry& after)
      ABSL_LOCKS_EXCLUDED(mutex_);
  // It came to nothing, its partition being another's.
  void Drop(const EndedFetch& fetch) ABSL_LOCKS_EXCLUDED(mutex_);

  std::vector<SettledSubmission> UnsettledSubmissions(size_t limit) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  void Settled(const std::vector<SettledSubmission>& submissions)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // How the sources stand that are read here.
  std::vector<SourceStanding> SourceStandings() const
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::Time Now() const { return clock_.Now(); }

  std::optional<v1::UrlEntry> Find(int32_t partition,
                                   absl::string_view url) const
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  std::vector<FetchTask> TakeDue() ABSL_LOCKS_EXCLUDED(mutex_);
  void OnEnded(FetchTask task, FetchResult result) ABSL_LOCKS_EXCLUDED(mutex_);
  void Release(const EndedFetch& fetch) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  size_t MostInFlight() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const CrawlerOptions options_;
  HttpClient& http_;
  const Clock& clock_;

  mutable absl::Mutex mutex_;
  Frontier frontier_ ABSL_GUARDED_BY(mutex_);
  std::vector<EndedFetch> ended_ ABSL_GUARDED_BY(mutex_);
  size_t ended_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t in_flight_ ABSL_GUARDED_BY(mutex_) = 0;
  double mean_bytes_ ABSL_GUARDED_BY(mutex_) = 0;  // of answers
  size_t waiting_fetches_ ABSL_GUARDED_BY(mutex_) = 0;
  size_t waiting_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  bool knows_sources_ ABSL_GUARDED_BY(mutex_) = false;
  bool taking_ ABSL_GUARDED_BY(mutex_) = true;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CRAWLER_H_

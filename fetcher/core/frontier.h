#ifndef DATELINE_FETCHER_CORE_FRONTIER_H_
#define DATELINE_FETCHER_CORE_FRONTIER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dateline/v1/frontier.pb.h"
#include "dateline/v1/source.pb.h"
#include "fetcher/core/frontier_partition.h"

namespace dateline::fetcher {

// The least time between the end of one request and the next.
struct HostDelays {
  absl::Duration normal = absl::Seconds(1);
  absl::Duration loopback;  // 127.0.0.0/8, [::1], localhost
  // To an address, whatever hosts share it; loopback addresses have none. 0
  // where hosts don't share a budget.
  absl::Duration address = absl::Seconds(1);
};

struct FrontierOptions {
  HostDelays delays;
  // The crawler's name, as robots.txt has it.
  std::string product_token = "Dateline";
};

// A URL taken from the frontier to be fetched.
struct FetchTask {
  int32_t partition = 0;
  int64_t epoch = 0;  // of the partition's assignment
  std::string host;   // as HostState.host
  // As it stands before the fetch. One of FETCH_PURPOSE_ROBOTS is the
  // frontier's own: only HostAnswered follows, with what AfterRobots says.
  v1::UrlEntry entry;

  // The host's rules, for redirects, and its delay.
  std::shared_ptr<const RobotsRules> rules;
  absl::Duration delay;

  // Why it is not to be asked for at all; kNone where it is.
  FetchError refusal = FetchError::kNone;
  std::string refusal_detail;
};

// A `submit/URL` record that is to be deleted.
struct SettledSubmission {
  int32_t partition = 0;
  std::string url;
};

// The owned partitions of the `frontier` topic in memory: what is known of
// their URLs and hosts, and what is due. A partition's records are applied
// while it is loading; only when its end was reached is anything scheduled from
// it. Records that this process wrote itself come back and change nothing:
// revisions tell.
//
// One request at a time per host, and never sooner than the host's delay (ours,
// its sources' or its robots.txt's, whichever is longest) after the last or
// before its back-off has passed. A host's robots.txt is asked for first, and
// again when what is known of it is too old; until it was had, its URLs end as
// robots.txt's own request did. Hosts that were last reached at one address
// take turns there.
//
// Not thread-safe. Memory: about 100 bytes and a third of the serialized
// UrlEntry for a URL (see FrontierPartition and EntryStore).
//
// Limitations: http and https of one host have one robots.txt, that of the
// scheme asked for first. Turns at an address hold within one replica, and the
// first request to a host is made before its address is known.
class Frontier {
 public:
  explicit Frontier(const FrontierOptions& options);

  // A partition was assigned; it begins empty and loading.
  void AddPartition(int32_t partition);
  // Its end was reached. Nothing where it is loaded already.
  void FinishLoading(int32_t partition);
  // It was revoked or lost. Tasks of it that are still out come to nothing.
  void RemovePartition(int32_t partition);

  bool Owns(int32_t partition) const;
  bool IsLoaded(int32_t partition) const;

  // Takes one record as read. kInvalidArgument where it is no such record; then
  // nothing changed. Records of partitions that aren't owned are ignored.
  absl::Status Apply(int32_t partition, absl::string_view key,
                     std::optional<absl::string_view> value, absl::Time now);

  // The sources there are, whole: an owned URL that is new is due at once, one
  // that is no longer a source rests. `partition_count` is the topic's.
  void SetSources(const std::vector<v1::Source>& sources,
                  int32_t partition_count, absl::Time now);

  // Takes up to `limit` URLs that are due, hosts in the order in which they
  // became ready.
  std::vector<FetchTask> Take(absl::Time now, size_t limit);

  // When Take has something next; InfiniteFuture where it never will.
  absl::Time NextReady() const;

  // The request of a task has ended so: its host may be asked again. `state` is
  // the host's state from now on.
  void HostAnswered(const FetchTask& task, const FetchResult& result,
                    const v1::HostState& state);

  // A task's outcome is in the topic for good.
  void Finish(const FetchTask& task, const v1::UrlEntry& after);

  // A task that was not carried out is due again.
  void Return(const FetchTask& task);

  // Whether the task's partition is still the one it was taken from.
  bool IsCurrent(const FetchTask& task) const;

  // Whether a submission of the URL waits to be deleted with its entry.
  bool HasSubmission(const FetchTask& task) const;

  // Submissions that came to nothing, because their URLs are known: at most
  // `limit`, of loaded partitions. They are given again until Settled.
  std::vector<SettledSubmission> UnsettledSubmissions(size_t limit) const;
  void Settled(const std::vector<SettledSubmission>& submissions);

  std::optional<v1::UrlEntry> Find(int32_t partition,
                                   absl::string_view url) const;
  v1::HostState FindHost(int32_t partition, absl::string_view host) const;

  // Of the loaded partitions: what is read for the sources there are.
  std::vector<v1::UrlEntry> SourceEntries() const;

  size_t UrlCount() const;

 private:
  struct Ready {
    int64_t time_ms;
    int32_t partition;
    uint32_t host;
    auto operator<=>(const Ready&) const = default;
  };

  FrontierPartition* Current(const FetchTask& task);
  const FrontierPartition* Current(const FetchTask& task) const;
  // Puts a host where it belongs in `ready_`.
  void Reindex(int32_t number, FrontierPartition& partition, uint32_t host);
  absl::Duration DelayOf(FrontierPartition::Host& host) const;
  const RobotsStanding& RobotsOf(FrontierPartition::Host& host) const;
  absl::Duration AddressDelayOf(const v1::HostState& state) const;
  // False where the host has to wait for its turn at its address.
  bool TakeTurn(FrontierPartition::Host& host, int64_t now_ms);
  void EndTurn(const v1::HostState& state, absl::Time end);
  std::optional<FetchTask> TakeFrom(const Ready& ready, absl::Time now);
  void Judge(FrontierPartition::Host& host, FetchTask& task) const;
  bool IsScheduled(const v1::UrlEntry& entry) const;
  void WantSource(int32_t number, FrontierPartition& partition,
                  const v1::Source& source, absl::Time now);

  // What hosts at one address share.
  struct Address {
    int64_t next_ms = 0;      // the next turn that is free
    int64_t earliest_ms = 0;  // the delay after the last request
    int32_t open = 0;
  };

  const FrontierOptions options_;
  int64_t last_epoch_ = 0;
  std::map<int32_t, FrontierPartition> partitions_;
  absl::btree_set<Ready> ready_;
  absl::flat_hash_map<std::string, Address> addresses_;
  absl::flat_hash_map<std::string, std::string> sources_;  // URLs by name
  absl::flat_hash_map<std::string, absl::Duration> source_delays_;  // by host
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_FRONTIER_H_

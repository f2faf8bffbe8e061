#ifndef DATELINE_FETCHER_CORE_FRONTIER_PARTITION_H_
#define DATELINE_FETCHER_CORE_FRONTIER_PARTITION_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dateline/v1/frontier.pb.h"
#include "fetcher/core/entry_store.h"
#include "fetcher/core/fetch_result.h"
#include "fetcher/core/robots_state.h"

namespace dateline::fetcher {

// Milliseconds since the Unix epoch that never come.
inline constexpr int64_t kNeverMs = INT64_MAX;

// What is known of the URLs and hosts of one partition, and in which order each
// host's URLs are due. Frontier's part; knows nothing of other partitions, of
// politeness or of sources.
//
// URLs are known by the first half of their SHA-256, so that a URL's text is
// kept once, in its packed entry. Hosts are numbered from 0, and stay.
class FrontierPartition {
 public:
  using UrlId = std::array<uint64_t, 2>;

  struct Slot {
    EntryStore::Place entry;
    int64_t next_ms = kNeverMs;
    int32_t revision = 0;
    uint32_t host : 30 = 0;
    uint32_t in_flight : 1 = 0;
    // A `submit/URL` record stands in the topic.
    uint32_t submitted : 1 = 0;
  };

  struct Host {
    v1::HostState state;
    bool busy = false;
    int64_t indexed_ms = kNeverMs;  // where it stands in Frontier's index
    // Heap of what is due, soonest first. An item whose URL is due at another
    // time by now, or in flight, is stale and dropped when it comes up.
    std::vector<std::pair<int64_t, UrlId>> due;

    // What `state` says of robots.txt; null until it is asked for.
    std::shared_ptr<const RobotsStanding> robots;
    // Why robots.txt could not be had, when it was asked for last.
    FetchError robots_error = FetchError::kNone;
    std::string robots_detail;
    // The turn it was given at its address; 0 where it has none.
    int64_t turn_ms = 0;
  };

  explicit FrontierPartition(int64_t epoch) : epoch_(epoch) {}

  static UrlId IdOf(absl::string_view url);

  int64_t epoch() const { return epoch_; }
  bool loaded() const { return loaded_; }
  // Orders what was read; hosts have their queues from here on.
  void FinishLoading();

  // Each applies one record and returns the host whose schedule may have
  // changed, or none. kInvalidArgument where the record is not what it should
  // be.
  absl::StatusOr<std::optional<uint32_t>> ApplyUrl(
      absl::string_view url, std::optional<absl::string_view> value);
  absl::StatusOr<std::optional<uint32_t>> ApplyHost(
      absl::string_view host, std::optional<absl::string_view> value);
  absl::StatusOr<std::optional<uint32_t>> ApplySubmission(
      absl::string_view url, std::optional<absl::string_view> value,
      absl::Time now);

  Slot* Find(absl::string_view url);
  const Slot* Find(absl::string_view url) const;

  v1::UrlEntry EntryOf(const Slot& slot) const {
    return entries_.Get(slot.entry);
  }

  // Stores an entry, due at its next_fetch_time. kInvalidArgument where its URL
  // is none.
  absl::StatusOr<uint32_t> Put(const v1::UrlEntry& entry);
  // Moves a URL to another time, without changing its entry.
  void Reschedule(const UrlId& id, Slot& slot, int64_t next_ms);

  // The host's URL that is due first; none where nothing is.
  std::optional<UrlId> First(Host& host);
  Slot& At(const UrlId& id) { return urls_.at(id); }
  const Slot& At(const UrlId& id) const { return urls_.at(id); }

  // The URLs of FETCH_PURPOSE_SOURCE.
  const absl::flat_hash_set<UrlId>& sources() const { return sources_; }

  std::vector<Host>& hosts() { return hosts_; }
  const std::vector<Host>& hosts() const { return hosts_; }
  std::optional<uint32_t> HostIndex(absl::string_view host) const;

  // URLs of submissions that came to nothing and stand in the topic yet.
  absl::flat_hash_set<std::string>& idle_submissions() { return idle_; }
  const absl::flat_hash_set<std::string>& idle_submissions() const {
    return idle_;
  }

  size_t UrlCount() const { return urls_.size(); }

 private:
  uint32_t HostNumber(absl::string_view host_port);
  void Push(const UrlId& id, const Slot& slot);
  // Stores the entry in place of the slot's.
  void Replace(Slot& slot, const v1::UrlEntry& entry);

  const int64_t epoch_;
  bool loaded_ = false;
  absl::flat_hash_map<UrlId, Slot> urls_;
  absl::flat_hash_set<UrlId> sources_;
  EntryStore entries_;
  std::vector<Host> hosts_;
  absl::flat_hash_map<std::string, uint32_t> host_numbers_;
  absl::flat_hash_set<std::string> idle_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_FRONTIER_PARTITION_H_

#include "fetcher/core/frontier.h"

#include <algorithm>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "common/url.h"
#include "fetcher/core/address.h"
#include "fetcher/core/found_source.h"
#include "fetcher/core/partition_of.h"
#include "fetcher/core/proto_time.h"
#include "fetcher/core/record_key.h"
#include "fetcher/core/source_schedule.h"

namespace dateline::fetcher {
namespace {

// The host without its port.
absl::string_view NameOf(absl::string_view host_port) {
  const size_t colon = host_port.rfind(':');
  if (colon == absl::string_view::npos || absl::EndsWith(host_port, "]")) {
    return host_port;
  }
  return host_port.substr(0, colon);
}

}  // namespace

Frontier::Frontier(const FrontierOptions& options) : options_(options) {}

void Frontier::AddPartition(int32_t partition) {
  RemovePartition(partition);
  partitions_.try_emplace(partition, ++last_epoch_);
}

void Frontier::FinishLoading(int32_t partition) {
  const auto it = partitions_.find(partition);
  if (it == partitions_.end() || it->second.loaded()) return;
  it->second.FinishLoading();
  const auto hosts = static_cast<uint32_t>(it->second.hosts().size());
  for (uint32_t i = 0; i < hosts; ++i) {
    const v1::HostState& state = it->second.hosts()[i].state;
    if (state.has_last_request_time()) {
      EndTurn(state, FromProto(state.last_request_time()));
    }
    Reindex(partition, it->second, i);
  }
}

void Frontier::RemovePartition(int32_t partition) {
  const auto it = partitions_.find(partition);
  if (it == partitions_.end()) return;
  const auto hosts = static_cast<uint32_t>(it->second.hosts().size());
  for (uint32_t i = 0; i < hosts; ++i) {
    ready_.erase({it->second.hosts()[i].indexed_ms, partition, i});
  }
  partitions_.erase(it);
}

bool Frontier::Owns(int32_t partition) const {
  return partitions_.count(partition) > 0;
}

bool Frontier::IsLoaded(int32_t partition) const {
  const auto it = partitions_.find(partition);
  return it != partitions_.end() && it->second.loaded();
}

absl::Status Frontier::Apply(int32_t partition, absl::string_view key,
                             std::optional<absl::string_view> value,
                             absl::Time now) {
  const auto it = partitions_.find(partition);
  if (it == partitions_.end()) return absl::OkStatus();
  const RecordKey parsed = ParseRecordKey(key);
  absl::StatusOr<std::optional<uint32_t>> host;
  switch (parsed.kind) {
    case RecordKind::kUrl:
      host = it->second.ApplyUrl(parsed.name, value);
      break;
    case RecordKind::kHost:
      host = it->second.ApplyHost(parsed.name, value);
      break;
    case RecordKind::kSubmission:
      host = it->second.ApplySubmission(parsed.name, value, now);
      break;
  }
  if (!host.ok()) return host.status();
  if (host->has_value()) Reindex(partition, it->second, **host);
  return absl::OkStatus();
}

void Frontier::SetSources(const std::vector<v1::Source>& sources,
                          int32_t partition_count, absl::Time now) {
  sources_.clear();
  source_delays_.clear();
  absl::flat_hash_set<std::string> urls;
  for (const v1::Source& source : sources) {
    if (source.paused()) continue;
    const absl::StatusOr<Url> url = ParseUrl(source.url());
    if (!url.ok()) continue;
    if (!urls.insert(source.url()).second) continue;
    sources_[source.name()] = source.url();
    if (source.has_host_delay()) {
      absl::Duration& delay = source_delays_[url->HostPort()];
      delay = std::max(delay, FromProto(source.host_delay()));
    }
    const int32_t number = PartitionOfHost(url->HostPort(), partition_count);
    const auto it = partitions_.find(number);
    if (it == partitions_.end() || !it->second.loaded()) continue;
    WantSource(number, it->second, source, now);
  }
}

void Frontier::WantSource(int32_t number, FrontierPartition& partition,
                          const v1::Source& source, absl::Time now) {
  FrontierPartition::Slot* slot = partition.Find(source.url());
  v1::UrlEntry entry =
      slot != nullptr ? partition.EntryOf(*slot) : v1::UrlEntry();
  const std::string before = entry.SerializeAsString();
  const bool is_new = entry.purpose() != v1::FETCH_PURPOSE_SOURCE;
  entry.set_url(source.url());
  entry.set_purpose(v1::FETCH_PURPOSE_SOURCE);
  entry.mutable_hints()->set_source(source.name());
  entry.mutable_hints()->clear_description();
  if (is_new) {
    entry.clear_interval();
    entry.clear_first_fetch_time();
  }
  // What was read as another kind is to be read again, if only to fail less.
  const v1::SourceKind kind = entry.readings().kind();
  const bool is_other_kind =
      kind != v1::SOURCE_KIND_UNSPECIFIED && kind != source.kind();
  if (is_new || is_other_kind || !entry.has_next_fetch_time()) {
    entry.clear_body_sha256();
    entry.clear_etag();
    entry.clear_last_modified();
    *entry.mutable_next_fetch_time() = ToProto(now);
  }
  AdoptInterval(SourceInterval(source), now, entry);
  if (slot != nullptr && slot->next_ms != kNeverMs &&
      entry.SerializeAsString() == before) {
    return;
  }
  const absl::StatusOr<uint32_t> host = partition.Put(entry);
  if (host.ok()) Reindex(number, partition, *host);
}

bool Frontier::IsScheduled(const v1::UrlEntry& entry) const {
  if (entry.purpose() == v1::FETCH_PURPOSE_ROBOTS) return false;
  if (entry.purpose() != v1::FETCH_PURPOSE_SOURCE) return true;
  const auto source = sources_.find(entry.hints().source());
  if (source == sources_.end()) return false;
  return entry.url() == source->second ||
         FoundFrom(entry.hints()) == source->second;
}

std::vector<FetchTask> Frontier::Take(absl::Time now, size_t limit) {
  std::vector<FetchTask> tasks;
  const int64_t now_ms = absl::ToUnixMillis(now);
  while (tasks.size() < limit && !ready_.empty() &&
         ready_.begin()->time_ms <= now_ms) {
    const Ready ready = *ready_.begin();
    std::optional<FetchTask> task = TakeFrom(ready, now);
    Reindex(ready.partition, partitions_.at(ready.partition), ready.host);
    if (task.has_value()) tasks.push_back(*std::move(task));
  }
  return tasks;
}

std::optional<FetchTask> Frontier::TakeFrom(const Ready& ready,
                                            absl::Time now) {
  FrontierPartition& partition = partitions_.at(ready.partition);
  FrontierPartition::Host& host = partition.hosts()[ready.host];
  const std::optional<FrontierPartition::UrlId> id = partition.First(host);
  if (!id.has_value()) return std::nullopt;
  FrontierPartition::Slot& slot = partition.At(*id);
  FetchTask task;
  task.partition = ready.partition;
  task.epoch = partition.epoch();
  task.host = host.state.host();
  task.entry = partition.EntryOf(slot);
  if (!IsScheduled(task.entry)) {
    slot.next_ms = kNeverMs;
    return std::nullopt;
  }
  const bool asks_robots = now >= RobotsOf(host).ask_again &&
                           host.robots_error != FetchError::kAddressRefused &&
                           host.robots_error != FetchError::kNoContact;
  if (asks_robots) {
    const std::string url = RobotsUrlOf(task.entry.url());
    task.entry.Clear();
    task.entry.set_url(url);
    task.entry.set_purpose(v1::FETCH_PURPOSE_ROBOTS);
  } else {
    Judge(host, task);
  }
  task.delay = DelayOf(host);
  if (task.refusal == FetchError::kNone) {
    if (!TakeTurn(host, absl::ToUnixMillis(now))) return std::nullopt;
    host.busy = true;
  }
  if (!asks_robots) slot.in_flight = 1;
  return task;
}

void Frontier::Judge(FrontierPartition::Host& host, FetchTask& task) const {
  const RobotsStanding& robots = RobotsOf(host);
  const bool could_not_ask = host.robots_error == FetchError::kAddressRefused ||
                             host.robots_error == FetchError::kNoContact;
  if (could_not_ask || robots.unreachable) {
    task.refusal = host.robots_error == FetchError::kNone
                       ? FetchError::kRobotsUnreachable
                       : host.robots_error;
    task.refusal_detail = host.robots_detail;
    // The next URL has robots.txt asked for once more.
    if (could_not_ask) host.robots_error = FetchError::kNone;
  } else if (!Allows(robots.rules, PathAndQueryOf(task.entry.url()))) {
    task.refusal = FetchError::kRobots;
  } else {
    task.rules =
        std::shared_ptr<const RobotsRules>(host.robots, &host.robots->rules);
  }
}

bool Frontier::TakeTurn(FrontierPartition::Host& host, int64_t now_ms) {
  const absl::Duration delay = AddressDelayOf(host.state);
  if (delay <= absl::ZeroDuration()) return true;
  const int64_t delay_ms = absl::ToInt64Milliseconds(delay);
  Address& address = addresses_[host.state.address()];
  const bool is_free = address.open == 0 && address.earliest_ms <= now_ms;
  if (is_free && (host.turn_ms != 0 || address.next_ms <= now_ms)) {
    host.turn_ms = 0;
    ++address.open;
    address.next_ms = std::max(address.next_ms, now_ms + delay_ms);
    return true;
  }
  host.turn_ms = std::max({address.next_ms, address.earliest_ms, now_ms + 1});
  address.next_ms = host.turn_ms + delay_ms;
  return false;
}

absl::Time Frontier::NextReady() const {
  if (ready_.empty()) return absl::InfiniteFuture();
  return absl::FromUnixMillis(ready_.begin()->time_ms);
}

void Frontier::HostAnswered(const FetchTask& task, const FetchResult& result,
                            const v1::HostState& state) {
  FrontierPartition* partition = Current(task);
  if (partition == nullptr) return;
  const std::optional<uint32_t> number = partition->HostIndex(task.host);
  if (!number.has_value()) return;
  FrontierPartition::Host& host = partition->hosts()[*number];
  host.busy = false;
  EndTurn(host.state, result.end_time);
  if (state.revision() > host.state.revision()) host.state = state;
  EndTurn(host.state, result.end_time);
  if (task.entry.purpose() == v1::FETCH_PURPOSE_ROBOTS) {
    host.robots.reset();
    host.robots_error = result.error;
    host.robots_detail = result.detail;
  }
  Reindex(task.partition, *partition, *number);
}

void Frontier::EndTurn(const v1::HostState& state, absl::Time end) {
  const absl::Duration delay = AddressDelayOf(state);
  if (delay <= absl::ZeroDuration()) return;
  Address& address = addresses_[state.address()];
  address.open = 0;
  address.earliest_ms =
      std::max(address.earliest_ms, absl::ToUnixMillis(end + delay) + 1);
  address.next_ms = std::max(address.next_ms, address.earliest_ms);
}

void Frontier::Finish(const FetchTask& task, const v1::UrlEntry& after) {
  FrontierPartition* partition = Current(task);
  if (partition == nullptr) return;
  if (task.entry.purpose() == v1::FETCH_PURPOSE_ROBOTS) return;
  FrontierPartition::Slot* slot = partition->Find(task.entry.url());
  if (slot == nullptr) return;
  slot->in_flight = 0;
  slot->submitted = 0;
  if (after.revision() <= slot->revision) return;
  const absl::StatusOr<uint32_t> host = partition->Put(after);
  if (host.ok()) Reindex(task.partition, *partition, *host);
}

void Frontier::Return(const FetchTask& task) {
  FrontierPartition* partition = Current(task);
  if (partition == nullptr) return;
  const std::optional<uint32_t> number = partition->HostIndex(task.host);
  if (!number.has_value()) return;
  FrontierPartition::Host& host = partition->hosts()[*number];
  host.busy = false;
  if (const auto at = addresses_.find(host.state.address());
      at != addresses_.end()) {
    at->second.open = 0;
  }
  FrontierPartition::Slot* slot = partition->Find(task.entry.url());
  if (task.entry.purpose() != v1::FETCH_PURPOSE_ROBOTS && slot != nullptr) {
    slot->in_flight = 0;
    partition->Reschedule(FrontierPartition::IdOf(task.entry.url()), *slot,
                          slot->next_ms);
  }
  Reindex(task.partition, *partition, *number);
}

bool Frontier::IsCurrent(const FetchTask& task) const {
  return Current(task) != nullptr;
}

bool Frontier::HasSubmission(const FetchTask& task) const {
  const FrontierPartition* partition = Current(task);
  if (partition == nullptr) return false;
  const FrontierPartition::Slot* slot = partition->Find(task.entry.url());
  return slot != nullptr && slot->submitted != 0;
}

std::vector<SettledSubmission> Frontier::UnsettledSubmissions(
    size_t limit) const {
  std::vector<SettledSubmission> submissions;
  for (const auto& [number, partition] : partitions_) {
    if (!partition.loaded()) continue;
    for (const std::string& url : partition.idle_submissions()) {
      if (submissions.size() == limit) return submissions;
      submissions.push_back({number, url});
    }
  }
  return submissions;
}

void Frontier::Settled(const std::vector<SettledSubmission>& submissions) {
  for (const SettledSubmission& submission : submissions) {
    const auto it = partitions_.find(submission.partition);
    if (it == partitions_.end()) continue;
    it->second.idle_submissions().erase(submission.url);
  }
}

std::optional<v1::UrlEntry> Frontier::Find(int32_t partition,
                                           absl::string_view url) const {
  const auto it = partitions_.find(partition);
  if (it == partitions_.end()) return std::nullopt;
  const FrontierPartition::Slot* slot = it->second.Find(url);
  if (slot == nullptr) return std::nullopt;
  return it->second.EntryOf(*slot);
}

v1::HostState Frontier::FindHost(int32_t partition,
                                 absl::string_view host) const {
  v1::HostState unknown;
  unknown.set_host(std::string(host));
  const auto it = partitions_.find(partition);
  if (it == partitions_.end()) return unknown;
  const std::optional<uint32_t> number = it->second.HostIndex(host);
  return number.has_value() ? it->second.hosts()[*number].state : unknown;
}

std::vector<v1::UrlEntry> Frontier::SourceEntries() const {
  std::vector<v1::UrlEntry> entries;
  for (const auto& [number, partition] : partitions_) {
    if (!partition.loaded()) continue;
    for (const FrontierPartition::UrlId& id : partition.sources()) {
      v1::UrlEntry entry = partition.EntryOf(partition.At(id));
      if (IsScheduled(entry)) entries.push_back(std::move(entry));
    }
  }
  return entries;
}

size_t Frontier::UrlCount() const {
  size_t count = 0;
  for (const auto& [number, partition] : partitions_) {
    count += partition.UrlCount();
  }
  return count;
}

FrontierPartition* Frontier::Current(const FetchTask& task) {
  const auto it = partitions_.find(task.partition);
  if (it == partitions_.end() || it->second.epoch() != task.epoch) {
    return nullptr;
  }
  return &it->second;
}

const FrontierPartition* Frontier::Current(const FetchTask& task) const {
  const auto it = partitions_.find(task.partition);
  if (it == partitions_.end() || it->second.epoch() != task.epoch) {
    return nullptr;
  }
  return &it->second;
}

void Frontier::Reindex(int32_t number, FrontierPartition& partition,
                       uint32_t host_number) {
  if (!partition.loaded()) return;
  FrontierPartition::Host& host = partition.hosts()[host_number];
  ready_.erase({host.indexed_ms, number, host_number});
  host.indexed_ms = kNeverMs;
  if (host.busy) return;
  const std::optional<FrontierPartition::UrlId> first = partition.First(host);
  if (!first.has_value()) return;
  int64_t ready_ms = partition.At(*first).next_ms;
  const absl::Duration delay = DelayOf(host);
  if (host.state.has_last_request_time() && delay > absl::ZeroDuration()) {
    const absl::Time polite = FromProto(host.state.last_request_time()) + delay;
    ready_ms = std::max(ready_ms, absl::ToUnixMillis(polite) + 1);  // round up
  }
  if (host.state.has_back_off_until()) {
    ready_ms = std::max(
        ready_ms, absl::ToUnixMillis(FromProto(host.state.back_off_until())));
  }
  ready_ms = std::max(ready_ms, host.turn_ms);
  host.indexed_ms = ready_ms;
  ready_.insert({ready_ms, number, host_number});
}

absl::Duration Frontier::DelayOf(FrontierPartition::Host& host) const {
  const std::string& name = host.state.host();
  absl::Duration delay = IsLoopbackHost(NameOf(name)) ? options_.delays.loopback
                                                      : options_.delays.normal;
  if (const auto it = source_delays_.find(name); it != source_delays_.end()) {
    delay = std::max(delay, it->second);
  }
  const std::optional<absl::Duration>& asked = RobotsOf(host).rules.crawl_delay;
  return asked.has_value() ? std::max(delay, *asked) : delay;
}

const RobotsStanding& Frontier::RobotsOf(FrontierPartition::Host& host) const {
  if (host.robots == nullptr) {
    host.robots = std::make_shared<const RobotsStanding>(
        StandingOf(host.state, options_.product_token));
  }
  return *host.robots;
}

absl::Duration Frontier::AddressDelayOf(const v1::HostState& state) const {
  if (state.address().empty()) return absl::ZeroDuration();
  const absl::StatusOr<IpAddress> address = ParseIpAddress(state.address());
  if (!address.ok() || IsLoopback(*address)) return absl::ZeroDuration();
  return options_.delays.address;
}

}  // namespace dateline::fetcher

#include "fetcher/core/frontier_partition.h"

#include <algorithm>
#include <cstring>
#include <functional>

#include "absl/strings/str_cat.h"
#include "common/sha256.h"
#include "common/url.h"
#include "fetcher/core/proto_time.h"

namespace dateline::fetcher {
namespace {

int64_t NextMs(const v1::UrlEntry& entry) {
  if (!entry.has_next_fetch_time()) return kNeverMs;
  return absl::ToUnixMillis(FromProto(entry.next_fetch_time()));
}

absl::Status NotA(absl::string_view what, absl::string_view key) {
  return absl::InvalidArgumentError(
      absl::StrCat("record of \"", key, "\" holds no ", what));
}

absl::StatusOr<v1::FrontierRecord> ParseRecord(absl::string_view key,
                                               absl::string_view value) {
  v1::FrontierRecord record;
  if (!record.ParseFromArray(value.data(), static_cast<int>(value.size()))) {
    return NotA("FrontierRecord", key);
  }
  return record;
}

v1::UrlEntry NewEntry(const v1::Submission& submission, absl::Time now) {
  v1::UrlEntry entry;
  entry.set_url(submission.url());
  entry.set_purpose(submission.purpose() == v1::FETCH_PURPOSE_UNSPECIFIED
                        ? v1::FETCH_PURPOSE_PAGE
                        : submission.purpose());
  *entry.mutable_hints() = submission.hints();
  entry.set_redirects(submission.redirects());
  *entry.mutable_next_fetch_time() =
      submission.has_submit_time() ? submission.submit_time() : ToProto(now);
  return entry;
}

}  // namespace

FrontierPartition::UrlId FrontierPartition::IdOf(absl::string_view url) {
  const std::string digest = Sha256(url);
  UrlId id;
  std::memcpy(id.data(), digest.data(), sizeof(id));
  return id;
}

void FrontierPartition::FinishLoading() {
  loaded_ = true;
  std::vector<size_t> counts(hosts_.size());
  for (const auto& [id, slot] : urls_) ++counts[slot.host];
  for (size_t i = 0; i < hosts_.size(); ++i) hosts_[i].due.reserve(counts[i]);
  for (auto& [id, slot] : urls_) Push(id, slot);
}

absl::StatusOr<std::optional<uint32_t>> FrontierPartition::ApplyUrl(
    absl::string_view url, std::optional<absl::string_view> value) {
  if (!value.has_value()) {
    const auto it = urls_.find(IdOf(url));
    if (it == urls_.end()) return std::nullopt;
    const uint32_t host = it->second.host;
    sources_.erase(it->first);
    entries_.Remove(it->second.entry);
    urls_.erase(it);
    return host;
  }
  const absl::StatusOr<v1::FrontierRecord> record = ParseRecord(url, *value);
  if (!record.ok()) return record.status();
  if (!record->has_url() || record->url().url() != url) {
    return NotA("UrlEntry", url);
  }
  const Slot* known = Find(url);
  if (known != nullptr && record->url().revision() <= known->revision) {
    return std::nullopt;
  }
  const absl::StatusOr<uint32_t> host = Put(record->url());
  if (!host.ok()) return host.status();
  return *host;
}

absl::StatusOr<std::optional<uint32_t>> FrontierPartition::ApplyHost(
    absl::string_view host, std::optional<absl::string_view> value) {
  if (!value.has_value()) return std::nullopt;
  const absl::StatusOr<v1::FrontierRecord> record = ParseRecord(host, *value);
  if (!record.ok()) return record.status();
  if (!record->has_host() || record->host().host() != host) {
    return NotA("HostState", host);
  }
  const uint32_t number = HostNumber(host);
  Host& known = hosts_[number];
  if (record->host().revision() <= known.state.revision()) return std::nullopt;
  known.state = record->host();
  known.robots.reset();
  return number;
}

absl::StatusOr<std::optional<uint32_t>> FrontierPartition::ApplySubmission(
    absl::string_view url, std::optional<absl::string_view> value,
    absl::Time now) {
  Slot* known = Find(url);
  if (!value.has_value()) {
    if (known != nullptr) known->submitted = 0;
    idle_.erase(url);
    return std::nullopt;
  }
  const absl::StatusOr<v1::FrontierRecord> record = ParseRecord(url, *value);
  if (!record.ok()) return record.status();
  if (!record->has_submission() || record->submission().url() != url) {
    return NotA("Submission", url);
  }
  const v1::Submission& submission = record->submission();
  if (known == nullptr) {
    const absl::StatusOr<uint32_t> host = Put(NewEntry(submission, now));
    if (!host.ok()) return host.status();
    Find(url)->submitted = 1;
    return *host;
  }
  if (submission.purpose() == v1::FETCH_PURPOSE_SOURCE &&
      known->in_flight == 0) {
    v1::UrlEntry entry = EntryOf(*known);
    if (entry.purpose() != v1::FETCH_PURPOSE_SOURCE) {
      v1::UrlEntry source = NewEntry(submission, now);
      source.set_revision(entry.revision());
      const absl::StatusOr<uint32_t> host = Put(source);
      if (!host.ok()) return host.status();
      Find(url)->submitted = 1;
      return *host;
    }
  }
  if (submission.refetch() && known->in_flight == 0) {
    const uint32_t host = known->host;
    known->submitted = 1;
    Reschedule(IdOf(url), *known,
               std::min(known->next_ms, absl::ToUnixMillis(now)));
    return host;
  }
  // A URL that is yet to be fetched for a submission takes this one along.
  if (known->submitted == 0) {
    if (known->in_flight != 0) {
      known->submitted = 1;
    } else {
      idle_.insert(std::string(url));
    }
  }
  return std::nullopt;
}

FrontierPartition::Slot* FrontierPartition::Find(absl::string_view url) {
  const auto it = urls_.find(IdOf(url));
  return it == urls_.end() ? nullptr : &it->second;
}

const FrontierPartition::Slot* FrontierPartition::Find(
    absl::string_view url) const {
  const auto it = urls_.find(IdOf(url));
  return it == urls_.end() ? nullptr : &it->second;
}

absl::StatusOr<uint32_t> FrontierPartition::Put(const v1::UrlEntry& entry) {
  const UrlId id = IdOf(entry.url());
  auto it = urls_.find(id);
  if (it == urls_.end()) {
    const absl::StatusOr<Url> url = ParseUrl(entry.url());
    if (!url.ok()) return url.status();
    it = urls_.try_emplace(id).first;
    it->second.host = HostNumber(url->HostPort()) & 0x3fffffffU;
  }
  Slot& slot = it->second;
  if (entry.purpose() == v1::FETCH_PURPOSE_SOURCE) {
    sources_.insert(id);
  } else {
    sources_.erase(id);
  }
  Replace(slot, entry);
  slot.revision = static_cast<int32_t>(entry.revision());
  Reschedule(id, slot, NextMs(entry));
  return static_cast<uint32_t>(slot.host);
}

void FrontierPartition::Replace(Slot& slot, const v1::UrlEntry& entry) {
  entries_.Remove(slot.entry);
  slot.entry = entries_.Put(entry);
  for (const v1::UrlEntry& kept : entries_.TakeSparse()) {
    Slot* const moved = Find(kept.url());
    entries_.Remove(moved->entry);
    moved->entry = entries_.Put(kept);
  }
}

void FrontierPartition::Reschedule(const UrlId& id, Slot& slot,
                                   int64_t next_ms) {
  slot.next_ms = next_ms;
  if (loaded_) Push(id, slot);
}

std::optional<FrontierPartition::UrlId> FrontierPartition::First(Host& host) {
  while (!host.due.empty()) {
    const auto& [next_ms, id] = host.due.front();
    const auto it = urls_.find(id);
    if (it != urls_.end() && it->second.next_ms == next_ms &&
        it->second.in_flight == 0) {
      return id;
    }
    std::pop_heap(host.due.begin(), host.due.end(), std::greater<>());
    host.due.pop_back();
  }
  return std::nullopt;
}

std::optional<uint32_t> FrontierPartition::HostIndex(
    absl::string_view host) const {
  const auto it = host_numbers_.find(host);
  if (it == host_numbers_.end()) return std::nullopt;
  return it->second;
}

uint32_t FrontierPartition::HostNumber(absl::string_view host_port) {
  const auto number = static_cast<uint32_t>(hosts_.size());
  const auto [it, added] = host_numbers_.try_emplace(host_port, number);
  if (added) {
    hosts_.emplace_back().state.set_host(std::string(host_port));
  }
  return it->second;
}

void FrontierPartition::Push(const UrlId& id, const Slot& slot) {
  if (slot.next_ms == kNeverMs || slot.in_flight != 0) return;
  Host& host = hosts_[slot.host];
  host.due.emplace_back(slot.next_ms, id);
  std::push_heap(host.due.begin(), host.due.end(), std::greater<>());
}

}  // namespace dateline::fetcher

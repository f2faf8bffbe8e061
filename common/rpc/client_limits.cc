#include "common/rpc/client_limits.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/error_details.h"

namespace dateline::rpc {
namespace {

// When a call that found no slot may come again; nobody knows when one ends.
constexpr absl::Duration kSlotRetry = absl::Seconds(1);
constexpr size_t kLeastSweep = 1024;

}  // namespace

absl::StatusOr<ClientLimits::Slot> ClientLimits::Begin(
    const std::string& client, absl::Time now) {
  absl::MutexLock lock(&mutex_);
  Client& found = Find(client, now);
  if (options_.calls_per_second > 0) {
    if (found.tokens < 1) {
      return TryAgainAfter(
          absl::Seconds((1 - found.tokens) / options_.calls_per_second),
          absl::StrCat("more than ", options_.calls_per_second,
                       " calls per second of one client"));
    }
    found.tokens -= 1;
  }
  if (options_.calls_at_once > 0 && found.open >= options_.calls_at_once) {
    return TryAgainAfter(kSlotRetry,
                         absl::StrCat("more than ", options_.calls_at_once,
                                      " open calls of one client"));
  }
  ++found.open;
  return Slot(nullptr, [this, client](void*) { End(client); });
}

size_t ClientLimits::clients() const {
  absl::MutexLock lock(&mutex_);
  return clients_.size();
}

ClientLimits::Client& ClientLimits::Find(const std::string& client,
                                         absl::Time now) {
  if (clients_.size() >= sweep_at_) ForgetQuietOnes(now);
  const auto [entry, is_new] = clients_.try_emplace(client);
  if (is_new) {
    entry->second.tokens = std::max(options_.calls_per_second, 1.0);
    entry->second.filled = now;
  }
  Fill(entry->second, now);
  return entry->second;
}

void ClientLimits::Fill(Client& client, absl::Time now) const {
  const double seconds =
      std::max(absl::ToDoubleSeconds(now - client.filled), 0.0);
  client.tokens = std::min(client.tokens + seconds * options_.calls_per_second,
                           std::max(options_.calls_per_second, 1.0));
  // Also where the clock was set back.
  client.filled = now;
}

// A client with a full bucket and no open call is as one never seen.
void ClientLimits::ForgetQuietOnes(absl::Time now) {
  for (auto entry = clients_.begin(); entry != clients_.end();) {
    Client& client = entry->second;
    Fill(client, now);
    const bool quiet =
        client.open == 0 &&
        client.tokens >= std::max(options_.calls_per_second, 1.0);
    entry = quiet ? clients_.erase(entry) : std::next(entry);
  }
  sweep_at_ = std::max(kLeastSweep, 2 * clients_.size());
}

void ClientLimits::End(const std::string& client) {
  absl::MutexLock lock(&mutex_);
  const auto entry = clients_.find(client);
  if (entry != clients_.end()) --entry->second.open;
}

}  // namespace dateline::rpc

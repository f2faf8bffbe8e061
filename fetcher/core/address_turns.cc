#include "fetcher/core/address_turns.h"

#include <algorithm>

#include "absl/status/statusor.h"
#include "fetcher/core/address.h"

namespace dateline::fetcher {

bool AddressTurns::IsShared(absl::string_view address) const {
  if (delay_ <= absl::ZeroDuration() || address.empty()) return false;
  const absl::StatusOr<IpAddress> parsed = ParseIpAddress(address);
  return parsed.ok() && !IsLoopback(*parsed);
}

bool AddressTurns::Take(absl::string_view name, int64_t now_ms,
                        int64_t& turn_ms) {
  const int64_t delay_ms = absl::ToInt64Milliseconds(delay_);
  Address& address = addresses_[name];
  const bool is_free = !address.is_held && address.earliest_ms <= now_ms;
  if (is_free && (turn_ms != 0 || address.next_ms <= now_ms)) {
    turn_ms = 0;
    address.is_held = true;
    address.next_ms = std::max(address.next_ms, now_ms + delay_ms);
    return true;
  }
  turn_ms = std::max({address.next_ms, address.earliest_ms, now_ms + 1});
  address.next_ms = turn_ms + delay_ms;
  return false;
}

void AddressTurns::Release(absl::string_view address) {
  const auto it = addresses_.find(address);
  if (it != addresses_.end()) it->second.is_held = false;
}

void AddressTurns::Rest(absl::string_view name, absl::Time end) {
  if (!IsShared(name)) return;
  Address& address = addresses_[name];
  address.earliest_ms =
      std::max(address.earliest_ms, absl::ToUnixMillis(end + delay_) + 1);
  address.next_ms = std::max(address.next_ms, address.earliest_ms);
}

}  // namespace dateline::fetcher

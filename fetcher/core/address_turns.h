#ifndef DATELINE_FETCHER_CORE_ADDRESS_TURNS_H_
#define DATELINE_FETCHER_CORE_ADDRESS_TURNS_H_

#include <cstdint>
#include <string>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace dateline::fetcher {

// The turns that the hosts at one address take: one request at a time, and
// never sooner than the delay after the last. Who comes too soon is given a
// turn of its own, so that none is passed over.
//
// A request that was let through holds its address until Release, whatever
// becomes of its host meanwhile. Not thread-safe.
class AddressTurns {
 public:
  // 0 where the hosts of an address don't wait for each other.
  explicit AddressTurns(absl::Duration delay) : delay_(delay) {}

  // Whether these take turns: not the empty address, nor a loopback one.
  bool IsShared(absl::string_view address) const;

  // Whether a request to a shared address may begin now; if so, it holds the
  // address. If not, `turn_ms` is when to ask again, to be given back then; 0
  // stands for none.
  bool Take(absl::string_view address, int64_t now_ms, int64_t& turn_ms);

  // The request that Take let through is over, or was never made.
  void Release(absl::string_view address);

  // A request to the address ended at `end`, whoever holds it now.
  void Rest(absl::string_view address, absl::Time end);

 private:
  struct Address {
    int64_t next_ms = 0;      // the next turn that is free
    int64_t earliest_ms = 0;  // the delay after the last request
    bool is_held = false;
  };

  const absl::Duration delay_;
  absl::flat_hash_map<std::string, Address> addresses_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_ADDRESS_TURNS_H_

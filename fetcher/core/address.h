#ifndef DATELINE_FETCHER_CORE_ADDRESS_H_
#define DATELINE_FETCHER_CORE_ADDRESS_H_

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dateline::fetcher {

// An IPv4 or IPv6 address, in network order. IPv4 uses the first four bytes.
struct IpAddress {
  bool is_v6 = false;
  std::array<uint8_t, 16> bytes = {};

  bool operator==(const IpAddress&) const = default;
};

// "192.0.2.1", "2001:db8::1", "[::1]". kInvalidArgument where it is neither.
absl::StatusOr<IpAddress> ParseIpAddress(absl::string_view text);
std::string ToString(const IpAddress& address);

// The IPv4 address that an IPv6 one stands for, where a packet to it would end
// there: mapped (::ffff:0:0/96) and translated (64:ff9b::/96, RFC 6052). Any
// other address as it is.
IpAddress Unwrap(const IpAddress& address);

// Whether an address is of the open internet by IANA's special-purpose address
// registries (RFC 6890 and later): not loopback, private, link-local, CGNAT,
// ULA, multicast, documentation, benchmarking, 6to4, Teredo or reserved.
// Judges what it stands for (Unwrap).
bool IsPublic(const IpAddress& address);

// 127.0.0.0/8 and ::1, mapped forms included.
bool IsLoopback(const IpAddress& address);

// Whether a host as in Url::host is a loopback address or "localhost".
bool IsLoopbackHost(absl::string_view host);

// A set of address ranges.
class AddressRanges {
 public:
  // A comma-separated list of CIDR ranges and single addresses:
  // "127.0.0.0/8,::1". kInvalidArgument naming the part that is neither.
  static absl::StatusOr<AddressRanges> Parse(absl::string_view list);

  // Judges what the address stands for, too.
  bool Contains(const IpAddress& address) const;

 private:
  struct Range {
    IpAddress base;
    int prefix_bits = 0;
  };
  std::vector<Range> ranges_;
};

// Which addresses may be connected to.
struct AddressPolicy {
  // Beyond the public ones.
  AddressRanges allowed;
  // Without a contact in the user agent only loopback is asked.
  bool has_contact = false;
};

enum class AddressVerdict { kAllowed, kNotPublic, kNoContact };

AddressVerdict Judge(const AddressPolicy& policy, const IpAddress& address);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_ADDRESS_H_

#include "fetcher/core/address.h"

#include <arpa/inet.h>

#include <algorithm>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace dateline::fetcher {
namespace {

struct SpecialRange {
  const char* base;
  int prefix_bits;
};

// IANA IPv4 Special-Purpose Address Registry, multicast and class E.
constexpr SpecialRange kSpecialV4[] = {
    {"0.0.0.0", 8},      {"10.0.0.0", 8},     {"100.64.0.0", 10},
    {"127.0.0.0", 8},    {"169.254.0.0", 16}, {"172.16.0.0", 12},
    {"192.0.0.0", 24},   {"192.0.2.0", 24},   {"192.88.99.0", 24},
    {"192.168.0.0", 16}, {"198.18.0.0", 15},  {"198.51.100.0", 24},
    {"203.0.113.0", 24}, {"224.0.0.0", 4},    {"240.0.0.0", 4},
};

// What is special within 2000::/3, the only block of global unicast addresses.
constexpr SpecialRange kSpecialGlobalV6[] = {
    {"2001::", 23},  // IETF assignments, Teredo and ORCHID among them
    {"2001:db8::", 32},
    {"2002::", 16},  // 6to4
    {"3fff::", 20},
};

bool InRange(const IpAddress& address, const IpAddress& base, int prefix_bits) {
  if (address.is_v6 != base.is_v6) return false;
  const int whole_bytes = prefix_bits / 8;
  for (int i = 0; i < whole_bytes; ++i) {
    const auto at = static_cast<size_t>(i);
    if (address.bytes[at] != base.bytes[at]) return false;
  }
  const int rest = prefix_bits % 8;
  if (rest == 0) return true;
  const auto at = static_cast<size_t>(whole_bytes);
  return (address.bytes[at] >> (8 - rest)) == (base.bytes[at] >> (8 - rest));
}

bool InRange(const IpAddress& address, const SpecialRange& range) {
  const absl::StatusOr<IpAddress> base = ParseIpAddress(range.base);
  return base.ok() && InRange(address, *base, range.prefix_bits);
}

template <typename Ranges>
bool InAny(const IpAddress& address, const Ranges& ranges) {
  return std::any_of(
      std::begin(ranges), std::end(ranges),
      [&](const SpecialRange& range) { return InRange(address, range); });
}

std::optional<int> ParsePrefixBits(absl::string_view text, bool is_v6) {
  int bits = 0;
  if (!absl::SimpleAtoi(text, &bits)) return std::nullopt;
  if (bits < 0 || bits > (is_v6 ? 128 : 32)) return std::nullopt;
  return bits;
}

}  // namespace

absl::StatusOr<IpAddress> ParseIpAddress(absl::string_view text) {
  absl::string_view inner = text;
  if (absl::ConsumePrefix(&inner, "[")) absl::ConsumeSuffix(&inner, "]");
  const std::string terminated(inner);
  IpAddress address;
  if (inet_pton(AF_INET, terminated.c_str(), address.bytes.data()) == 1) {
    return address;
  }
  address.is_v6 = true;
  if (inet_pton(AF_INET6, terminated.c_str(), address.bytes.data()) == 1) {
    return address;
  }
  return absl::InvalidArgumentError(
      absl::StrCat("\"", text, "\" is no IP address"));
}

std::string ToString(const IpAddress& address) {
  char text[INET6_ADDRSTRLEN] = {};
  inet_ntop(address.is_v6 ? AF_INET6 : AF_INET, address.bytes.data(), text,
            sizeof(text));
  return text;
}

IpAddress Unwrap(const IpAddress& address) {
  if (!InRange(address, SpecialRange{"::ffff:0:0", 96}) &&
      !InRange(address, SpecialRange{"64:ff9b::", 96})) {
    return address;
  }
  IpAddress v4;
  std::copy(address.bytes.begin() + 12, address.bytes.end(), v4.bytes.begin());
  return v4;
}

bool IsPublic(const IpAddress& address) {
  const IpAddress judged = Unwrap(address);
  if (!judged.is_v6) return !InAny(judged, kSpecialV4);
  return InRange(judged, SpecialRange{"2000::", 3}) &&
         !InAny(judged, kSpecialGlobalV6);
}

bool IsLoopback(const IpAddress& address) {
  const IpAddress judged = Unwrap(address);
  return InRange(judged, SpecialRange{"127.0.0.0", 8}) ||
         InRange(judged, SpecialRange{"::1", 128});
}

bool IsLoopbackHost(absl::string_view host) {
  if (host == "localhost" || absl::EndsWith(host, ".localhost")) return true;
  const absl::StatusOr<IpAddress> address = ParseIpAddress(host);
  return address.ok() && IsLoopback(*address);
}

absl::StatusOr<AddressRanges> AddressRanges::Parse(absl::string_view list) {
  AddressRanges ranges;
  for (absl::string_view part : absl::StrSplit(list, ',')) {
    part = absl::StripAsciiWhitespace(part);
    if (part.empty()) continue;
    const std::vector<absl::string_view> halves = absl::StrSplit(part, '/');
    const absl::StatusOr<IpAddress> base = ParseIpAddress(halves[0]);
    std::optional<int> bits;
    if (base.ok() && halves.size() == 1) bits = base->is_v6 ? 128 : 32;
    if (base.ok() && halves.size() == 2) {
      bits = ParsePrefixBits(halves[1], base->is_v6);
    }
    if (!bits.has_value()) {
      return absl::InvalidArgumentError(
          absl::StrCat("\"", part, "\" is no address range, as 10.0.0.0/8"));
    }
    ranges.ranges_.push_back({*base, *bits});
  }
  return ranges;
}

bool AddressRanges::Contains(const IpAddress& address) const {
  const IpAddress unwrapped = Unwrap(address);
  return std::any_of(ranges_.begin(), ranges_.end(), [&](const Range& range) {
    return InRange(address, range.base, range.prefix_bits) ||
           InRange(unwrapped, range.base, range.prefix_bits);
  });
}

AddressVerdict Judge(const AddressPolicy& policy, const IpAddress& address) {
  if (!policy.allowed.Contains(address) && !IsPublic(address)) {
    return AddressVerdict::kNotPublic;
  }
  if (!policy.has_contact && !IsLoopback(address)) {
    return AddressVerdict::kNoContact;
  }
  return AddressVerdict::kAllowed;
}

}  // namespace dateline::fetcher

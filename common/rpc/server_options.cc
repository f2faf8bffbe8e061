#include "common/rpc/server_options.h"

#include <algorithm>
#include <cmath>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace dateline::rpc {
namespace {

// Not a name such as 127.evil.example, which may be anywhere.
bool IsIpv4Loopback(absl::string_view host) {
  return absl::StartsWith(host, "127.") &&
         std::all_of(host.begin(), host.end(), [](char c) {
           return c == '.' ||
                  absl::ascii_isdigit(static_cast<unsigned char>(c));
         });
}

constexpr absl::Duration kMostPingInterval = absl::Hours(1);
// Younger ones would spend their life on handshakes.
constexpr absl::Duration kLeastConnectionAge = absl::Seconds(1);

// Whether `value` is at least `least`; not so where it is no number.
template <typename T>
absl::Status AtLeast(absl::string_view flag, T value, T least) {
  if (value >= least) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("--", flag, " must be at least ", least, ", not ", value));
}

absl::Status CheckDurations(const ServerOptions& options) {
  if (options.min_ping_interval < absl::ZeroDuration() ||
      options.min_ping_interval > kMostPingInterval) {
    return absl::InvalidArgumentError(
        absl::StrCat("--min_ping_interval must be between 0 and ",
                     absl::FormatDuration(kMostPingInterval), ", not ",
                     absl::FormatDuration(options.min_ping_interval)));
  }
  if (options.max_connection_age < kLeastConnectionAge) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--max_connection_age must be at least ",
        absl::FormatDuration(kLeastConnectionAge), " (inf for no bound), not ",
        absl::FormatDuration(options.max_connection_age)));
  }
  return absl::OkStatus();
}

}  // namespace

absl::Status CheckLimits(const ServerOptions& options) {
  absl::Status status = AtLeast("max_streams_per_connection",
                                options.max_streams_per_connection, 1);
  status.Update(AtLeast("max_request_bytes", options.max_request_bytes, 1));
  status.Update(
      AtLeast("max_metadata_bytes", options.max_metadata_bytes, 1024));
  status.Update(AtLeast("max_buffered_bytes", options.max_buffered_bytes,
                        int64_t{1} << 20));
  status.Update(AtLeast("max_open_calls_per_client",
                        options.client_limits.calls_at_once, 0));
  status.Update(AtLeast("max_requests_per_second_per_client",
                        options.client_limits.calls_per_second, 0.0));
  if (!std::isfinite(options.client_limits.calls_per_second)) {
    status.Update(absl::InvalidArgumentError(
        "--max_requests_per_second_per_client must be a number; 0 is for no "
        "bound"));
  }
  status.Update(CheckDurations(options));
  return status;
}

bool IsLoopback(absl::string_view address) {
  if (absl::StartsWith(address, "unix:")) return true;
  const absl::string_view host = address.substr(0, address.rfind(':'));
  return host == "localhost" || host == "[::1]" || IsIpv4Loopback(host);
}

absl::Status CheckExposure(const ServerOptions& options,
                           absl::string_view address) {
  if (IsLoopback(address)) return absl::OkStatus();
  const bool tls = !options.tls.certificate.empty();
  const bool tokens = !options.tokens_file.empty();
  if (tokens && !tls && !options.allow_tokens_over_plaintext) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--listen ", address,
        " would let tokens be read on their way: set --tls_certificate_file "
        "and --tls_key_file, or --allow_tokens_over_plaintext where something "
        "else encrypts"));
  }
  if (!tokens && options.tls.client_ca.empty() &&
      !options.allow_unauthenticated) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--listen ", address,
        " would let in whoever reaches it: set --tokens_file or "
        "--tls_client_ca_file, or --allow_unauthenticated to want just that"));
  }
  return absl::OkStatus();
}

}  // namespace dateline::rpc

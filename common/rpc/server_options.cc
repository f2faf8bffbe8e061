#include "common/rpc/server_options.h"

#include <algorithm>

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

}  // namespace

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

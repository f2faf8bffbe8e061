#include "common/rpc/server_flags.h"

#include <cstdint>
#include <string>

#include "absl/flags/flag.h"

ABSL_FLAG(std::string, tls_certificate_file, "",
          "The certificate that gRPC is served with, PEM, then those of its "
          "issuers; read again as it changes. Plaintext where empty");
ABSL_FLAG(std::string, tls_key_file, "", "Its private key, PEM");
ABSL_FLAG(std::string, tls_client_ca_file, "",
          "Callers must show a certificate under one of these, PEM (mTLS); "
          "read again as it changes");
ABSL_FLAG(std::string, tokens_file, "",
          "The bearer tokens that callers may have, 'ROLE sha256:HEX NAME' on "
          "each line (docs/security.md); read again as it changes");
ABSL_FLAG(bool, allow_unauthenticated, false,
          "Let in whoever reaches --listen, though that is not loopback and "
          "there are neither tokens nor client certificates");
ABSL_FLAG(bool, allow_tokens_over_plaintext, false,
          "Take tokens without TLS on an address that is not loopback, where "
          "something else encrypts");
ABSL_FLAG(bool, grpc_reflection, true,
          "Serve gRPC reflection, to callers with the role read");
ABSL_FLAG(bool, grpc_health, true,
          "Serve gRPC health checks, to everyone who may connect");
ABSL_FLAG(std::string, health_listen, "",
          "Also serve health checks, and nothing else, in plaintext here: for "
          "probes that speak no TLS");
ABSL_FLAG(double, max_requests_per_second_per_client, 10'000,
          "Calls of one client in a second; more end with RESOURCE_EXHAUSTED. "
          "A client is a token, else a certificate, else an address; 0 for no "
          "bound");
ABSL_FLAG(int, max_open_calls_per_client, 1'000,
          "Calls that one client may have open, streams among them; 0 for no "
          "bound");
ABSL_FLAG(int, max_streams_per_connection, 1'000,
          "Calls that one connection may have open; more wait");
ABSL_FLAG(int, max_request_bytes, 16 << 20,
          "Largest message that is taken; larger ones end with "
          "RESOURCE_EXHAUSTED");
ABSL_FLAG(int, max_metadata_bytes, 16 << 10, "Most metadata of one call");
ABSL_FLAG(
    int64_t, max_buffered_bytes, int64_t{512} << 20,
    "What gRPC may hold of requests that are coming in; beyond it streams "
    "end with RESOURCE_EXHAUSTED");
ABSL_FLAG(absl::Duration, min_ping_interval, absl::Seconds(10),
          "A connection that pings more often is ended; 0 for no bound");
ABSL_FLAG(
    absl::Duration, max_connection_age, absl::Hours(1),
    "A connection this old takes no new calls; open ones go on; inf for no "
    "bound");

namespace dateline::rpc {

absl::StatusOr<ServerOptions> ServerOptionsFromFlags() {
  ServerOptions options;
  options.tls = {.certificate = absl::GetFlag(FLAGS_tls_certificate_file),
                 .key = absl::GetFlag(FLAGS_tls_key_file),
                 .client_ca = absl::GetFlag(FLAGS_tls_client_ca_file)};
  options.tokens_file = absl::GetFlag(FLAGS_tokens_file);
  options.allow_unauthenticated = absl::GetFlag(FLAGS_allow_unauthenticated);
  options.allow_tokens_over_plaintext =
      absl::GetFlag(FLAGS_allow_tokens_over_plaintext);
  options.reflection = absl::GetFlag(FLAGS_grpc_reflection);
  options.health = absl::GetFlag(FLAGS_grpc_health);
  options.health_listen = absl::GetFlag(FLAGS_health_listen);
  options.client_limits = {
      .calls_per_second =
          absl::GetFlag(FLAGS_max_requests_per_second_per_client),
      .calls_at_once = absl::GetFlag(FLAGS_max_open_calls_per_client)};
  options.max_streams_per_connection =
      absl::GetFlag(FLAGS_max_streams_per_connection);
  options.max_request_bytes = absl::GetFlag(FLAGS_max_request_bytes);
  options.max_metadata_bytes = absl::GetFlag(FLAGS_max_metadata_bytes);
  options.max_buffered_bytes = absl::GetFlag(FLAGS_max_buffered_bytes);
  options.min_ping_interval = absl::GetFlag(FLAGS_min_ping_interval);
  options.max_connection_age = absl::GetFlag(FLAGS_max_connection_age);
  const absl::Status status = CheckLimits(options);
  if (!status.ok()) return status;
  return options;
}

}  // namespace dateline::rpc

#ifndef DATELINE_COMMON_RPC_SERVER_OPTIONS_H_
#define DATELINE_COMMON_RPC_SERVER_OPTIONS_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/rpc/client_limits.h"
#include "common/rpc/tls_files.h"

namespace dateline::rpc {

// Who may call a server, and how much. The flags are in server_flags.cc.
struct ServerOptions {
  TlsFiles tls = {};
  std::string tokens_file = {};  // TokensFile; empty for no tokens
  bool allow_unauthenticated = false;
  bool allow_tokens_over_plaintext = false;

  bool reflection = true;
  bool health = true;
  // One more address, without TLS or tokens, for health alone: probes of
  // Kubernetes speak plaintext only. Empty for none.
  std::string health_listen = {};

  ClientLimitOptions client_limits = {.calls_per_second = 10'000,
                                      .calls_at_once = 1'000};
  int max_streams_per_connection = 1'000;
  // A raw page with its headers; as large as a record of the pages topic.
  int max_request_bytes = 16 << 20;
  int max_metadata_bytes = 16 << 10;
  // What gRPC may hold of requests that are coming in; beyond it streams end
  // with RESOURCE_EXHAUSTED.
  int64_t max_buffered_bytes = int64_t{512} << 20;
  // Pings that come faster than this end the connection; 0 for no bound.
  absl::Duration min_ping_interval = absl::Seconds(10);
  // A connection this old takes no new calls; open ones go on. Infinite for no
  // bound.
  absl::Duration max_connection_age = absl::Hours(1);
};

// Whether `address` ("127.0.0.1:7401", "[::1]:0", "localhost:7401",
// "unix:/run/a") can be reached from this machine only.
bool IsLoopback(absl::string_view address);

// kInvalidArgument, naming the flag, where a limit has a value that no server
// could be run with.
absl::Status CheckLimits(const ServerOptions& options);

// kInvalidArgument, saying what to set, where listening on `address` would let
// in whoever reaches it, or let tokens be read on their way.
absl::Status CheckExposure(const ServerOptions& options,
                           absl::string_view address);

}  // namespace dateline::rpc

#endif  // DATELINE_COMMON_RPC_SERVER_OPTIONS_H_

#ifndef DATELINE_COMMON_RPC_SERVER_H_
#define DATELINE_COMMON_RPC_SERVER_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "grpcpp/server.h"
#include "grpcpp/support/status.h"

namespace dateline::rpc {

// A gRPC server with health (grpc.health.v1) and reflection (v1 and v1alpha).
// Health is NOT_SERVING until SetServing(true); that of the name "live" is
// SERVING as long as the server runs, for whoever would restart it.
class Server {
 public:
  // Listens on `address` ("127.0.0.1:7401"; port 0 takes a free one).
  // kUnavailable, naming the address, where it is taken. `services` must
  // outlive the server.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const std::string& address, const std::vector<grpc::Service*>& services);

  ~Server();

  int port() const { return port_; }
  void SetServing(bool serving);

  // Says NOT_SERVING, takes no new calls, gives open ones `grace` to end, then
  // cancels them. Long-lived streams must be ended by their service first.
  void Shutdown(absl::Duration grace);

 private:
  Server() = default;

  std::unique_ptr<grpc::Server> server_;
  int port_ = 0;
};

}  // namespace dateline::rpc

#endif  // DATELINE_COMMON_RPC_SERVER_H_

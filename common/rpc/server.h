#ifndef DATELINE_COMMON_RPC_SERVER_H_
#define DATELINE_COMMON_RPC_SERVER_H_

#include <grpcpp/generic/async_generic_service.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/rpc/guard.h"
#include "common/rpc/reflection/reflection_v1.h"
#include "common/rpc/server_options.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/support/status.h"

namespace dateline::rpc {

// A callback service and its name in the protocol,
// `v1::ParserService::service_full_name()`.
struct ServedService {
  grpc::Service* service;
  absl::string_view name;
};

// A gRPC server with health (grpc.health.v1) and reflection (v1 and v1alpha).
// Health is NOT_SERVING until SetServing(true); that of the name "live" is
// SERVING as long as the server runs, for whoever would restart it.
class Server {
 public:
  // Listens on `address` ("127.0.0.1:7401"; port 0 takes a free one).
  // kUnavailable, naming the address, where it is taken; kInvalidArgument or
  // kNotFound where `options` can't be had or would open the server to
  // everyone unsaid (CheckExposure). `services` must outlive the server.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const std::string& address, const std::vector<ServedService>& services,
      const ServerOptions& options = {});

  ~Server();

  int port() const { return port_; }
  void SetServing(bool serving);

  // Says NOT_SERVING, takes no new calls, gives open ones `grace` to end, then
  // cancels them. Long-lived streams must be ended by their service first.
  void Shutdown(absl::Duration grace);

 private:
  Server() = default;

  void StartRereading();
  absl::Status Guarded(const ServedService& service);
  absl::Status GuardReflection(const std::vector<ServedService>& services,
                               bool health);
  absl::Status Listen(const std::string& address, const ServerOptions& options);
  absl::Status ListenForProbes(const std::string& address);

  std::unique_ptr<Guard> guard_;
  ReflectionV1 reflection_;
  std::vector<std::unique_ptr<grpc::Service>> guarded_;
  std::shared_ptr<grpc::ServerCredentials> credentials_;
  std::unique_ptr<grpc::Server> server_;
  grpc::CallbackGenericService no_calls_;  // answers UNIMPLEMENTED
  std::unique_ptr<grpc::Server> probes_;   // null without --health_listen
  int port_ = 0;
  absl::Notification stopped_;
  std::thread rereader_;  // of tokens; not joinable where there are none
};

}  // namespace dateline::rpc

#endif  // DATELINE_COMMON_RPC_SERVER_H_

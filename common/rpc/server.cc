#include "common/rpc/server.h"

#include <grpc/support/log.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/security/server_credentials.h>

#include <algorithm>
#include <climits>
#include <mutex>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/log.h"
#include "common/rpc/guarded_service.h"
#include "common/rpc/tls_credentials.h"
#include "rpc/reflection/health.pb.h"

namespace dateline::rpc {
namespace {

// How soon a changed file of tokens holds.
constexpr absl::Duration kTokensReread = absl::Seconds(1);
// A peer that is silent for so long is asked, and given up after the time-out.
constexpr absl::Duration kKeepalive = absl::Minutes(1);
constexpr absl::Duration kKeepaliveTimeout = absl::Seconds(20);

constexpr char kHealth[] = "grpc.health.v1.Health";
// The messages of v1alpha are those of v1 on the wire.
constexpr char kReflection[] = "grpc.reflection.v1.ServerReflection";
constexpr char kReflectionAlpha[] = "grpc.reflection.v1alpha.ServerReflection";

constexpr char kLiveService[] = "live";

// What of gRPC's own log matters comes back as a status, too.
void LogFromGrpc(gpr_log_func_args* args) {
  LogDebug("grpc", {{"text", args->message}});
}

void SetUpProcess() {
  static std::once_flag once;
  std::call_once(once, [] {
    gpr_set_log_function(LogFromGrpc);
    // Names the health protocol's messages, so that the linker keeps them.
    grpc::health::v1::HealthCheckRequest::descriptor();
  });
}

// Of the whole process, read as a server is built.
void BuildWithHealth(bool health) {
  grpc::EnableDefaultHealthCheckService(health);
}

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(
      std::clamp<int64_t>(absl::ToInt64Milliseconds(duration), 0, INT_MAX));
}

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> Credentials(
    const TlsFiles& tls) {
  if (tls.certificate.empty()) return grpc::InsecureServerCredentials();
  return TlsCredentials(tls);
}

void Limit(const ServerOptions& options, grpc::ServerBuilder& builder) {
  builder.SetMaxReceiveMessageSize(options.max_request_bytes);
  // gRPC 1.51 looks at a message's size once it has all of it.
  builder.SetResourceQuota(grpc::ResourceQuota().Resize(
      static_cast<size_t>(options.max_buffered_bytes)));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS,
                             options.max_streams_per_connection);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE,
                             options.max_metadata_bytes);
  builder.AddChannelArgument(
      GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS,
      Milliseconds(options.min_ping_interval));
  builder.AddChannelArgument(GRPC_ARG_MAX_CONNECTION_AGE_MS,
                             Milliseconds(options.max_connection_age));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS,
                             Milliseconds(kKeepalive));
  builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS,
                             Milliseconds(kKeepaliveTimeout));
}

absl::Status CantListen(absl::string_view flag, const std::string& address) {
  return absl::UnavailableError(
      absl::StrCat("can't listen on ", address,
                   ": the port is taken or the address is not of this "
                   "machine; choose another with --",
                   flag));
}

}  // namespace

Server::~Server() { Shutdown(absl::ZeroDuration()); }

absl::StatusOr<std::unique_ptr<Server>> Server::Start(
    const std::string& address, const std::vector<ServedService>& services,
    const ServerOptions& options) {
  SetUpProcess();
  absl::Status status = CheckExposure(options, address);
  status.Update(CheckTlsFiles(options.tls));
  if (!status.ok()) return status;
  std::unique_ptr<TokensFile> tokens;
  if (!options.tokens_file.empty()) {
    auto opened = TokensFile::Open(options.tokens_file);
    if (!opened.ok()) return opened.status();
    tokens = *std::move(opened);
  }
  const bool rereads = tokens != nullptr;
  std::unique_ptr<Server> server(new Server());
  server->guard_ =
      std::make_unique<Guard>(std::move(tokens), options.client_limits);
  for (const ServedService& service : services) {
    status.Update(server->Guarded(service));
  }
  if (options.reflection) {
    status.Update(server->GuardReflection(services, options.health));
  }
  if (status.ok()) status = server->Listen(address, options);
  if (status.ok() && !options.health_listen.empty()) {
    status = server->ListenForProbes(options.health_listen);
  }
  if (!status.ok()) return status;
  if (rereads) server->StartRereading();
  server->SetServing(false);
  return server;
}

void Server::StartRereading() {
  rereader_ = std::thread([this] {
    while (!stopped_.WaitForNotificationWithTimeout(kTokensReread)) {
      guard_->RereadTokens();
    }
  });
}

absl::Status Server::Guarded(const ServedService& service) {
  const std::string name(service.name);
  // v1alpha has no messages of its own here.
  const auto* const descriptor =
      google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(
          name == kReflectionAlpha ? kReflection : name);
  if (descriptor == nullptr) {
    return absl::InternalError(absl::StrCat(name, " is no service"));
  }
  auto guarded = GuardService(*service.service, *descriptor, name, *guard_);
  if (!guarded.ok()) return guarded.status();
  guarded_.push_back(*std::move(guarded));
  return absl::OkStatus();
}

absl::Status Server::GuardReflection(const std::vector<ServedService>& services,
                                     bool health) {
  std::vector<std::string> names = {kReflection, kReflectionAlpha};
  if (health) names.push_back(kHealth);
  for (const ServedService& service : services) {
    names.emplace_back(service.name);
  }
  reflection_.SetServices(std::move(names));
  absl::Status status = Guarded({&reflection_, kReflection});
  status.Update(Guarded({&reflection_, kReflectionAlpha}));
  return status;
}

absl::Status Server::Listen(const std::string& address,
                            const ServerOptions& options) {
  auto credentials = Credentials(options.tls);
  if (!credentials.ok()) return credentials.status();
  credentials_ = *std::move(credentials);
  BuildWithHealth(options.health);
  grpc::ServerBuilder builder;
  Limit(options, builder);
  // Two processes on one port would each get some of the calls.
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddListeningPort(address, credentials_, &port_);
  for (const auto& service : guarded_) builder.RegisterService(service.get());
  server_ = builder.BuildAndStart();
  if (server_ == nullptr || port_ == 0) return CantListen("listen", address);
  return absl::OkStatus();
}

absl::Status Server::ListenForProbes(const std::string& address) {
  BuildWithHealth(true);
  int port = 0;
  grpc::ServerBuilder builder;
  // Anyone may ask; the question is a name.
  Limit({.max_streams_per_connection = 16,
         .max_request_bytes = 4 << 10,
         .max_buffered_bytes = 4 << 20},
        builder);
  builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
  builder.AddListeningPort(address, grpc::InsecureServerCredentials(), &port);
  // gRPC starts no server that has nothing but its own health checks.
  builder.RegisterCallbackGenericService(&no_calls_);
  probes_ = builder.BuildAndStart();
  if (probes_ == nullptr || port == 0) {
    return CantListen("health_listen", address);
  }
  return absl::OkStatus();
}

void Server::SetServing(bool serving) {
  for (grpc::Server* server : {server_.get(), probes_.get()}) {
    if (server == nullptr) continue;
    auto* const health = server->GetHealthCheckService();
    if (health == nullptr) continue;
    health->SetServingStatus(serving);
    // The line above sets every name that is known.
    health->SetServingStatus(kLiveService, true);
  }
}

void Server::Shutdown(absl::Duration grace) {
  if (server_ == nullptr) return;
  if (rereader_.joinable()) {
    stopped_.Notify();
    rereader_.join();
  }
  SetServing(false);
  server_->Shutdown(absl::ToChronoTime(absl::Now() + grace));
  server_->Wait();
  server_.reset();
  if (probes_ == nullptr) return;
  // Health checks that watch would hold it for ever.
  probes_->Shutdown(absl::ToChronoTime(absl::Now()));
  probes_->Wait();
  probes_.reset();
}

}  // namespace dateline::rpc

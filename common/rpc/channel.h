#ifndef DATELINE_COMMON_RPC_CHANNEL_H_
#define DATELINE_COMMON_RPC_CHANNEL_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "grpcpp/client_context.h"
#include "grpcpp/security/credentials.h"

namespace dateline::rpc {

// How a program of ours calls a service.
struct ClientAccess {
  std::shared_ptr<grpc::ChannelCredentials> credentials = {};
  std::string token = {};  // empty for none

  // Before each call.
  void Apply(grpc::ClientContext& context) const;
};

// From --tls, --tls_ca_file, --tls_certificate_file, --tls_key_file and
// --token_file, for calls to `address`. kInvalidArgument or kNotFound, naming
// the flag, where a file can't be read or a token would go over the network in
// plaintext.
absl::StatusOr<ClientAccess> ClientAccessFromFlags(const std::string& address);

}  // namespace dateline::rpc

#endif  // DATELINE_COMMON_RPC_CHANNEL_H_

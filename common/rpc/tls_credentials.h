#ifndef DATELINE_COMMON_RPC_TLS_CREDENTIALS_H_
#define DATELINE_COMMON_RPC_TLS_CREDENTIALS_H_

#include <memory>

#include "absl/status/statusor.h"
#include "common/rpc/tls_files.h"
#include "grpcpp/security/server_credentials.h"

namespace dateline::rpc {

// Serves with what is in `files`, looked at for each new connection: once it
// has changed and fits, that and each later connection has the new one; where
// it does not fit, they have the one from before. ReadTlsFiles' errors for what
// is there now. The result must outlive the servers that it is given to.
absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> TlsCredentials(
    const TlsFiles& files);

}  // namespace dateline::rpc

#endif  // DATELINE_COMMON_RPC_TLS_CREDENTIALS_H_

#ifndef DATELINE_COMMON_RPC_SERVER_FLAGS_H_
#define DATELINE_COMMON_RPC_SERVER_FLAGS_H_

#include "absl/status/statusor.h"
#include "common/rpc/server_options.h"

namespace dateline::rpc {

// From the flags that all services have. kInvalidArgument, naming the flag,
// where one has a value that it can't have.
absl::StatusOr<ServerOptions> ServerOptionsFromFlags();

}  // namespace dateline::rpc

#endif  // DATELINE_COMMON_RPC_SERVER_FLAGS_H_

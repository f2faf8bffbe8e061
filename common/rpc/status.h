#ifndef DATELINE_COMMON_RPC_STATUS_H_
#define DATELINE_COMMON_RPC_STATUS_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "grpcpp/support/status.h"

namespace dateline::rpc {

// Codes have the same numbers on both sides. Payloads (error_details.h) go
// along as the details of a google.rpc.Status.
grpc::Status ToGrpcStatus(const absl::Status& status);

// For a method whose turn has not come.
grpc::Status NotYet(absl::string_view method);

}  // namespace dateline::rpc

#endif  // DATELINE_COMMON_RPC_STATUS_H_

#ifndef DATELINE_COMMON_RPC_GUARDED_SERVICE_H_
#define DATELINE_COMMON_RPC_GUARDED_SERVICE_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/rpc/guard.h"
#include "google/protobuf/descriptor.h"
#include "grpcpp/impl/service_type.h"

namespace dateline::rpc {

// Serves `inner`, a callback service of the protocol `descriptor`, under
// `name`, and asks `guard` before each call: a refused one doesn't reach
// `inner`, and its request is not parsed. A stream whose token is taken back
// is cancelled, and its client told why. Both must outlive the result.
// kInternal, naming the RPC, where one has no role.
absl::StatusOr<std::unique_ptr<grpc::Service>> GuardService(
    grpc::Service& inner, const google::protobuf::ServiceDescriptor& descriptor,
    absl::string_view name, Guard& guard);

}  // namespace dateline::rpc

#endif  // DATELINE_COMMON_RPC_GUARDED_SERVICE_H_

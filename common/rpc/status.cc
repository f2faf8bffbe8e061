#include "common/rpc/status.h"

#include <string>

#include "absl/strings/str_cat.h"

namespace dateline::rpc {

grpc::Status ToGrpcStatus(const absl::Status& status) {
  return grpc::Status(static_cast<grpc::StatusCode>(status.raw_code()),
                      std::string(status.message()));
}

grpc::Status NotYet(absl::string_view method) {
  return grpc::Status(
      grpc::StatusCode::UNIMPLEMENTED,
      absl::StrCat(method,
                   " is part of the protocol, but this version of "
                   "Dateline doesn't answer it yet"));
}

}  // namespace dateline::rpc

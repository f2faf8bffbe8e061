#include "common/rpc/status.h"

#include <string>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/rpc/status.pb.h"

namespace dateline::rpc {

grpc::Status ToGrpcStatus(const absl::Status& status) {
  google::rpc::Status details;
  status.ForEachPayload([&](absl::string_view type, const absl::Cord& payload) {
    google::protobuf::Any& detail = *details.add_details();
    detail.set_type_url(std::string(type));
    detail.set_value(std::string(payload));
  });
  const auto code = static_cast<grpc::StatusCode>(status.raw_code());
  const std::string message(status.message());
  if (details.details().empty()) return grpc::Status(code, message);
  details.set_code(status.raw_code());
  details.set_message(message);
  return grpc::Status(code, message, details.SerializeAsString());
}

grpc::Status NotYet(absl::string_view method) {
  return grpc::Status(
      grpc::StatusCode::UNIMPLEMENTED,
      absl::StrCat(method,
                   " is part of the protocol, but this version of "
                   "Dateline doesn't answer it yet"));
}

}  // namespace dateline::rpc

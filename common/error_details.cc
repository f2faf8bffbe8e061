#include "common/error_details.h"

#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/cord.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/message.h"
#include "google/rpc/error_details.pb.h"

namespace dateline {
namespace {

absl::Status WithDetail(absl::Status status,
                        const google::protobuf::Message& detail) {
  status.SetPayload(absl::StrCat("type.googleapis.com/", detail.GetTypeName()),
                    absl::Cord(detail.SerializeAsString()));
  return status;
}

google::rpc::BadRequest Violation(absl::string_view field,
                                  absl::string_view description) {
  google::rpc::BadRequest detail;
  google::rpc::BadRequest::FieldViolation& violation =
      *detail.add_field_violations();
  violation.set_field(std::string(field));
  violation.set_description(std::string(description));
  return detail;
}

}  // namespace

absl::Status InvalidField(absl::string_view field,
                          absl::string_view description) {
  return WithDetail(
      absl::InvalidArgumentError(absl::StrCat(field, ": ", description)),
      Violation(field, description));
}

absl::Status InvalidField(absl::string_view field, int position,
                          absl::string_view description) {
  const std::string place = absl::StrCat("position ", position, ": ");
  return WithDetail(
      absl::InvalidArgumentError(absl::StrCat(field, ", ", place, description)),
      Violation(field, absl::StrCat(place, description)));
}

absl::Status MissingResource(absl::string_view type, absl::string_view name,
                             absl::string_view message) {
  google::rpc::ResourceInfo detail;
  detail.set_resource_type(std::string(type));
  detail.set_resource_name(std::string(name));
  detail.set_description(std::string(message));
  return WithDetail(absl::NotFoundError(message), detail);
}

absl::Status TryAgainAfter(absl::Duration delay, absl::string_view message) {
  google::rpc::RetryInfo detail;
  const int64_t ms = absl::ToInt64Milliseconds(delay);
  detail.mutable_retry_delay()->set_seconds(ms / 1000);
  detail.mutable_retry_delay()->set_nanos(
      static_cast<int32_t>(ms % 1000 * 1'000'000));
  return WithDetail(absl::ResourceExhaustedError(message), detail);
}

absl::Status WithErrorInfo(absl::Status status, absl::string_view reason,
                           const std::map<std::string, std::string>& metadata) {
  google::rpc::ErrorInfo detail;
  detail.set_reason(std::string(reason));
  detail.set_domain("dateline");
  for (const auto& [name, value] : metadata) {
    (*detail.mutable_metadata())[name] = value;
  }
  return WithDetail(std::move(status), detail);
}

}  // namespace dateline

#include "store/opensearch/errors.h"

#include "absl/strings/str_cat.h"

namespace dateline::store {
namespace {

using Json = nlohmann::json;

constexpr size_t kMaxReason = 300;

absl::StatusCode CodeOf(long http_status) {
  switch (http_status) {
    case 401:
    case 403:
      return absl::StatusCode::kPermissionDenied;
    case 404:
      return absl::StatusCode::kNotFound;
    case 409:
      return absl::StatusCode::kAborted;
    case 429:
      return absl::StatusCode::kResourceExhausted;
    case 502:
    case 503:
    case 504:
      return absl::StatusCode::kUnavailable;
    default:
      return absl::StatusCode::kFailedPrecondition;
  }
}

std::string Text(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>()
                                                     : std::string();
}

// The innermost of the reasons: the outer ones say only that there is one.
std::string Reason(const Json& error) {
  if (error.is_string()) return error.get<std::string>();
  if (!error.is_object()) return {};
  if (const auto causes = error.find("root_cause");
      causes != error.end() && causes->is_array() && !causes->empty()) {
    if (std::string reason = Reason(causes->front()); !reason.empty()) {
      return reason;
    }
  }
  if (const auto cause = error.find("caused_by"); cause != error.end()) {
    if (std::string reason = Reason(*cause); !reason.empty()) return reason;
  }
  std::string reason = Text(error, "reason");
  return reason.empty() ? Text(error, "type") : reason;
}

}  // namespace

std::string Dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

absl::Status ErrorStatus(absl::string_view what, long http_status,
                         const Json& error) {
  std::string reason = Reason(error);
  if (reason.empty()) reason = "no reason given";
  if (reason.size() > kMaxReason) reason.resize(kMaxReason);
  return absl::Status(CodeOf(http_status),
                      absl::StrCat("OpenSearch answered ", http_status, " to ",
                                   what, ": ", reason));
}

absl::Status NotUnderstood(const Json::exception& error) {
  return absl::UnavailableError(absl::StrCat(
      "an answer of OpenSearch's is not understood: ", error.what()));
}

}  // namespace dateline::store

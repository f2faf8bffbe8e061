#include "common/framing/schema_json.h"

#include <algorithm>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "nlohmann/json.hpp"

namespace dateline {
namespace {

using Json = nlohmann::json;

constexpr size_t kMostMessageBytes = 500;

std::string MessageOf(long http_status, const Json& answer) {
  std::string message;
  if (const auto found = answer.find("message");
      found != answer.end() && found->is_string()) {
    message = found->get<std::string>();
  }
  if (message.empty()) return absl::StrCat("it answered ", http_status);
  std::replace_if(
      message.begin(), message.end(),
      [](unsigned char c) { return absl::ascii_iscntrl(c); }, ' ');
  return message.substr(0, kMostMessageBytes);
}

absl::StatusCode CodeOf(long http_status) {
  switch (http_status) {
    case 404:
      return absl::StatusCode::kNotFound;
    case 409:
      return absl::StatusCode::kFailedPrecondition;
    case 400:
    case 422:
      return absl::StatusCode::kInvalidArgument;
    default:
      return absl::StatusCode::kUnavailable;
  }
}

}  // namespace

std::string SchemaJson(absl::string_view schema,
                       const std::vector<SchemaReference>& references) {
  Json list = Json::array();
  for (const SchemaReference& reference : references) {
    list.push_back({{"name", reference.name},
                    {"subject", reference.subject},
                    {"version", reference.version}});
  }
  return Json{{"schemaType", "PROTOBUF"},
              {"schema", std::string(schema)},
              {"references", std::move(list)}}
      .dump();
}

absl::StatusOr<RegisteredSchema> ReadSchemaAnswer(long http_status,
                                                  absl::string_view body) {
  const Json answer = Json::parse(body, nullptr, false);
  if (http_status < 200 || http_status >= 300) {
    return absl::Status(CodeOf(http_status), MessageOf(http_status, answer));
  }
  // 0 where there is none that fits.
  const auto number = [&answer](const char* name) {
    const auto found = answer.find(name);
    if (found == answer.end() || !found->is_number_integer()) return 0;
    const auto value = found->get<int64_t>();
    return value > std::numeric_limits<int32_t>::max()
               ? 0
               : static_cast<int32_t>(std::max<int64_t>(value, 0));
  };
  if (!answer.is_object() || number("id") <= 0) {
    return absl::UnavailableError(
        "its answer has no id; is it a schema registry?");
  }
  return RegisteredSchema{number("id"), number("version")};
}

std::string SubjectPath(absl::string_view subject) {
  std::string path;
  for (const char c : subject) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' ||
        c == '-' || c == '_') {
      path.push_back(c);
    } else {
      absl::StrAppendFormat(&path, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return path;
}

}  // namespace dateline

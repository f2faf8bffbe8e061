#include "common/framing/schema_registry.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace dateline {
namespace {

constexpr absl::Duration kTimeout = absl::Seconds(10);

}  // namespace

SchemaRegistry::SchemaRegistry(std::unique_ptr<RestClient> http,
                               Sources sources)
    : http_(std::move(http)), sources_(std::move(sources)) {}

absl::StatusOr<std::unique_ptr<SchemaRegistry>> SchemaRegistry::Create(
    const std::string& url, Sources sources) {
  absl::StatusOr<std::unique_ptr<RestClient>> http =
      RestClient::Create({.server = "the schema registry",
                          .flag = "--schema_registry_url",
                          .urls = {url}});
  if (!http.ok()) return http.status();
  return std::unique_ptr<SchemaRegistry>(
      new SchemaRegistry(*std::move(http), std::move(sources)));
}

absl::StatusOr<int32_t> SchemaRegistry::Register(
    const std::string& topic, const google::protobuf::Descriptor& message) {
  const absl::StatusOr<RegisteredSchema> schema =
      Ensure(*message.file(), absl::StrCat(topic, "-value"));
  if (!schema.ok()) return schema.status();
  return schema->id;
}

absl::StatusOr<RegisteredSchema> SchemaRegistry::Ensure(
    const google::protobuf::FileDescriptor& file, const std::string& subject) {
  std::vector<SchemaReference> references;
  for (int i = 0; i < file.dependency_count(); ++i) {
    const google::protobuf::FileDescriptor& import = *file.dependency(i);
    if (absl::StartsWith(import.name(), "google/protobuf/")) continue;
    const absl::StatusOr<RegisteredSchema> schema =
        Ensure(import, import.name());
    if (!schema.ok()) return schema.status();
    references.push_back({import.name(), import.name(), schema->version});
  }
  const std::string body = SchemaJson(sources_(file.name()), references);
  const std::string path = absl::StrCat("/subjects/", SubjectPath(subject));
  absl::StatusOr<RegisteredSchema> schema = Post(path, body);
  if (absl::IsNotFound(schema.status())) {
    schema = Post(absl::StrCat(path, "/versions"), body);
    // For the version, which the answer to a registration may leave out.
    if (schema.ok()) schema = Post(path, body);
  }
  if (schema.ok()) return schema;
  return absl::Status(schema.status().code(),
                      absl::StrCat("the schema registry at ", http_->name(),
                                   " does not take the schema ", file.name(),
                                   " for the subject ", subject, ": ",
                                   schema.status().message()));
}

absl::StatusOr<RegisteredSchema> SchemaRegistry::Post(
    const std::string& path, const std::string& body) const {
  const absl::StatusOr<RestResponse> response =
      http_->Send({.method = "POST",
                   .path = path,
                   .body = body,
                   .content_type = "application/vnd.schemaregistry.v1+json",
                   .timeout = kTimeout});
  if (!response.ok()) return response.status();
  return ReadSchemaAnswer(response->status, response->body);
}

}  // namespace dateline

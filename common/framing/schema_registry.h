#ifndef DATELINE_COMMON_FRAMING_SCHEMA_REGISTRY_H_
#define DATELINE_COMMON_FRAMING_SCHEMA_REGISTRY_H_

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/framing/schema_json.h"
#include "common/rest_client.h"
#include "google/protobuf/descriptor.h"

namespace dateline {

// A schema registry by the REST API of Confluent's, which others have, too.
class SchemaRegistry {
 public:
  // The text of a file of the protocol by its name, "dateline/v1/page.proto".
  using Sources = std::function<absl::string_view(absl::string_view)>;

  // kInvalidArgument where `url` is none.
  static absl::StatusOr<std::unique_ptr<SchemaRegistry>> Create(
      const std::string& url, Sources sources);

  // The id of the schema that messages of `message` have on `topic`: that of
  // its file, under the subject "TOPIC-value". What it imports is registered
  // under the names of the imports; Google's own files each registry knows.
  //
  // Asks for the schema first, so that who may only read gets by where somebody
  // else has registered it. kFailedPrecondition: the registry's compatibility
  // check refuses it. All messages name registry, file and subject, in a line.
  absl::StatusOr<int32_t> Register(const std::string& topic,
                                   const google::protobuf::Descriptor& message);

 private:
  SchemaRegistry(std::unique_ptr<RestClient> http, Sources sources);

  absl::StatusOr<RegisteredSchema> Ensure(
      const google::protobuf::FileDescriptor& file, const std::string& subject);
  absl::StatusOr<RegisteredSchema> Post(const std::string& path,
                                        const std::string& body) const;

  const std::unique_ptr<RestClient> http_;
  const Sources sources_;
};

}  // namespace dateline

#endif  // DATELINE_COMMON_FRAMING_SCHEMA_REGISTRY_H_

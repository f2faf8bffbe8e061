#ifndef DATELINE_COMMON_FRAMING_SCHEMA_JSON_H_
#define DATELINE_COMMON_FRAMING_SCHEMA_JSON_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dateline {

// A schema that another one imports, as it is registered.
struct SchemaReference {
  std::string name = {};  // as the import has it
  std::string subject = {};
  int32_t version = 0;
};

// A schema of a subject, as a registry knows it.
struct RegisteredSchema {
  int32_t id = 0;
  // Within its subject; 0 where the answer doesn't say.
  int32_t version = 0;
};

// The body of a registration or look-up of a Protobuf schema.
std::string SchemaJson(absl::string_view schema,
                       const std::vector<SchemaReference>& references);

// Reads a registry's answer to either. kNotFound: it doesn't know the schema.
// kFailedPrecondition: the schema is not compatible with the subject's last
// one. kInvalidArgument: it never will be taken. kUnavailable: all else. The
// message is what the registry says, in one line.
absl::StatusOr<RegisteredSchema> ReadSchemaAnswer(long http_status,
                                                  absl::string_view body);

// A subject as a part of a path.
std::string SubjectPath(absl::string_view subject);

}  // namespace dateline

#endif  // DATELINE_COMMON_FRAMING_SCHEMA_JSON_H_

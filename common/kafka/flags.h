#ifndef DATELINE_COMMON_KAFKA_FLAGS_H_
#define DATELINE_COMMON_KAFKA_FLAGS_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/kafka/client.h"
#include "common/topics.h"

namespace dateline::kafka {

// From --kafka_brokers and --kafka_properties_file. kInvalidArgument or
// kNotFound, naming the file and line, where the file is wrong or not there.
absl::StatusOr<ClientOptions> ClientOptionsFromFlags(
    absl::string_view client_id);

// From --topic_prefix.
TopicNames TopicNamesFromFlags();

}  // namespace dateline::kafka

#endif  // DATELINE_COMMON_KAFKA_FLAGS_H_

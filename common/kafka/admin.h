#ifndef DATELINE_COMMON_KAFKA_ADMIN_H_
#define DATELINE_COMMON_KAFKA_ADMIN_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/kafka/client.h"

namespace dateline::kafka {

struct TopicSettings {
  std::string name;
  int32_t partitions = 0;
  int32_t replication_factor = 1;
  std::map<std::string, std::string> config;
};

// Makes the topic, or sets the settings of one that is there, whose number of
// partitions is left as it is. kUnavailable while the broker is away;
// kInvalidArgument where it refuses a setting.
absl::Status EnsureTopic(const ClientOptions& client,
                         const TopicSettings& topic, absl::Duration timeout);

}  // namespace dateline::kafka

#endif  // DATELINE_COMMON_KAFKA_ADMIN_H_

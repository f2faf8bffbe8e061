#ifndef DATELINE_COMMON_KAFKA_ADMIN_H_
#define DATELINE_COMMON_KAFKA_ADMIN_H_

#include <cstdint>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
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
// partitions is left as it is. kUnavailable while the broker is away, or fewer
// brokers are there than replicas are wanted; kInvalidArgument where it refuses
// a setting.
absl::Status EnsureTopic(const ClientOptions& client,
                         const TopicSettings& topic, absl::Duration timeout);

// The settings that hold for a topic, its own and the broker's. kUnavailable
// while the broker is away; kNotFound where there is no such topic;
// kPermissionDenied where the broker doesn't tell.
absl::StatusOr<std::map<std::string, std::string>> DescribeTopic(
    const ClientOptions& client, const std::string& topic,
    absl::Duration timeout);

}  // namespace dateline::kafka

#endif  // DATELINE_COMMON_KAFKA_ADMIN_H_

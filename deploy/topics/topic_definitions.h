#ifndef DATELINE_DEPLOY_TOPICS_TOPIC_DEFINITIONS_H_
#define DATELINE_DEPLOY_TOPICS_TOPIC_DEFINITIONS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dateline {

// A topic as deploy/topics.json defines it.
struct TopicDefinition {
  std::string name;  // without prefix
  int32_t partitions = 0;
  std::map<std::string, std::string> config;
};

// Reads the text of deploy/topics.json. kInvalidArgument says what is wrong.
absl::StatusOr<std::vector<TopicDefinition>> ParseTopicDefinitions(
    absl::string_view json);

}  // namespace dateline

#endif  // DATELINE_DEPLOY_TOPICS_TOPIC_DEFINITIONS_H_

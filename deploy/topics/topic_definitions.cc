#include "deploy/topics/topic_definitions.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"

namespace dateline {

absl::StatusOr<std::vector<TopicDefinition>> ParseTopicDefinitions(
    absl::string_view json) {
  std::vector<TopicDefinition> definitions;
  try {
    const auto document = nlohmann::json::parse(json.begin(), json.end());
    for (const auto& topic : document.at("topics")) {
      definitions.push_back(
          {topic.at("name"), topic.at("partitions"), topic.at("config")});
    }
  } catch (const nlohmann::json::exception& error) {
    return absl::InvalidArgumentError(
        absl::StrCat("not a list of topics: ", error.what()));
  }
  return definitions;
}

}  // namespace dateline

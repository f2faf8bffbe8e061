#include "deploy/topics/topic_definitions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>
#include <sstream>
#include <string>

#include "common/topics.h"

namespace dateline {
namespace {

using ::testing::HasSubstr;

TEST(TopicDefinitions, NameEveryTopicThatTheServicesUse) {
  std::ifstream file(DATELINE_SOURCE_DIR "/deploy/topics.json");
  std::ostringstream text;
  text << file.rdbuf();
  const auto definitions = ParseTopicDefinitions(text.str());
  ASSERT_TRUE(definitions.ok()) << definitions.status();
  std::set<std::string> defined;
  for (const TopicDefinition& definition : *definitions) {
    defined.insert(definition.name);
    EXPECT_GT(definition.partitions, 0) << definition.name;
    EXPECT_EQ(definition.config.count("cleanup.policy"), 1u) << definition.name;
  }
  const TopicNames used("");
  EXPECT_EQ(defined,
            (std::set<std::string>{used.sources, used.frontier, used.imports,
                                   used.pages, used.pages_backfill,
                                   used.articles, used.dead_letters}));
}

TEST(TopicDefinitions, SayWhatIsWrongWithAFile) {
  const auto broken = ParseTopicDefinitions(R"({"topics": [{"name": "x"}]})");
  EXPECT_EQ(broken.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(broken.status().message()), HasSubstr("partitions"));
}

}  // namespace
}  // namespace dateline

// Makes Dateline's topics with their settings.

#include <cstdint>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>

#include "absl/flags/declare.h"
#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/kafka/admin.h"
#include "common/kafka/flags.h"
#include "common/service_main.h"
#include "deploy/topics/topic_definitions.h"

ABSL_FLAG(std::string, definitions, "deploy/topics.json",
          "The file that defines the topics");
ABSL_FLAG(int32_t, replication_factor, 1, "Replicas of each partition");
ABSL_FLAG(absl::Duration, timeout, absl::Seconds(60),
          "How long to wait for the broker");
ABSL_DECLARE_FLAG(std::string, topic_prefix);

namespace dateline {
namespace {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat("can't read ", path));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

// Tries until the broker takes it or `deadline`.
absl::Status EnsureTopicBy(absl::Time deadline,
                           const kafka::ClientOptions& client,
                           const kafka::TopicSettings& topic) {
  while (true) {
    const absl::Status status =
        kafka::EnsureTopic(client, topic, absl::Seconds(5));
    if (!absl::IsUnavailable(status) || absl::Now() >= deadline) return status;
    absl::SleepFor(absl::Milliseconds(200));
  }
}

absl::Status Run() {
  const std::string path = absl::GetFlag(FLAGS_definitions);
  const absl::StatusOr<std::string> text = ReadFile(path);
  if (!text.ok()) return text.status();
  const absl::StatusOr<std::vector<TopicDefinition>> definitions =
      ParseTopicDefinitions(*text);
  if (!definitions.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, ": ", definitions.status().message()));
  }
  const absl::StatusOr<kafka::ClientOptions> client =
      kafka::ClientOptionsFromFlags("dateline-topics");
  if (!client.ok()) return client.status();
  const absl::Time deadline = absl::Now() + absl::GetFlag(FLAGS_timeout);
  for (const TopicDefinition& definition : *definitions) {
    const kafka::TopicSettings topic = {
        absl::StrCat(absl::GetFlag(FLAGS_topic_prefix), definition.name),
        definition.partitions, absl::GetFlag(FLAGS_replication_factor),
        definition.config};
    const absl::Status status = EnsureTopicBy(deadline, *client, topic);
    if (!status.ok()) {
      return absl::Status(status.code(), absl::StrCat(status.message(), " (",
                                                      client->brokers, ")"));
    }
    std::cout << "topic " << topic.name << "\n";
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace dateline

int main(int argc, char** argv) {
  dateline::InitMain(argc, argv,
                     "dateline-topics: makes Dateline's Kafka topics, or sets "
                     "the settings of those that are there.");
  const absl::Status status = dateline::Run();
  return status.ok() ? 0 : dateline::FailMain("dateline-topics", status);
}

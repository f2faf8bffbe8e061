#include "common/kafka/flags.h"

#include <fstream>
#include <string>

#include "absl/flags/flag.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/kafka/handles.h"

ABSL_FLAG(std::string, kafka_brokers, "127.0.0.1:9092",
          "Kafka's bootstrap servers, host:port, separated by commas");
ABSL_FLAG(
    std::string, kafka_properties_file, "",
    "A file of librdkafka properties, a 'name=value' on each line, passed "
    "on as they are (security, tuning); '#' begins a comment");
ABSL_FLAG(std::string, topic_prefix, "dateline.",
          "What the names of all topics begin with");

namespace dateline::kafka {
namespace {

// The reason that librdkafka gives may hold the value, which may be a secret.
absl::Status CheckProperty(rd_kafka_conf_t* scratch, const std::string& name,
                           const std::string& value) {
  switch (rd_kafka_conf_set(scratch, name.c_str(), value.c_str(), nullptr, 0)) {
    case RD_KAFKA_CONF_UNKNOWN:
      return absl::InvalidArgumentError(
          absl::StrCat("librdkafka has no property '", name, "'"));
    case RD_KAFKA_CONF_INVALID:
      return absl::InvalidArgumentError(
          absl::StrCat("property '", name, "' can't have that value"));
    case RD_KAFKA_CONF_OK:
      break;
  }
  return absl::OkStatus();
}

absl::Status ReadProperties(const std::string& path,
                            std::map<std::string, std::string>& properties) {
  std::ifstream file(path);
  if (!file) {
    return absl::NotFoundError(
        absl::StrCat("can't read --kafka_properties_file ", path));
  }
  const Owned<rd_kafka_conf_t> scratch(rd_kafka_conf_new());
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const absl::string_view text = absl::StripAsciiWhitespace(line);
    if (text.empty() || text[0] == '#') continue;
    const size_t equals = text.find('=');
    if (equals == absl::string_view::npos) {
      // The line itself may be a secret.
      return absl::InvalidArgumentError(
          absl::StrCat(path, ":", number, ": not of the form name=value"));
    }
    const std::string name(
        absl::StripTrailingAsciiWhitespace(text.substr(0, equals)));
    const std::string value(
        absl::StripLeadingAsciiWhitespace(text.substr(equals + 1)));
    if (const absl::Status status = CheckProperty(scratch.get(), name, value);
        !status.ok()) {
      return absl::InvalidArgumentError(
          absl::StrCat(path, ":", number, ": ", status.message()));
    }
    properties[name] = value;
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<ClientOptions> ClientOptionsFromFlags(
    absl::string_view client_id) {
  ClientOptions options;
  options.brokers = absl::GetFlag(FLAGS_kafka_brokers);
  options.client_id = std::string(client_id);
  const std::string path = absl::GetFlag(FLAGS_kafka_properties_file);
  if (!path.empty()) {
    const absl::Status status = ReadProperties(path, options.properties);
    if (!status.ok()) return status;
  }
  return options;
}

TopicNames TopicNamesFromFlags() {
  return TopicNames(absl::GetFlag(FLAGS_topic_prefix));
}

}  // namespace dateline::kafka

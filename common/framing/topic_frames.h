#ifndef DATELINE_COMMON_FRAMING_TOPIC_FRAMES_H_
#define DATELINE_COMMON_FRAMING_TOPIC_FRAMES_H_

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/kafka/client.h"
#include "common/kafka/producer.h"
#include "google/protobuf/descriptor.h"

namespace dateline {

// What stands before the values that are written to a topic; none where they
// are plain.
using TopicFrames = std::map<std::string, std::string>;

// A topic, and the message that its values are.
struct TopicMessage {
  std::string topic;
  const google::protobuf::Descriptor* message;
};

// By --value_framing and --schema_registry_url: the frames of `topics`, whose
// schemas are registered for it, or none. Errors name the flag, or are those of
// SchemaRegistry.
absl::StatusOr<TopicFrames> TopicFramesFromFlags(
    const std::vector<TopicMessage>& topics);

// `producer`, which puts the frames before what it writes; what is framed
// already, as where a record is written again, stays as it is.
std::unique_ptr<kafka::TransactionalProducer> Framed(
    std::unique_ptr<kafka::TransactionalProducer> producer, TopicFrames frames);

// The same of a new one.
absl::StatusOr<std::unique_ptr<kafka::TransactionalProducer>> NewFramedProducer(
    const kafka::ClientOptions& client,
    const kafka::TransactionOptions& transactions, const TopicFrames& frames);

}  // namespace dateline

#endif  // DATELINE_COMMON_FRAMING_TOPIC_FRAMES_H_

#include "common/framing/topic_frames.h"

#include <utility>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/framing/proto_sources.h"
#include "common/framing/schema_registry.h"
#include "common/framing/value_frame.h"

ABSL_FLAG(std::string, value_framing, "plain",
          "What the values are that are written for subscribers: plain "
          "Protobuf, or confluent, behind the header that the clients of a "
          "schema registry read");
ABSL_FLAG(std::string, schema_registry_url, "",
          "Where the schemas are registered for --value_framing=confluent: "
          "http://HOST:PORT, with a path where it has one; "
          "https://USER:PASSWORD@HOST where it wants to know who asks");

namespace dateline {
namespace {

class FramedProducer final : public kafka::TransactionalProducer {
 public:
  FramedProducer(std::unique_ptr<kafka::TransactionalProducer> producer,
                 TopicFrames frames)
      : producer_(std::move(producer)), frames_(std::move(frames)) {}

  absl::Status Init(absl::Duration timeout) override {
    return producer_->Init(timeout);
  }
  absl::Status Begin() override { return producer_->Begin(); }
  absl::Status Produce(const kafka::OutgoingRecord& record) override {
    const auto frame = frames_.find(record.topic);
    if (frame == frames_.end() || !record.value.has_value() ||
        IsFramed(*record.value)) {
      return producer_->Produce(record);
    }
    kafka::OutgoingRecord framed = {.topic = record.topic,
                                    .partition = record.partition,
                                    .key = record.key,
                                    .value = {},
                                    .headers = record.headers};
    framed.value = absl::StrCat(frame->second, *record.value);
    return producer_->Produce(framed);
  }
  absl::Status SendOffsets(const std::vector<kafka::Position>& positions,
                           const std::string& group_metadata) override {
    return producer_->SendOffsets(positions, group_metadata);
  }
  absl::Status Commit() override { return producer_->Commit(); }
  absl::Status Abort() override { return producer_->Abort(); }

 private:
  const std::unique_ptr<kafka::TransactionalProducer> producer_;
  const TopicFrames frames_;
};

}  // namespace

absl::StatusOr<TopicFrames> TopicFramesFromFlags(
    const std::vector<TopicMessage>& topics) {
  TopicFrames frames;
  const std::string framing = absl::GetFlag(FLAGS_value_framing);
  if (framing == "plain") return frames;
  if (framing != "confluent") {
    return absl::InvalidArgumentError(absl::StrCat(
        "--value_framing takes plain or confluent, not '", framing, "'"));
  }
  const std::string url = absl::GetFlag(FLAGS_schema_registry_url);
  if (url.empty()) {
    return absl::InvalidArgumentError(
        "--value_framing=confluent needs --schema_registry_url");
  }
  const absl::StatusOr<std::unique_ptr<SchemaRegistry>> registry =
      SchemaRegistry::Create(url, ProtoSource);
  if (!registry.ok()) return registry.status();
  for (const TopicMessage& topic : topics) {
    const absl::StatusOr<int32_t> id =
        (*registry)->Register(topic.topic, *topic.message);
    if (!id.ok()) return id.status();
    frames[topic.topic] = ConfluentFrame(*id, MessageIndexes(*topic.message));
  }
  return frames;
}

std::unique_ptr<kafka::TransactionalProducer> Framed(
    std::unique_ptr<kafka::TransactionalProducer> producer,
    TopicFrames frames) {
  if (frames.empty()) return producer;
  return std::make_unique<FramedProducer>(std::move(producer),
                                          std::move(frames));
}

absl::StatusOr<std::unique_ptr<kafka::TransactionalProducer>> NewFramedProducer(
    const kafka::ClientOptions& client,
    const kafka::TransactionOptions& transactions, const TopicFrames& frames) {
  auto producer = kafka::NewTransactionalProducer(client, transactions);
  if (!producer.ok()) return producer.status();
  return Framed(*std::move(producer), frames);
}

}  // namespace dateline

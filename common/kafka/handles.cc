#include "common/kafka/handles.h"

#include <syslog.h>

#include <cstdlib>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/log.h"

namespace dateline::kafka {
namespace {

void LogLine(const rd_kafka_t* handle, int level, const char* facility,
             const char* text) {
  // A connection that fails is tried again, several times a second; that a
  // service waits for the broker is for its worker to say, once.
  const bool retried = absl::string_view(facility) == "FAIL";
  const auto log = retried || level > LOG_INFO ? LogDebug
                   : level <= LOG_ERR          ? LogError
                   : level <= LOG_WARNING      ? LogWarning
                                               : LogInfo;
  log("librdkafka", {{"client", handle == nullptr ? "" : rd_kafka_name(handle)},
                     {"facility", facility},
                     {"text", text}});
}

// Without this, librdkafka would log each error twice: fatal ones come back
// from the calls, the others it retries.
void IgnoreError(rd_kafka_t*, int, const char*, void*) {}

absl::Status Set(rd_kafka_conf_t* conf, const std::string& name,
                 const std::string& value) {
  // The reason would tell the value, which may be a secret.
  if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), nullptr, 0) !=
      RD_KAFKA_CONF_OK) {
    return absl::InvalidArgumentError(absl::StrCat(
        "Kafka property ", name, ": unknown, or can't have that value"));
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Owned<rd_kafka_conf_t>> NewConf(const ClientOptions& client,
                                               const Properties& properties) {
  Properties merged = {
      {"bootstrap.servers", client.brokers},
      {"client.id", client.client_id},
      {"reconnect.backoff.max.ms", "2000"},
      {"allow.auto.create.topics", "false"},
      {"log.connection.close", "false"},
  };
  for (const auto& [name, value] : properties) merged[name] = value;
  for (const auto& [name, value] : client.properties) merged[name] = value;
  Owned<rd_kafka_conf_t> conf(rd_kafka_conf_new());
  for (const auto& [name, value] : merged) {
    if (absl::Status status = Set(conf.get(), name, value); !status.ok()) {
      return status;
    }
  }
  rd_kafka_conf_set_log_cb(conf.get(), LogLine);
  rd_kafka_conf_set_error_cb(conf.get(), IgnoreError);
  return conf;
}

absl::StatusOr<Owned<rd_kafka_t>> NewHandle(rd_kafka_type_t type,
                                            Owned<rd_kafka_conf_t> conf) {
  char reason[512];
  Owned<rd_kafka_t> handle(
      rd_kafka_new(type, conf.get(), reason, sizeof(reason)));
  if (handle == nullptr) {
    return absl::InvalidArgumentError(
        absl::StrCat("can't make a Kafka client: ", reason));
  }
  (void)conf.release();  // rd_kafka_new owns it now
  return handle;
}

Owned<rd_kafka_topic_partition_list_t> ToList(
    const std::vector<Position>& positions) {
  Owned<rd_kafka_topic_partition_list_t> list(
      rd_kafka_topic_partition_list_new(static_cast<int>(positions.size())));
  for (const Position& position : positions) {
    rd_kafka_topic_partition_t* element = rd_kafka_topic_partition_list_add(
        list.get(), position.partition.topic.c_str(),
        position.partition.partition);
    element->offset = position.offset;
    if (position.metadata.empty()) continue;
    // The list frees it.
    element->metadata = std::malloc(position.metadata.size());
    std::memcpy(element->metadata, position.metadata.data(),
                position.metadata.size());
    element->metadata_size = position.metadata.size();
  }
  return list;
}

std::vector<Position> FromList(const rd_kafka_topic_partition_list_t& list) {
  std::vector<Position> positions;
  positions.reserve(static_cast<size_t>(list.cnt));
  for (int i = 0; i < list.cnt; ++i) {
    const rd_kafka_topic_partition_t& element = list.elems[i];
    positions.push_back(
        {{element.topic, element.partition},
         element.offset,
         std::string(static_cast<const char*>(element.metadata),
                     element.metadata == nullptr ? 0 : element.metadata_size)});
  }
  return positions;
}

absl::Status ToStatus(absl::string_view what, Owned<rd_kafka_error_t> error) {
  if (error == nullptr) return absl::OkStatus();
  const std::string message =
      absl::StrCat(what, ": ", rd_kafka_error_string(error.get()));
  if (rd_kafka_error_is_fatal(error.get())) {
    return absl::FailedPreconditionError(message);
  }
  if (rd_kafka_error_txn_requires_abort(error.get())) {
    return absl::AbortedError(message);
  }
  return rd_kafka_error_is_retriable(error.get())
             ? absl::UnavailableError(message)
             : absl::AbortedError(message);
}

absl::Status ToStatus(absl::string_view what, rd_kafka_resp_err_t error) {
  if (error == RD_KAFKA_RESP_ERR_NO_ERROR) return absl::OkStatus();
  const std::string message = absl::StrCat(what, ": ", rd_kafka_err2str(error));
  switch (error) {
    case RD_KAFKA_RESP_ERR__FATAL:
    case RD_KAFKA_RESP_ERR__FENCED:
      return absl::FailedPreconditionError(message);
    case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
    case RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC:
    case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
      return absl::NotFoundError(message);
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
      return absl::InvalidArgumentError(message);
    case RD_KAFKA_RESP_ERR__INVALID_ARG:
      return absl::InternalError(message);
    default:
      return absl::UnavailableError(message);
  }
}

}  // namespace dateline::kafka

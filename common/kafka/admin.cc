#include "common/kafka/admin.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/kafka/handles.h"

namespace dateline::kafka {
namespace {

// One admin request and its answer at a time.
class AdminClient {
 public:
  explicit AdminClient(Owned<rd_kafka_t> handle, absl::Duration timeout)
      : handle_(std::move(handle)),
        queue_(rd_kafka_queue_new(handle_.get())),
        timeout_ms_(static_cast<int>(absl::ToInt64Milliseconds(timeout))) {}

  absl::Status Create(const TopicSettings& topic) {
    char reason[512];
    const Owned<rd_kafka_NewTopic_t> wanted(rd_kafka_NewTopic_new(
        topic.name.c_str(), topic.partitions, topic.replication_factor, reason,
        sizeof(reason)));
    if (wanted == nullptr) return absl::InvalidArgumentError(reason);
    for (const auto& [name, value] : topic.config) {
      rd_kafka_NewTopic_set_config(wanted.get(), name.c_str(), value.c_str());
    }
    rd_kafka_NewTopic_t* list[] = {wanted.get()};
    const auto options = Options(RD_KAFKA_ADMIN_OP_CREATETOPICS);
    rd_kafka_CreateTopics(handle_.get(), list, 1, options.get(), queue_.get());
    const Owned<rd_kafka_event_t> event(
        rd_kafka_queue_poll(queue_.get(), timeout_ms_));
    absl::Status status = Answered(event.get(), topic.name);
    if (!status.ok()) return status;
    size_t count = 0;
    const rd_kafka_topic_result_t** results =
        rd_kafka_CreateTopics_result_topics(
            rd_kafka_event_CreateTopics_result(event.get()), &count);
    return Result(topic.name, rd_kafka_topic_result_error(results[0]),
                  rd_kafka_topic_result_error_string(results[0]));
  }

  absl::Status SetConfig(const TopicSettings& topic) {
    const Owned<rd_kafka_ConfigResource_t> resource(rd_kafka_ConfigResource_new(
        RD_KAFKA_RESOURCE_TOPIC, topic.name.c_str()));
    for (const auto& [name, value] : topic.config) {
      const absl::Status added = ToStatus(
          name, Owned<rd_kafka_error_t>(
                    rd_kafka_ConfigResource_add_incremental_config(
                        resource.get(), name.c_str(),
                        RD_KAFKA_ALTER_CONFIG_OP_TYPE_SET, value.c_str())));
      if (!added.ok()) return absl::InvalidArgumentError(added.message());
    }
    rd_kafka_ConfigResource_t* list[] = {resource.get()};
    const auto options = Options(RD_KAFKA_ADMIN_OP_INCREMENTALALTERCONFIGS);
    rd_kafka_IncrementalAlterConfigs(handle_.get(), list, 1, options.get(),
                                     queue_.get());
    const Owned<rd_kafka_event_t> event(
        rd_kafka_queue_poll(queue_.get(), timeout_ms_));
    absl::Status status = Answered(event.get(), topic.name);
    if (!status.ok()) return status;
    size_t count = 0;
    const rd_kafka_ConfigResource_t** results =
        rd_kafka_IncrementalAlterConfigs_result_resources(
            rd_kafka_event_IncrementalAlterConfigs_result(event.get()), &count);
    return Result(topic.name, rd_kafka_ConfigResource_error(results[0]),
                  rd_kafka_ConfigResource_error_string(results[0]));
  }

  absl::StatusOr<std::map<std::string, std::string>> Describe(
      const std::string& topic) {
    const Owned<rd_kafka_ConfigResource_t> resource(
        rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic.c_str()));
    rd_kafka_ConfigResource_t* list[] = {resource.get()};
    const auto options = Options(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
    rd_kafka_DescribeConfigs(handle_.get(), list, 1, options.get(),
                             queue_.get());
    const Owned<rd_kafka_event_t> event(
        rd_kafka_queue_poll(queue_.get(), timeout_ms_));
    absl::Status status = Answered(event.get(), topic);
    if (!status.ok()) return status;
    size_t count = 0;
    const rd_kafka_ConfigResource_t** results =
        rd_kafka_DescribeConfigs_result_resources(
            rd_kafka_event_DescribeConfigs_result(event.get()), &count);
    status = Result(topic, rd_kafka_ConfigResource_error(results[0]),
                    rd_kafka_ConfigResource_error_string(results[0]));
    if (!status.ok()) return status;
    const rd_kafka_ConfigEntry_t** entries =
        rd_kafka_ConfigResource_configs(results[0], &count);
    std::map<std::string, std::string> config;
    for (size_t i = 0; i < count; ++i) {
      const char* value = rd_kafka_ConfigEntry_value(entries[i]);
      config[rd_kafka_ConfigEntry_name(entries[i])] =
          value == nullptr ? "" : value;
    }
    return config;
  }

 private:
  Owned<rd_kafka_AdminOptions_t> Options(rd_kafka_admin_op_t operation) {
    Owned<rd_kafka_AdminOptions_t> options(
        rd_kafka_AdminOptions_new(handle_.get(), operation));
    rd_kafka_AdminOptions_set_request_timeout(options.get(), timeout_ms_,
                                              nullptr, 0);
    return options;
  }

  static absl::Status Answered(rd_kafka_event_t* event,
                               const std::string& topic) {
    if (event == nullptr) {
      return absl::UnavailableError(
          absl::StrCat("topic ", topic, ": the broker doesn't answer"));
    }
    if (rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR) {
      return absl::OkStatus();
    }
    return absl::UnavailableError(absl::StrCat(
        "topic ", topic, ": ", rd_kafka_event_error_string(event)));
  }

  static absl::Status Result(const std::string& topic,
                             rd_kafka_resp_err_t error, const char* reason) {
    const std::string message =
        absl::StrCat("topic ", topic, ": ",
                     reason == nullptr ? rd_kafka_err2str(error) : reason);
    switch (error) {
      case RD_KAFKA_RESP_ERR_NO_ERROR:
        return absl::OkStatus();
      case RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS:
        return absl::AlreadyExistsError(message);
      case RD_KAFKA_RESP_ERR_INVALID_CONFIG:
      case RD_KAFKA_RESP_ERR_INVALID_PARTITIONS:
      case RD_KAFKA_RESP_ERR_POLICY_VIOLATION:
      case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
        return absl::InvalidArgumentError(message);
      case RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART:
        return absl::NotFoundError(message);
      case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
      case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
        return absl::PermissionDeniedError(message);
      default:
        // One of them says that fewer brokers are there than replicas are
        // wanted: of a cluster that starts, the others may yet come.
        return absl::UnavailableError(message);
    }
  }

  Owned<rd_kafka_t> handle_;
  Owned<rd_kafka_queue_t> queue_;
  int timeout_ms_;
};

}  // namespace

absl::StatusOr<std::map<std::string, std::string>> DescribeTopic(
    const ClientOptions& client, const std::string& topic,
    absl::Duration timeout) {
  absl::StatusOr<Owned<rd_kafka_conf_t>> conf = NewConf(client, {});
  if (!conf.ok()) return conf.status();
  absl::StatusOr<Owned<rd_kafka_t>> handle =
      NewHandle(RD_KAFKA_PRODUCER, *std::move(conf));
  if (!handle.ok()) return handle.status();
  return AdminClient(*std::move(handle), timeout).Describe(topic);
}

absl::Status EnsureTopic(const ClientOptions& client,
                         const TopicSettings& topic, absl::Duration timeout) {
  absl::StatusOr<Owned<rd_kafka_conf_t>> conf = NewConf(client, {});
  if (!conf.ok()) return conf.status();
  absl::StatusOr<Owned<rd_kafka_t>> handle =
      NewHandle(RD_KAFKA_PRODUCER, *std::move(conf));
  if (!handle.ok()) return handle.status();
  AdminClient admin(*std::move(handle), timeout);
  const absl::Status created = admin.Create(topic);
  if (created.code() != absl::StatusCode::kAlreadyExists) return created;
  return admin.SetConfig(topic);
}

}  // namespace dateline::kafka

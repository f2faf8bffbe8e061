#ifndef DATELINE_COMMON_KAFKA_HANDLES_H_
#define DATELINE_COMMON_KAFKA_HANDLES_H_

#include <librdkafka/rdkafka.h>

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/kafka/client.h"
#include "common/kafka/record.h"

// librdkafka's objects with owners. Only for the files of common/kafka.
namespace dateline::kafka {

struct Deleter {
  void operator()(rd_kafka_conf_t* conf) const { rd_kafka_conf_destroy(conf); }
  void operator()(rd_kafka_t* handle) const { rd_kafka_destroy(handle); }
  void operator()(rd_kafka_message_t* m) const { rd_kafka_message_destroy(m); }
  void operator()(rd_kafka_topic_partition_list_t* list) const {
    rd_kafka_topic_partition_list_destroy(list);
  }
  void operator()(rd_kafka_consumer_group_metadata_t* metadata) const {
    rd_kafka_consumer_group_metadata_destroy(metadata);
  }
  void operator()(rd_kafka_error_t* error) const {
    rd_kafka_error_destroy(error);
  }
  void operator()(rd_kafka_topic_t* topic) const {
    rd_kafka_topic_destroy(topic);
  }
  void operator()(rd_kafka_AdminOptions_t* options) const {
    rd_kafka_AdminOptions_destroy(options);
  }
  void operator()(rd_kafka_NewTopic_t* topic) const {
    rd_kafka_NewTopic_destroy(topic);
  }
  void operator()(rd_kafka_ConfigResource_t* resource) const {
    rd_kafka_ConfigResource_destroy(resource);
  }
  void operator()(rd_kafka_queue_t* queue) const {
    rd_kafka_queue_destroy(queue);
  }
  void operator()(rd_kafka_event_t* event) const {
    rd_kafka_event_destroy(event);
  }
  void operator()(const struct rd_kafka_metadata* metadata) const {
    rd_kafka_metadata_destroy(metadata);
  }
};

template <typename T>
using Owned = std::unique_ptr<T, Deleter>;

using Properties = std::map<std::string, std::string>;

// A configuration with `properties` over what all of Dateline's clients share,
// and the client's own over these. Logs go to common/log.h.
absl::StatusOr<Owned<rd_kafka_conf_t>> NewConf(const ClientOptions& client,
                                               const Properties& properties);

// Takes `conf`.
absl::StatusOr<Owned<rd_kafka_t>> NewHandle(rd_kafka_type_t type,
                                            Owned<rd_kafka_conf_t> conf);

Owned<rd_kafka_topic_partition_list_t> ToList(
    const std::vector<Position>& positions);
std::vector<Position> FromList(const rd_kafka_topic_partition_list_t& list);

// "what: librdkafka's reason", as kFailedPrecondition where fatal, kAborted
// where the transaction must be aborted, else kUnavailable. OK for null.
absl::Status ToStatus(absl::string_view what, Owned<rd_kafka_error_t> error);
absl::Status ToStatus(absl::string_view what, rd_kafka_resp_err_t error);

}  // namespace dateline::kafka

#endif  // DATELINE_COMMON_KAFKA_HANDLES_H_

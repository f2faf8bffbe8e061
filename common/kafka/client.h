#ifndef DATELINE_COMMON_KAFKA_CLIENT_H_
#define DATELINE_COMMON_KAFKA_CLIENT_H_

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/kafka/consumer.h"
#include "common/kafka/producer.h"

namespace dateline::kafka {

// How to reach the broker. From flags by ClientOptionsFromFlags (flags.h).
struct ClientOptions {
  std::string brokers = {};  // "host:port,host:port"
  std::string client_id = {};
  // Passed to librdkafka as they are, after Dateline's own settings.
  std::map<std::string, std::string> properties = {};
};

struct ConsumerOptions {
  // May be empty for a consumer that only uses Assign.
  std::string group_id = {};
  // Steady over restarts of one member (group.instance.id); may be empty.
  std::string group_instance_id = {};
  absl::Duration session_timeout = absl::Seconds(10);
  // Records fetched ahead of Poll, about.
  int64_t max_queued_bytes = int64_t{64} << 20;
};

struct TransactionOptions {
  std::string transactional_id = {};
  // The broker ends a transaction left open this long: the longest pause after
  // a producer's death.
  absl::Duration timeout = absl::Seconds(15);
};

// librdkafka behind the interfaces. None of these waits for the broker.
// kInvalidArgument where a property is wrong.
absl::StatusOr<std::unique_ptr<Consumer>> NewConsumer(
    const ClientOptions& client, const ConsumerOptions& options);
absl::StatusOr<std::unique_ptr<Producer>> NewProducer(
    const ClientOptions& client);
absl::StatusOr<std::unique_ptr<TransactionalProducer>> NewTransactionalProducer(
    const ClientOptions& client, const TransactionOptions& options);

}  // namespace dateline::kafka

#endif  // DATELINE_COMMON_KAFKA_CLIENT_H_

#ifndef DATELINE_TESTS_SUPPORT_MOCK_CLUSTER_H_
#define DATELINE_TESTS_SUPPORT_MOCK_CLUSTER_H_

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <string>

#include "common/kafka/client.h"

namespace dateline::kafka {

// librdkafka's own mock cluster: a broker's protocol in this process.
class MockCluster {
 public:
  explicit MockCluster(int brokers = 1) {
    rd_kafka_conf_t* conf = rd_kafka_conf_new();
    char reason[256];
    handle_ = rd_kafka_new(RD_KAFKA_PRODUCER, conf, reason, sizeof(reason));
    cluster_ = rd_kafka_mock_cluster_new(handle_, brokers);
    rd_kafka_mock_group_initial_rebalance_delay_ms(cluster_, 0);
  }
  ~MockCluster() {
    rd_kafka_mock_cluster_destroy(cluster_);
    rd_kafka_destroy(handle_);
  }
  MockCluster(const MockCluster&) = delete;
  MockCluster& operator=(const MockCluster&) = delete;

  void CreateTopic(const std::string& topic, int partitions) {
    rd_kafka_mock_topic_create(cluster_, topic.c_str(), partitions, 1);
  }
  // Brokers count from 1.
  void BrokerDown(int broker = 1) {
    rd_kafka_mock_broker_set_down(cluster_, broker);
  }
  void BrokerUp(int broker = 1) {
    rd_kafka_mock_broker_set_up(cluster_, broker);
  }
  // `kind` is "group" or "transaction".
  void Coordinate(const char* kind, const char* id, int broker) {
    rd_kafka_mock_coordinator_set(cluster_, kind, id, broker);
  }

  void CountRequests() { rd_kafka_mock_start_request_tracking(cluster_); }
  // Since then, of members of groups.
  int Heartbeats() const { return RequestsOf(12); }
  int Leavings() const { return RequestsOf(13); }

  ClientOptions client() const {
    return {.brokers = rd_kafka_mock_cluster_bootstraps(cluster_),
            .client_id = "test",
            .properties = {}};
  }

 private:
  int RequestsOf(int16_t api_key) const {
    size_t count = 0;
    rd_kafka_mock_request_t** requests =
        rd_kafka_mock_get_requests(cluster_, &count);
    int found = 0;
    for (size_t i = 0; i < count; ++i) {
      if (rd_kafka_mock_request_api_key(requests[i]) == api_key) ++found;
    }
    rd_kafka_mock_request_destroy_array(requests, count);
    return found;
  }

  rd_kafka_t* handle_;
  rd_kafka_mock_cluster_t* cluster_;
};

}  // namespace dateline::kafka

#endif  // DATELINE_TESTS_SUPPORT_MOCK_CLUSTER_H_

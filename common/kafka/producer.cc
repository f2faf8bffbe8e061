#include "common/kafka/producer.h"

#include <atomic>
#include <thread>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/kafka/client.h"
#include "common/kafka/handles.h"
#include "common/kafka/record_sender.h"

namespace dateline::kafka {
namespace {

class RdKafkaProducer final : public Producer {
 public:
  RdKafkaProducer() = default;

  ~RdKafkaProducer() override {
    if (handle_ == nullptr) return;
    stopping_ = true;
    poller_.join();
    // What is still open is reported by rd_kafka_flush as purged.
    rd_kafka_purge(handle_.get(),
                   RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    constexpr int kTimeoutMs = 5'000;
    rd_kafka_flush(handle_.get(), kTimeoutMs);
  }

  absl::Status Start(const ClientOptions& client) {
    Properties properties = ProducerProperties();
    properties["message.timeout.ms"] = "30000";
    absl::StatusOr<Owned<rd_kafka_conf_t>> conf = NewConf(client, properties);
    if (!conf.ok()) return conf.status();
    rd_kafka_conf_set_dr_msg_cb(conf->get(), OnDelivery);
    absl::StatusOr<Owned<rd_kafka_t>> handle =
        NewHandle(RD_KAFKA_PRODUCER, *std::move(conf));
    if (!handle.ok()) return handle.status();
    handle_ = *std::move(handle);
    poller_ = std::thread([this] {
      constexpr int kPollMs = 100;
      while (!stopping_) rd_kafka_poll(handle_.get(), kPollMs);
    });
    return absl::OkStatus();
  }

  void Send(OutgoingRecord record, Confirmation confirm) override {
    auto pending = std::make_unique<Confirmation>(std::move(confirm));
    const rd_kafka_resp_err_t error =
        Enqueue(handle_.get(), record, pending.get());
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR) {
      (*pending)(Failure(record.topic, error));
      return;
    }
    (void)pending.release();  // OnDelivery owns it now
  }

 private:
  static absl::Status Failure(absl::string_view topic,
                              rd_kafka_resp_err_t error) {
    if (error == RD_KAFKA_RESP_ERR__PURGE_QUEUE ||
        error == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT) {
      return absl::CancelledError("the producer is shutting down");
    }
    return ToStatus(absl::StrCat("writing to topic ", topic), error);
  }

  static void OnDelivery(rd_kafka_t*, const rd_kafka_message_t* message,
                         void*) {
    const std::unique_ptr<Confirmation> confirm(
        static_cast<Confirmation*>(message->_private));
    (*confirm)(Failure(rd_kafka_topic_name(message->rkt), message->err));
  }

  Owned<rd_kafka_t> handle_;
  std::atomic<bool> stopping_ = false;
  std::thread poller_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Producer>> NewProducer(
    const ClientOptions& client) {
  auto producer = std::make_unique<RdKafkaProducer>();
  const absl::Status status = producer->Start(client);
  if (!status.ok()) return status;
  return producer;
}

}  // namespace dateline::kafka

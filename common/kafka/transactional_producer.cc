#include <algorithm>
#include <functional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/kafka/client.h"
#include "common/kafka/handles.h"
#include "common/kafka/producer.h"
#include "common/kafka/record_sender.h"

namespace dateline::kafka {
namespace {

constexpr int kCallTimeoutMs = 5'000;
// How long one step of a transaction is retried before it counts as failed.
constexpr absl::Duration kRetryFor = absl::Seconds(10);

class RdKafkaTransactionalProducer final : public TransactionalProducer {
 public:
  absl::Status Start(const ClientOptions& client,
                     const TransactionOptions& options) {
    Properties properties = ProducerProperties();
    const std::string timeout_ms =
        absl::StrCat(absl::ToInt64Milliseconds(options.timeout));
    properties["transactional.id"] = options.transactional_id;
    properties["transaction.timeout.ms"] = timeout_ms;
    properties["message.timeout.ms"] = timeout_ms;
    // Large batches, that are packed while more is produced; a commit doesn't
    // wait for them.
    properties["linger.ms"] = "20";
    // A transaction that comes right behind another meets the end of that one
    // under way, which takes a few milliseconds; later tries wait longer.
    properties["retry.backoff.ms"] = "5";
    absl::StatusOr<Owned<rd_kafka_conf_t>> conf = NewConf(client, properties);
    if (!conf.ok()) return conf.status();
    rd_kafka_conf_set_dr_msg_cb(conf->get(), OnDelivery);
    rd_kafka_conf_set_opaque(conf->get(), this);
    absl::StatusOr<Owned<rd_kafka_t>> handle =
        NewHandle(RD_KAFKA_PRODUCER, *std::move(conf));
    if (!handle.ok()) return handle.status();
    handle_ = *std::move(handle);
    return absl::OkStatus();
  }

  absl::Status Init(absl::Duration timeout) override {
    return Retry("starting transactions", timeout, [this] {
      return rd_kafka_init_transactions(handle_.get(), kCallTimeoutMs);
    });
  }

  absl::Status Begin() override {
    delivery_ = absl::OkStatus();
    return ToStatus(
        "beginning a transaction",
        Owned<rd_kafka_error_t>(rd_kafka_begin_transaction(handle_.get())));
  }

  absl::Status Produce(const OutgoingRecord& record) override {
    constexpr int kFullPollMs = 50;
    rd_kafka_resp_err_t error;
    while ((error = Enqueue(handle_.get(), record, nullptr)) ==
           RD_KAFKA_RESP_ERR__QUEUE_FULL) {
      rd_kafka_poll(handle_.get(), kFullPollMs);
    }
    rd_kafka_poll(handle_.get(), 0);
    const absl::Status status =
        ToStatus(absl::StrCat("writing to topic ", record.topic), error);
    if (status.code() != absl::StatusCode::kUnavailable) return status;
    return absl::AbortedError(status.message());
  }

  absl::Status SendOffsets(const std::vector<Position>& positions,
                           const std::string& group_metadata) override {
    rd_kafka_consumer_group_metadata_t* raw = nullptr;
    absl::Status status =
        ToStatus("reading the group's state",
                 Owned<rd_kafka_error_t>(rd_kafka_consumer_group_metadata_read(
                     &raw, group_metadata.data(), group_metadata.size())));
    if (!status.ok()) return status;
    const Owned<rd_kafka_consumer_group_metadata_t> group(raw);
    const auto list = ToList(positions);
    status = Retry("sending offsets to the transaction", kRetryFor, [&] {
      return rd_kafka_send_offsets_to_transaction(handle_.get(), list.get(),
                                                  group.get(), kCallTimeoutMs);
    });
    return OrAborted(std::move(status));
  }

  absl::Status Commit() override {
    const absl::Status status = Retry("committing", kRetryFor, [this] {
      return rd_kafka_commit_transaction(handle_.get(), kCallTimeoutMs);
    });
    // librdkafka refuses to commit where a delivery failed; the report names
    // the topic.
    if (!status.ok() && !delivery_.ok() &&
        status.code() == absl::StatusCode::kAborted) {
      return absl::AbortedError(
          absl::StrCat(status.message(), "; ", delivery_.message()));
    }
    return OrLost(status);
  }

  absl::Status Abort() override {
    return OrLost(Retry("aborting the transaction", kRetryFor, [this] {
      return rd_kafka_abort_transaction(handle_.get(), kCallTimeoutMs);
    }));
  }

 private:
  using Call = std::function<rd_kafka_error_t*()>;

  absl::Status Retry(absl::string_view what, absl::Duration timeout,
                     const Call& call) {
    const absl::Time deadline = absl::Now() + timeout;
    while (true) {
      absl::Status status = ToStatus(what, Owned<rd_kafka_error_t>(call()));
      if (status.code() != absl::StatusCode::kUnavailable ||
          absl::Now() >= deadline) {
        return status;
      }
      absl::SleepFor(absl::Milliseconds(100));
    }
  }

  // A step that ran out of tries is one whose transaction can't be kept.
  static absl::Status OrAborted(absl::Status status) {
    if (status.code() != absl::StatusCode::kUnavailable) return status;
    return absl::AbortedError(status.message());
  }

  // A commit or abort that ran out of tries: nobody knows how it ends, and
  // librdkafka takes no other call than the same one again. A new producer of
  // that id settles it.
  static absl::Status OrLost(absl::Status status) {
    if (status.code() != absl::StatusCode::kUnavailable) return status;
    return absl::FailedPreconditionError(status.message());
  }

  static void OnDelivery(rd_kafka_t*, const rd_kafka_message_t* message,
                         void* opaque) {
    auto* self = static_cast<RdKafkaTransactionalProducer*>(opaque);
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR || !self->delivery_.ok()) {
      return;
    }
    self->delivery_ = ToStatus(
        absl::StrCat("writing to topic ", rd_kafka_topic_name(message->rkt)),
        message->err);
  }

  Owned<rd_kafka_t> handle_;
  // The first failed delivery of the transaction.
  absl::Status delivery_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<TransactionalProducer>> NewTransactionalProducer(
    const ClientOptions& client, const TransactionOptions& options) {
  auto producer = std::make_unique<RdKafkaTransactionalProducer>();
  const absl::Status status = producer->Start(client, options);
  if (!status.ok()) return status;
  return producer;
}

}  // namespace dateline::kafka

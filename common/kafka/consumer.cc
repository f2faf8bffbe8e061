#include "common/kafka/consumer.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/kafka/client.h"
#include "common/kafka/handles.h"
#include "common/log.h"

namespace dateline::kafka {
namespace {

// One poll's records in memory, about; a page has 10 MB at most.
constexpr size_t kMaxPolledBytes = size_t{32} << 20;

int Milliseconds(absl::Duration duration) {
  return static_cast<int>(absl::ToInt64Milliseconds(duration));
}

std::vector<Header> ReadHeaders(const rd_kafka_message_t& message) {
  std::vector<Header> headers;
  rd_kafka_headers_t* raw = nullptr;
  if (rd_kafka_message_headers(&message, &raw) != RD_KAFKA_RESP_ERR_NO_ERROR) {
    return headers;
  }
  const char* name = nullptr;
  const void* value = nullptr;
  size_t size = 0;
  for (size_t i = 0; rd_kafka_header_get_all(raw, i, &name, &value, &size) ==
                     RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    headers.push_back(
        {name, value == nullptr
                   ? std::string()
                   : std::string(static_cast<const char*>(value), size)});
  }
  return headers;
}

Record ToRecord(const rd_kafka_message_t& message) {
  Record record;
  record.partition = {rd_kafka_topic_name(message.rkt), message.partition};
  record.offset = message.offset;
  record.key.assign(static_cast<const char*>(message.key), message.key_len);
  if (message.payload != nullptr) {
    record.value.emplace(static_cast<const char*>(message.payload),
                         message.len);
  }
  record.headers = ReadHeaders(message);
  record.timestamp =
      absl::FromUnixMillis(rd_kafka_message_timestamp(&message, nullptr));
  return record;
}

std::vector<TopicPartition> Partitions(const std::vector<Position>& positions) {
  std::vector<TopicPartition> partitions;
  for (const Position& position : positions) {
    partitions.push_back(position.partition);
  }
  return partitions;
}

std::vector<Position> WithoutOffsets(
    const std::vector<TopicPartition>& partitions) {
  std::vector<Position> positions;
  for (const TopicPartition& partition : partitions) {
    positions.push_back({partition, kOffsetStored});
  }
  return positions;
}

class RdKafkaConsumer final : public Consumer {
 public:
  RdKafkaConsumer() = default;
  ~RdKafkaConsumer() override { Close(); }

  // Before anything else.
  absl::Status Start(const ClientOptions& client, Properties properties) {
    absl::StatusOr<Owned<rd_kafka_conf_t>> conf = NewConf(client, properties);
    if (!conf.ok()) return conf.status();
    rd_kafka_conf_set_opaque(conf->get(), this);
    rd_kafka_conf_set_rebalance_cb(conf->get(), OnRebalance);
    absl::StatusOr<Owned<rd_kafka_t>> handle =
        NewHandle(RD_KAFKA_CONSUMER, *std::move(conf));
    if (!handle.ok()) return handle.status();
    handle_ = *std::move(handle);
    rd_kafka_poll_set_consumer(handle_.get());
    return absl::OkStatus();
  }

  absl::Status Subscribe(const std::vector<std::string>& topics,
                         RebalanceListener* listener) override {
    listener_ = listener;
    std::vector<Position> list;
    for (const std::string& topic : topics) {
      list.push_back({{topic, RD_KAFKA_PARTITION_UA}, 0});
    }
    return ToStatus("subscribing",
                    rd_kafka_subscribe(handle_.get(), ToList(list).get()));
  }

  absl::Status Assign(const std::vector<Position>& positions) override {
    return ToStatus("assigning partitions",
                    rd_kafka_assign(handle_.get(), ToList(positions).get()));
  }

  absl::StatusOr<PollResult> Poll(size_t max_records,
                                  absl::Duration wait) override {
    PollResult result;
    polled_ = &result;
    const absl::Status status = PollInto(result, max_records, wait);
    polled_ = nullptr;
    if (!status.ok()) return status;
    return result;
  }

  absl::Status Seek(const std::vector<Position>& positions) override {
    const auto list = ToList(positions);
    absl::Status resolved = ResolveStored(list.get());
    if (!resolved.ok()) return resolved;
    constexpr int kTimeoutMs = 10'000;
    absl::Status status =
        ToStatus("seeking", Owned<rd_kafka_error_t>(rd_kafka_seek_partitions(
                                handle_.get(), list.get(), kTimeoutMs)));
    for (int i = 0; status.ok() && i < list->cnt; ++i) {
      status = ToStatus("seeking", list->elems[i].err);
    }
    return status;
  }

  absl::Status Pause(const std::vector<TopicPartition>& partitions) override {
    return ToStatus("pausing", rd_kafka_pause_partitions(
                                   handle_.get(),
                                   ToList(WithoutOffsets(partitions)).get()));
  }

  absl::Status Resume(const std::vector<TopicPartition>& partitions) override {
    return ToStatus("resuming", rd_kafka_resume_partitions(
                                    handle_.get(),
                                    ToList(WithoutOffsets(partitions)).get()));
  }

  absl::Status AwaitOffsets(const std::vector<TopicPartition>& partitions,
                            absl::Duration timeout) override {
    // A consumer of committed records is told stable offsets only (KIP-447).
    const auto list = ToList(WithoutOffsets(partitions));
    absl::Status status = ToStatus(
        "waiting for offsets under way",
        rd_kafka_committed(handle_.get(), list.get(), Milliseconds(timeout)));
    for (int i = 0; status.ok() && i < list->cnt; ++i) {
      status = ToStatus("waiting for offsets under way", list->elems[i].err);
    }
    return status;
  }

  absl::StatusOr<std::vector<Position>> OffsetsAt(
      const std::vector<TopicPartition>& partitions, absl::Time time,
      absl::Duration timeout) override {
    std::vector<Position> asked;
    for (const TopicPartition& partition : partitions) {
      // Times go in as offsets.
      asked.push_back(
          {partition, std::max<int64_t>(absl::ToUnixMillis(time), 0)});
    }
    const auto list = ToList(asked);
    absl::Status status =
        ToStatus("asking for offsets by time",
                 rd_kafka_offsets_for_times(handle_.get(), list.get(),
                                            Milliseconds(timeout)));
    for (int i = 0; status.ok() && i < list->cnt; ++i) {
      status = ToStatus("asking for an offset by time", list->elems[i].err);
    }
    if (!status.ok()) return status;
    std::vector<Position> positions = FromList(*list);
    for (Position& position : positions) {
      if (position.offset < 0) position.offset = kOffsetEnd;
    }
    return positions;
  }

  absl::StatusOr<Watermarks> QueryWatermarks(const TopicPartition& partition,
                                             absl::Duration timeout) override {
    Watermarks watermarks;
    const absl::Status status = ToStatus(
        absl::StrCat("asking for the ends of ", ToString(partition)),
        rd_kafka_query_watermark_offsets(
            handle_.get(), partition.topic.c_str(), partition.partition,
            &watermarks.low, &watermarks.high, Milliseconds(timeout)));
    if (!status.ok()) return status;
    return watermarks;
  }

  absl::StatusOr<std::vector<Position>> WrittenEnds(
      const std::vector<TopicPartition>& partitions,
      absl::Duration timeout) override {
    std::vector<Position> wanted;
    for (const TopicPartition& partition : partitions) {
      wanted.push_back({partition, RD_KAFKA_OFFSET_SPEC_LATEST});
    }
    const Owned<rd_kafka_AdminOptions_t> options(rd_kafka_AdminOptions_new(
        handle_.get(), RD_KAFKA_ADMIN_OP_LISTOFFSETS));
    Owned<rd_kafka_error_t>(rd_kafka_AdminOptions_set_isolation_level(
        options.get(), RD_KAFKA_ISOLATION_LEVEL_READ_UNCOMMITTED));
    const Owned<rd_kafka_queue_t> queue(rd_kafka_queue_new(handle_.get()));
    rd_kafka_ListOffsets(handle_.get(), ToList(wanted).get(), options.get(),
                         queue.get());
    const Owned<rd_kafka_event_t> event(
        rd_kafka_queue_poll(queue.get(), Milliseconds(timeout)));
    constexpr absl::string_view kWhat = "asking where partitions end";
    if (event == nullptr) {
      return ToStatus(kWhat, RD_KAFKA_RESP_ERR__TIMED_OUT);
    }
    absl::Status status = ToStatus(kWhat, rd_kafka_event_error(event.get()));
    if (!status.ok()) return status;
    size_t count = 0;
    const rd_kafka_ListOffsetsResultInfo_t** const infos =
        rd_kafka_ListOffsets_result_infos(
            rd_kafka_event_ListOffsets_result(event.get()), &count);
    std::vector<Position> ends;
    for (size_t i = 0; i < count; ++i) {
      const rd_kafka_topic_partition_t* const end =
          rd_kafka_ListOffsetsResultInfo_topic_partition(infos[i]);
      if (end->err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
      ends.push_back({{end->topic, end->partition}, end->offset});
    }
    if (ends.empty()) return absl::UnavailableError(kWhat);
    return ends;
  }

  std::optional<int64_t> FetchedEnd(
      const TopicPartition& partition) const override {
    int64_t low = 0;
    int64_t high = 0;
    const rd_kafka_resp_err_t error =
        rd_kafka_get_watermark_offsets(handle_.get(), partition.topic.c_str(),
                                       partition.partition, &low, &high);
    // Negative values stand for what is not known.
    if (error != RD_KAFKA_RESP_ERR_NO_ERROR || high < 0) return std::nullopt;
    return high;
  }

  absl::StatusOr<int32_t> PartitionCount(const std::string& topic,
                                         absl::Duration timeout) override {
    const Owned<rd_kafka_topic_t> handle(
        rd_kafka_topic_new(handle_.get(), topic.c_str(), nullptr));
    const struct rd_kafka_metadata* raw = nullptr;
    const std::string what = absl::StrCat("asking about topic ", topic);
    absl::Status status =
        ToStatus(what, rd_kafka_metadata(handle_.get(), 0, handle.get(), &raw,
                                         Milliseconds(timeout)));
    if (!status.ok()) return status;
    const Owned<const struct rd_kafka_metadata> metadata(raw);
    if (metadata->topic_cnt != 1) return absl::NotFoundError(what);
    status = ToStatus(what, metadata->topics[0].err);
    if (!status.ok()) return status;
    if (metadata->topics[0].partition_cnt == 0) {
      return absl::UnavailableError(absl::StrCat(what, ": no partitions yet"));
    }
    return metadata->topics[0].partition_cnt;
  }

  absl::StatusOr<std::vector<Position>> Committed(
      const std::vector<TopicPartition>& partitions,
      absl::Duration timeout) override {
    const auto list = ToList(WithoutOffsets(partitions));
    const absl::Status status = ToStatus(
        "asking for committed offsets",
        rd_kafka_committed(handle_.get(), list.get(), Milliseconds(timeout)));
    if (!status.ok()) return status;
    for (int i = 0; i < list->cnt; ++i) {
      const absl::Status answer =
          ToStatus("asking for a committed offset", list->elems[i].err);
      if (!answer.ok()) return answer;
    }
    std::vector<Position> positions = FromList(*list);
    for (Position& position : positions) {
      if (position.offset < 0) position.offset = kOffsetStored;
    }
    return positions;
  }

  absl::StatusOr<std::string> GroupMetadata() override {
    if (has_left_) return absl::AbortedError("the consumer has left its group");
    const Owned<rd_kafka_consumer_group_metadata_t> metadata(
        rd_kafka_consumer_group_metadata(handle_.get()));
    if (metadata == nullptr) {
      return absl::FailedPreconditionError("the consumer has no group");
    }
    if (rd_kafka_consumer_group_metadata_generation_id(metadata.get()) < 0) {
      return absl::AbortedError("the consumer is no member of its group now");
    }
    void* data = nullptr;
    size_t size = 0;
    const absl::Status status =
        ToStatus("reading the group's state",
                 Owned<rd_kafka_error_t>(rd_kafka_consumer_group_metadata_write(
                     metadata.get(), &data, &size)));
    if (!status.ok()) return status;
    std::string bytes(static_cast<const char*>(data), size);
    rd_kafka_mem_free(nullptr, data);
    return bytes;
  }

  void Close() override {
    if (handle_ == nullptr) return;
    closing_ = true;
    rd_kafka_consumer_close(handle_.get());
    handle_.reset();
  }

 private:
  absl::Status PollInto(PollResult& result, size_t max_records,
                        absl::Duration wait) {
    const absl::Time deadline = absl::Now() + wait;
    size_t bytes = 0;
    rebalanced_ = false;
    while (result.records.size() < max_records && bytes < kMaxPolledBytes &&
           !rebalanced_) {
      const absl::Duration left =
          result.records.empty() && result.ends.empty()
              ? std::max(deadline - absl::Now(), absl::ZeroDuration())
              : absl::ZeroDuration();
      const Owned<rd_kafka_message_t> message(
          rd_kafka_consumer_poll(handle_.get(), Milliseconds(left)));
      if (message == nullptr) {
        if (left == absl::ZeroDuration()) break;
        continue;
      }
      bytes += message->len;
      if (absl::Status status = Take(*message, result); !status.ok()) {
        return status;
      }
    }
    return absl::OkStatus();
  }

  // Drops what the poll at hand has read of partitions that go: whoever owns
  // them next reads it again.
  void Forget(const std::vector<TopicPartition>& partitions) {
    if (polled_ == nullptr) return;
    const auto gone = [&partitions](const TopicPartition& partition) {
      return std::find(partitions.begin(), partitions.end(), partition) !=
             partitions.end();
    };
    std::erase_if(polled_->records,
                  [&](const Record& record) { return gone(record.partition); });
    const auto is_gone = [&](const Position& position) {
      return gone(position.partition);
    };
    std::erase_if(polled_->ends, is_gone);
    std::erase_if(polled_->uncommitted_ends, is_gone);
  }

  void TakeEnd(const Position& end, PollResult& result) {
    result.ends.push_back(end);
    // As the last answer of the broker had them, that which had no more.
    Watermarks written;
    if (rd_kafka_get_watermark_offsets(
            handle_.get(), end.partition.topic.c_str(), end.partition.partition,
            &written.low, &written.high) == RD_KAFKA_RESP_ERR_NO_ERROR &&
        written.high > end.offset) {
      result.uncommitted_ends.push_back({end.partition, written.high});
    }
  }

  // A record, an end, or an error: those that librdkafka retries by itself are
  // left to it.
  absl::Status Take(const rd_kafka_message_t& message, PollResult& result) {
    if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      result.records.push_back(ToRecord(message));
      return absl::OkStatus();
    }
    if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      TakeEnd({{rd_kafka_topic_name(message.rkt), message.partition},
               message.offset},
              result);
      return absl::OkStatus();
    }
    char reason[512];
    if (rd_kafka_fatal_error(handle_.get(), reason, sizeof(reason)) !=
        RD_KAFKA_RESP_ERR_NO_ERROR) {
      return absl::FailedPreconditionError(
          absl::StrCat("the consumer can't go on: ", reason));
    }
    LogWarning("waiting for Kafka",
               {{"reason", rd_kafka_message_errstr(&message)}});
    return absl::OkStatus();
  }

  // Replaces kOffsetStored, which a seek doesn't take, by the group's offset.
  absl::Status ResolveStored(rd_kafka_topic_partition_list_t* list) {
    std::vector<Position> stored;
    for (const Position& position : FromList(*list)) {
      if (position.offset == kOffsetStored) stored.push_back(position);
    }
    if (stored.empty()) return absl::OkStatus();
    const auto committed = ToList(stored);
    constexpr int kTimeoutMs = 10'000;
    const absl::Status status = ToStatus(
        "asking for committed offsets",
        rd_kafka_committed(handle_.get(), committed.get(), kTimeoutMs));
    if (!status.ok()) return status;
    for (const Position& position : FromList(*committed)) {
      rd_kafka_topic_partition_list_find(list, position.partition.topic.c_str(),
                                         position.partition.partition)
          ->offset = position.offset < 0 ? kOffsetBeginning : position.offset;
    }
    return absl::OkStatus();
  }

  static void OnRebalance(rd_kafka_t* handle, rd_kafka_resp_err_t event,
                          rd_kafka_topic_partition_list_t* list, void* opaque) {
    auto* self = static_cast<RdKafkaConsumer*>(opaque);
    self->rebalanced_ = true;
    std::vector<Position> positions = FromList(*list);
    const bool is_assigned = event == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
    self->Tell(is_assigned, positions);
    if (self->has_left_) return;
    self->has_left_ = self->closing_;
    if (self->listener_ == nullptr) {
      // Assign needs no group; only Close comes here.
      rd_kafka_assign(handle, nullptr);
    } else if (is_assigned) {
      Owned<rd_kafka_error_t>(
          rd_kafka_incremental_assign(handle, ToList(positions).get()));
    } else {
      Owned<rd_kafka_error_t>(rd_kafka_incremental_unassign(handle, list));
    }
  }

  // The listener, of partitions that come or go.
  void Tell(bool is_assigned, std::vector<Position>& positions) {
    if (listener_ == nullptr) return;
    if (is_assigned) {
      // What comes within Close goes at once. librdkafka answers no question
      // for the group's offsets then, so that who asks would wait in vain.
      if (!closing_) listener_->OnAssigned(positions);
      return;
    }
    Forget(Partitions(positions));
    if (rd_kafka_assignment_lost(handle_.get())) {
      listener_->OnLost(Partitions(positions));
    } else {
      listener_->OnRevoked(Partitions(positions));
    }
  }

  Owned<rd_kafka_t> handle_;
  RebalanceListener* listener_ = nullptr;
  bool closing_ = false;
  // Within Close the first answer to a rebalance gives all partitions back, and
  // librdkafka leaves the group. What it is told or asked behind that it may
  // never reply to (rd_kafka_cgrp_op_serve drops it), and there is no timeout.
  bool has_left_ = false;
  // Within Poll: what it has read, and whether partitions came or went.
  PollResult* polled_ = nullptr;
  bool rebalanced_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Consumer>> NewConsumer(
    const ClientOptions& client, const ConsumerOptions& options) {
  Properties properties = {
      {"group.id",
       options.group_id.empty() ? client.client_id : options.group_id},
      {"enable.auto.commit", "false"},
      {"enable.auto.offset.store", "false"},
      {"auto.offset.reset", "earliest"},
      {"isolation.level", "read_committed"},
      {"enable.partition.eof", "true"},
      {"partition.assignment.strategy", "cooperative-sticky"},
      {"session.timeout.ms",
       absl::StrCat(Milliseconds(options.session_timeout))},
      {"heartbeat.interval.ms",
       absl::StrCat(Milliseconds(options.session_timeout / 5))},
      // Records wait in one queue, which bounds the process; where it is full,
      // fetching rests for a moment, not for the default's second, in which it
      // would run dry.
      {"queued.max.messages.kbytes",
       absl::StrCat(options.max_queued_bytes / 1024)},
      {"fetch.queue.backoff.ms", "20"},
      {"fetch.wait.max.ms", "100"},
      {"fetch.message.max.bytes", "1048576"},
      {"topic.metadata.refresh.interval.ms", "30000"},
  };
  if (!options.group_instance_id.empty()) {
    properties["group.instance.id"] = options.group_instance_id;
  }
  auto consumer = std::make_unique<RdKafkaConsumer>();
  const absl::Status status = consumer->Start(client, std::move(properties));
  if (!status.ok()) return status;
  return consumer;
}

}  // namespace dateline::kafka

#include "common/kafka/record_sender.h"

namespace dateline::kafka {

rd_kafka_resp_err_t Enqueue(rd_kafka_t* handle, const OutgoingRecord& record,
                            void* opaque) {
  rd_kafka_headers_t* headers = rd_kafka_headers_new(record.headers.size());
  for (const Header& header : record.headers) {
    rd_kafka_header_add(
        headers, header.name.data(), static_cast<ssize_t>(header.name.size()),
        header.value.data(), static_cast<ssize_t>(header.value.size()));
  }
  // RD_KAFKA_V_VALUE takes a void*, but copies with RD_KAFKA_MSG_F_COPY.
  void* value =
      record.value ? const_cast<char*>(record.value->data()) : nullptr;
  const size_t value_size = record.value ? record.value->size() : 0;
  const rd_kafka_resp_err_t error = rd_kafka_producev(
      handle, RD_KAFKA_V_TOPIC(record.topic.c_str()),
      RD_KAFKA_V_PARTITION(record.partition.value_or(RD_KAFKA_PARTITION_UA)),
      RD_KAFKA_V_KEY(record.key.data(), record.key.size()),
      RD_KAFKA_V_VALUE(value, value_size), RD_KAFKA_V_HEADERS(headers),
      RD_KAFKA_V_OPAQUE(opaque), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
      RD_KAFKA_V_END);
  if (error != RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_headers_destroy(headers);
  return error;
}

Properties ProducerProperties() {
  return {
      {"enable.idempotence", "true"},
      {"acks", "all"},
      {"compression.type", "zstd"},
      // Near to the default's size in half its time.
      {"compression.level", "1"},
      {"linger.ms", "5"},
      // Java clients' hash, so that all languages agree on a key's partition.
      {"partitioner", "murmur2_random"},
      // Uncompressed; deploy/topics.json has the same for the topics.
      {"message.max.bytes", "16777216"},
  };
}

}  // namespace dateline::kafka

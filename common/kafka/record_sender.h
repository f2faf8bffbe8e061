#ifndef DATELINE_COMMON_KAFKA_RECORD_SENDER_H_
#define DATELINE_COMMON_KAFKA_RECORD_SENDER_H_

#include "common/kafka/handles.h"
#include "common/kafka/record.h"

namespace dateline::kafka {

// Puts a copy of `record` into the producer's queue, without waiting. `opaque`
// comes back with the delivery report.
rd_kafka_resp_err_t Enqueue(rd_kafka_t* handle, const OutgoingRecord& record,
                            void* opaque);

// What both kinds of producers set.
Properties ProducerProperties();

}  // namespace dateline::kafka

#endif  // DATELINE_COMMON_KAFKA_RECORD_SENDER_H_

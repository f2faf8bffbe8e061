#ifndef DATELINE_FETCHER_IMPORT_RECORD_H_
#define DATELINE_FETCHER_IMPORT_RECORD_H_

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/kafka/consumer.h"
#include "common/kafka/producer.h"
#include "dateline/v1/warc_import.pb.h"
#include "fetcher/import_listener.h"

namespace dateline::fetcher {

// The record of `import` for the topic `imports`.
kafka::OutgoingRecord ImportRecord(const std::string& topic,
                                   const v1::WarcImport& import);

// What was committed last for the file `name`; none where nothing was. Complete
// where `producer`, which must have no transaction open, has fenced all others
// that write for this file: nothing that they committed is missed.
//
// kCancelled where `listener` is gone, kUnavailable where the topic can't be
// read in time, else as the producer says.
absl::StatusOr<std::optional<v1::WarcImport>> ReadImport(
    const std::string& topic, const std::string& name,
    kafka::Consumer& consumer, kafka::TransactionalProducer& producer,
    const ImportListener& listener);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_IMPORT_RECORD_H_

#ifndef DATELINE_PARSER_LEDGER_TOPIC_READING_H_
#define DATELINE_PARSER_LEDGER_TOPIC_READING_H_

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/kafka/client.h"
#include "common/kafka/consumer.h"
#include "common/kafka/record.h"

namespace dateline {

using TopicEnds = std::map<kafka::TopicPartition, kafka::Watermarks>;

// The ends of all partitions of these topics, records of open transactions
// included. kUnavailable where the broker does not answer.
absl::StatusOr<TopicEnds> ReadEnds(const kafka::ClientOptions& client,
                                   const std::vector<std::string>& topics);

// Reads all committed records before the ends; waits for transactions that are
// open there. kDeadlineExceeded, naming a partition, where nothing comes. Ends,
// with that, where `take` gives an error.
absl::Status ReadUpTo(
    const kafka::ClientOptions& client, const TopicEnds& ends,
    const std::function<absl::Status(const kafka::Record&)>& take);

// The key of the record at a place; kNotFound where there is none.
absl::StatusOr<std::string> ReadKey(const kafka::ClientOptions& client,
                                    const kafka::TopicPartition& partition,
                                    int64_t offset);

}  // namespace dateline

#endif  // DATELINE_PARSER_LEDGER_TOPIC_READING_H_

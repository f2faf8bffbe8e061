#ifndef DATELINE_STORE_TOPIC_READER_H_
#define DATELINE_STORE_TOPIC_READER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/kafka/consumer.h"
#include "store/core/offsets.h"

namespace dateline::store {

using ConsumerFactory =
    std::function<absl::StatusOr<std::unique_ptr<kafka::Consumer>>()>;

// Where to begin reading a topic.
struct ReadFrom {
  Offsets offsets = {};
  // Partitions that are not in `offsets` begin at their end, else at their
  // first record.
  bool others_at_end = false;
  // Whether to go on at the first record that is still there where those before
  // it are gone; else that is kOutOfRange.
  bool skip_gone = false;
};

// Reads all partitions of one topic without a group: each record behind where
// it began once, in the order of its partition. One thread uses a reader.
class TopicReader {
 public:
  TopicReader(ConsumerFactory factory, std::string topic);

  // Makes a consumer and begins. Waits for the broker a few seconds at most.
  // kUnavailable (the broker is away) and kNotFound (no such topic yet): try
  // again later. kOutOfRange, naming partition and offset: the topic doesn't
  // reach to there, so that it is another one than was read before; or see
  // skip_gone.
  absl::Status Open(const ReadFrom& from);

  // As Consumer::Poll. What was returned is behind offsets().
  absl::StatusOr<std::vector<kafka::Record>> Poll(size_t max_records,
                                                  absl::Duration wait);

  // Reads on with partitions added to the topic, from their first record.
  absl::Status TakeUpNewPartitions();

  // Moves ends() on to where the partitions ended when they were last fetched.
  // Asks nobody: an answer would stand in line behind all that is fetched.
  void RefreshEnds();

  const std::string& topic() const { return topic_; }
  // Behind what was returned. Once a partition's end is reached, behind the
  // offsets without records that stand there, too.
  const Offsets& offsets() const { return offsets_; }
  // The ends of the partitions as last heard of.
  const Offsets& ends() const { return ends_; }

 private:
  absl::StatusOr<int64_t> Begin(const ReadFrom& from, int32_t partition);
  absl::Status Assign();

  ConsumerFactory factory_;
  const std::string topic_;
  std::unique_ptr<kafka::Consumer> consumer_;
  Offsets offsets_;
  Offsets ends_;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_TOPIC_READER_H_

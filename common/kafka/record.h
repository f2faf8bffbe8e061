#ifndef DATELINE_COMMON_KAFKA_RECORD_H_
#define DATELINE_COMMON_KAFKA_RECORD_H_

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace dateline::kafka {

struct Header {
  std::string name;
  std::string value;

  bool operator==(const Header&) const = default;
};

// The value of the last header of that name, as Kafka's clients read it.
std::optional<absl::string_view> FindHeader(const std::vector<Header>& headers,
                                            absl::string_view name);

struct TopicPartition {
  std::string topic;
  int32_t partition = 0;

  auto operator<=>(const TopicPartition&) const = default;
};

// "pages[3]", for messages.
std::string ToString(const TopicPartition& partition);

// A place in a partition: the offset of the next record to read.
struct Position {
  TopicPartition partition;
  int64_t offset = 0;
  // What a group keeps beside the committed offset, for itself; the broker
  // takes 4,096 bytes by default.
  std::string metadata = {};

  auto operator<=>(const Position&) const = default;
};

// Offsets that stand for the ends of a partition, where a Position is an input.
inline constexpr int64_t kOffsetBeginning = -2;
inline constexpr int64_t kOffsetEnd = -1;
// The group's committed offset, or the beginning where there is none.
inline constexpr int64_t kOffsetStored = -1000;

// A record as read. No value is a tombstone.
struct Record {
  TopicPartition partition;
  int64_t offset = 0;
  std::string key;
  std::optional<std::string> value;
  std::vector<Header> headers;
  absl::Time timestamp;
};

// A record to write. Without a partition, the key's hash chooses (murmur2, as
// Java's clients do).
struct OutgoingRecord {
  std::string topic;
  std::optional<int32_t> partition;
  std::string key;
  std::optional<std::string> value;
  std::vector<Header> headers;

  bool operator==(const OutgoingRecord&) const = default;
};

}  // namespace dateline::kafka

#endif  // DATELINE_COMMON_KAFKA_RECORD_H_

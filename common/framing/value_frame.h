#ifndef DATELINE_COMMON_FRAMING_VALUE_FRAME_H_
#define DATELINE_COMMON_FRAMING_VALUE_FRAME_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message_lite.h"

namespace dateline {

// Values of records are Protobuf messages, plain or behind the frame that the
// clients of a schema registry write: a zero byte, the schema's id in four
// bytes, big-endian, and which message of the schema it is, as a list of
// indexes (its length and each, as zigzag varints; a single 0 for the first
// message). A message never begins with a zero byte, as no field has the number
// 0: so each value says itself which of the two it is.

// What stands before a message of that schema.
std::string ConfluentFrame(int32_t schema_id,
                           const std::vector<int>& message_indexes);

// Which message of its file it is: its index, behind those of the messages that
// it is nested in.
std::vector<int> MessageIndexes(const google::protobuf::Descriptor& message);

// Whether a value begins with a frame, whole or not.
bool IsFramed(absl::string_view value);

// A value without its frame. What has none is returned as it is; so is what has
// a broken one, and is no message either.
absl::string_view WithoutFrame(absl::string_view value);

// Reads the message in a record's value, framed or not; false where there is
// none of its kind.
bool ParseValue(absl::string_view value,
                google::protobuf::MessageLite* message);

}  // namespace dateline

#endif  // DATELINE_COMMON_FRAMING_VALUE_FRAME_H_

#include "common/framing/value_frame.h"

#include <algorithm>
#include <optional>

namespace dateline {
namespace {

constexpr char kMagic = 0;
constexpr size_t kIdEnd = 5;
// Messages are not nested deeper than that.
constexpr int64_t kMostIndexes = 64;

void AppendZigzag(int64_t number, std::string& out) {
  uint64_t left = (static_cast<uint64_t>(number) << 1) ^
                  static_cast<uint64_t>(number >> 63);
  for (; left >= 0x80; left >>= 7) {
    out.push_back(static_cast<char>((left & 0x7f) | 0x80));
  }
  out.push_back(static_cast<char>(left));
}

// Takes one off the front of `bytes`.
std::optional<int64_t> TakeZigzag(absl::string_view& bytes) {
  uint64_t number = 0;
  for (int shift = 0; shift < 64 && !bytes.empty(); shift += 7) {
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    number |= static_cast<uint64_t>(byte & 0x7f) << shift;
    if (byte < 0x80) {
      return static_cast<int64_t>(number >> 1) ^
             -static_cast<int64_t>(number & 1);
    }
  }
  return std::nullopt;
}

}  // namespace

std::string ConfluentFrame(int32_t schema_id,
                           const std::vector<int>& message_indexes) {
  std::string frame(1, kMagic);
  for (int shift = 24; shift >= 0; shift -= 8) {
    frame.push_back(
        static_cast<char>(static_cast<uint32_t>(schema_id) >> shift));
  }
  if (message_indexes == std::vector<int>{0}) {
    AppendZigzag(0, frame);
    return frame;
  }
  AppendZigzag(static_cast<int64_t>(message_indexes.size()), frame);
  for (const int index : message_indexes) AppendZigzag(index, frame);
  return frame;
}

std::vector<int> MessageIndexes(const google::protobuf::Descriptor& message) {
  std::vector<int> indexes;
  for (const auto* at = &message; at != nullptr; at = at->containing_type()) {
    indexes.push_back(at->index());
  }
  std::reverse(indexes.begin(), indexes.end());
  return indexes;
}

bool IsFramed(absl::string_view value) {
  return !value.empty() && value.front() == kMagic;
}

absl::string_view WithoutFrame(absl::string_view value) {
  if (!IsFramed(value) || value.size() <= kIdEnd) return value;
  absl::string_view rest = value.substr(kIdEnd);
  const std::optional<int64_t> count = TakeZigzag(rest);
  if (!count.has_value() || *count < 0 || *count > kMostIndexes) return value;
  for (int64_t i = 0; i < *count; ++i) {
    if (!TakeZigzag(rest).has_value()) return value;
  }
  return rest;
}

bool ParseValue(absl::string_view value,
                google::protobuf::MessageLite* message) {
  const absl::string_view bytes = WithoutFrame(value);
  return message->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
}

}  // namespace dateline

#include "store/core/offsets.h"

#include <algorithm>

namespace dateline::store {

void Advance(Offsets& offsets, int32_t partition, int64_t next) {
  int64_t& offset = offsets[partition];
  offset = std::max(offset, next);
}

int64_t Distance(const Offsets& from, const Offsets& to) {
  int64_t distance = 0;
  for (const auto& [partition, end] : to) {
    const auto found = from.find(partition);
    const int64_t begin = found == from.end() ? 0 : found->second;
    distance += std::max<int64_t>(end - begin, 0);
  }
  return distance;
}

std::vector<kafka::Position> ToPositions(const std::string& topic,
                                         const Offsets& offsets) {
  std::vector<kafka::Position> positions;
  positions.reserve(offsets.size());
  for (const auto& [partition, offset] : offsets) {
    positions.push_back({{topic, partition}, offset});
  }
  return positions;
}

Offsets ToOffsets(const std::string& topic,
                  const std::vector<kafka::Position>& positions) {
  Offsets offsets;
  for (const kafka::Position& position : positions) {
    if (position.partition.topic != topic) continue;
    offsets[position.partition.partition] = position.offset;
  }
  return offsets;
}

}  // namespace dateline::store

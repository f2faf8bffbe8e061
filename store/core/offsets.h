#ifndef DATELINE_STORE_CORE_OFFSETS_H_
#define DATELINE_STORE_CORE_OFFSETS_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "common/kafka/record.h"

namespace dateline::store {

// How far a topic has been read: partition -> offset of the next record. A
// partition that is not there has not been read at all.
using Offsets = std::map<int32_t, int64_t>;

// Moves a partition on; never back.
void Advance(Offsets& offsets, int32_t partition, int64_t next);

// How many offsets lie from `from` to `to`, over the partitions of `to`. An
// upper bound of the records between them: transactions and compaction leave
// offsets without a record.
int64_t Distance(const Offsets& from, const Offsets& to);

std::vector<kafka::Position> ToPositions(const std::string& topic,
                                         const Offsets& offsets);
// Leaves out other topics.
Offsets ToOffsets(const std::string& topic,
                  const std::vector<kafka::Position>& positions);

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_OFFSETS_H_

#ifndef DATELINE_STORE_CORE_LAG_H_
#define DATELINE_STORE_CORE_LAG_H_

#include <cstdint>

#include "store/core/offsets.h"

namespace dateline::store {

// How far a reader is behind the ends of its partitions, as last heard.
class Lag {
 public:
  void SetRead(int32_t partition, int64_t next) { read_[partition] = next; }
  void SetEnd(int32_t partition, int64_t end) { ends_[partition] = end; }

  // Records still to be read, at most (see Distance).
  int64_t records() const { return Distance(read_, ends_); }

 private:
  Offsets read_;
  Offsets ends_;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_LAG_H_

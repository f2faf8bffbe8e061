#ifndef DATELINE_FETCHER_CORE_PACKED_ENTRY_H_
#define DATELINE_FETCHER_CORE_PACKED_ENTRY_H_

#include <memory>

#include "dateline/v1/frontier.pb.h"

namespace dateline::fetcher {

// A UrlEntry in its serialized form behind one pointer: a fraction of what the
// message takes in memory.
class PackedEntry {
 public:
  PackedEntry() = default;
  explicit PackedEntry(const v1::UrlEntry& entry);

  // The default entry where it is empty.
  v1::UrlEntry Unpack() const;

 private:
  // The size in 4 bytes, then as many bytes.
  std::unique_ptr<char[]> bytes_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_PACKED_ENTRY_H_

#ifndef DATELINE_FETCHER_CORE_ENTRY_STORE_H_
#define DATELINE_FETCHER_CORE_ENTRY_STORE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dateline/v1/frontier.pb.h"

namespace dateline::fetcher {

// UrlEntries in a fraction of the memory that the messages take: serialized,
// and in blocks of some dozens that are compressed whole, since entries are
// alike. Reading one decompresses its block: some microseconds.
//
// Not thread-safe.
class EntryStore {
 public:
  // Where an entry is. The default is nowhere.
  struct Place {
    uint32_t block = UINT32_MAX;
    uint32_t index = 0;  // within the block
  };

  Place Put(const v1::UrlEntry& entry);
  // The default entry where it is nowhere.
  v1::UrlEntry Get(const Place& place) const;
  // The place is no more.
  void Remove(const Place& place);

  // The entries of blocks of which most is removed: to be removed and put
  // again, so that the blocks become free.
  std::vector<v1::UrlEntry> TakeSparse();

  // What blocks take, about.
  size_t bytes() const { return bytes_; }

 private:
  struct Block {
    // Entries, each behind its size, compressed once the block is closed.
    std::string data;
    uint64_t removed = 0;  // a bit for each entry
    uint32_t size = 0;     // of `data` decompressed
    uint16_t entries = 0;
    uint16_t live = 0;
    bool is_closed = false;
  };

  uint32_t OpenBlock();
  void Close(uint32_t number);
  void Free(uint32_t number);
  std::string Decompressed(const Block& block) const;

  std::vector<Block> blocks_;
  std::vector<uint32_t> free_;
  std::vector<uint32_t> sparse_;
  uint32_t open_ = UINT32_MAX;
  size_t bytes_ = 0;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_ENTRY_STORE_H_

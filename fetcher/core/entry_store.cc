#include "fetcher/core/entry_store.h"

#include <zstd.h>

#include <cstring>
#include <memory>
#include <utility>

#include "absl/strings/string_view.h"

namespace dateline::fetcher {
namespace {

// A block is closed at either.
constexpr uint16_t kMostEntries = 64;
constexpr size_t kMostBytes = 16 * 1024;
constexpr int kLevel = 3;

struct FreeContext {
  void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
};

// Making a context costs more than using it.
ZSTD_CCtx* CompressionContext() {
  thread_local const std::unique_ptr<ZSTD_CCtx, FreeContext> context(
      ZSTD_createCCtx());
  return context.get();
}

ZSTD_DCtx* DecompressionContext() {
  thread_local const std::unique_ptr<ZSTD_DCtx, FreeContext> context(
      ZSTD_createDCtx());
  return context.get();
}

// The entry that `data` begins with; `data` goes on behind it.
absl::string_view ConsumeEntry(absl::string_view& data) {
  uint32_t size = 0;
  std::memcpy(&size, data.data(), sizeof(size));
  const absl::string_view entry = data.substr(sizeof(size), size);
  data.remove_prefix(sizeof(size) + size);
  return entry;
}

v1::UrlEntry Parse(absl::string_view bytes) {
  v1::UrlEntry entry;
  entry.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
  return entry;
}

}  // namespace

EntryStore::Place EntryStore::Put(const v1::UrlEntry& entry) {
  if (open_ == UINT32_MAX) open_ = OpenBlock();
  const uint32_t number = open_;
  Block& block = blocks_[number];
  const auto size = static_cast<uint32_t>(entry.ByteSizeLong());
  const size_t begin = block.data.size();
  block.data.resize(begin + sizeof(size) + size);
  std::memcpy(&block.data[begin], &size, sizeof(size));
  entry.SerializeToArray(&block.data[begin] + sizeof(size),
                         static_cast<int>(size));
  const Place place = {number, block.entries};
  ++block.entries;
  ++block.live;
  if (block.entries == kMostEntries || block.data.size() >= kMostBytes) {
    open_ = UINT32_MAX;
    Close(number);
  }
  return place;
}

v1::UrlEntry EntryStore::Get(const Place& place) const {
  if (place.block == UINT32_MAX) return v1::UrlEntry();
  const Block& block = blocks_[place.block];
  const std::string decompressed =
      block.is_closed ? Decompressed(block) : std::string();
  absl::string_view rest = block.is_closed ? decompressed : block.data;
  for (uint32_t i = 0; i < place.index; ++i) ConsumeEntry(rest);
  return Parse(ConsumeEntry(rest));
}

void EntryStore::Remove(const Place& place) {
  if (place.block == UINT32_MAX) return;
  Block& block = blocks_[place.block];
  block.removed |= uint64_t{1} << place.index;
  --block.live;
  if (!block.is_closed) return;
  if (block.live == 0) {
    Free(place.block);
  } else if (block.live == block.entries / 4) {
    sparse_.push_back(place.block);
  }
}

std::vector<v1::UrlEntry> EntryStore::TakeSparse() {
  std::vector<v1::UrlEntry> entries;
  for (const uint32_t number : std::exchange(sparse_, {})) {
    const Block& block = blocks_[number];
    // It may have become free since, and another one.
    if (!block.is_closed || block.live > block.entries / 4) continue;
    const std::string data = Decompressed(block);
    absl::string_view rest = data;
    for (uint32_t i = 0; i < block.entries; ++i) {
      const absl::string_view entry = ConsumeEntry(rest);
      if ((block.removed >> i & 1) == 0) entries.push_back(Parse(entry));
    }
  }
  return entries;
}

uint32_t EntryStore::OpenBlock() {
  if (!free_.empty()) {
    const uint32_t number = free_.back();
    free_.pop_back();
    return number;
  }
  blocks_.emplace_back();
  return static_cast<uint32_t>(blocks_.size() - 1);
}

void EntryStore::Close(uint32_t number) {
  Block& block = blocks_[number];
  if (block.live == 0) {
    Free(number);
    return;
  }
  std::string packed(ZSTD_compressBound(block.data.size()), '\0');
  const size_t size =
      ZSTD_compressCCtx(CompressionContext(), packed.data(), packed.size(),
                        block.data.data(), block.data.size(), kLevel);
  block.size = static_cast<uint32_t>(block.data.size());
  block.data = packed.substr(0, size);
  block.is_closed = true;
  bytes_ += size;
  if (block.live <= block.entries / 4) sparse_.push_back(number);
}

void EntryStore::Free(uint32_t number) {
  if (blocks_[number].is_closed) bytes_ -= blocks_[number].data.size();
  blocks_[number] = Block();
  free_.push_back(number);
}

std::string EntryStore::Decompressed(const Block& block) const {
  std::string data(block.size, '\0');
  ZSTD_decompressDCtx(DecompressionContext(), data.data(), data.size(),
                      block.data.data(), block.data.size());
  return data;
}

}  // namespace dateline::fetcher

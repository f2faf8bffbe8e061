#include "fetcher/core/packed_entry.h"

#include <cstdint>
#include <cstring>

namespace dateline::fetcher {

PackedEntry::PackedEntry(const v1::UrlEntry& entry) {
  const auto size = static_cast<uint32_t>(entry.ByteSizeLong());
  bytes_.reset(new char[sizeof(size) + size]);
  std::memcpy(bytes_.get(), &size, sizeof(size));
  entry.SerializeToArray(bytes_.get() + sizeof(size), static_cast<int>(size));
}

v1::UrlEntry PackedEntry::Unpack() const {
  v1::UrlEntry entry;
  if (bytes_ == nullptr) return entry;
  uint32_t size = 0;
  std::memcpy(&size, bytes_.get(), sizeof(size));
  entry.ParseFromArray(bytes_.get() + sizeof(size), static_cast<int>(size));
  return entry;
}

}  // namespace dateline::fetcher

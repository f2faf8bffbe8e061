#include "fetcher/core/partition_of.h"

#include "common/url.h"

namespace dateline::fetcher {
namespace {

// FNV-1a, 64 bits.
uint64_t Fnv1a(absl::string_view bytes) {
  uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : bytes) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= 0x100000001b3;
  }
  return hash;
}

// FNV's low bits follow the last bytes of the name too closely to be taken
// modulo a small number: spread the high ones over them.
uint64_t Spread(uint64_t hash) {
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccd;
  hash ^= hash >> 33;
  return hash;
}

}  // namespace

int32_t PartitionOfHost(absl::string_view host_port, int32_t partition_count) {
  const auto count = static_cast<uint64_t>(partition_count);
  return static_cast<int32_t>(Spread(Fnv1a(host_port)) % count);
}

absl::StatusOr<int32_t> PartitionOfUrl(absl::string_view url,
                                       int32_t partition_count) {
  const absl::StatusOr<Url> parsed = ParseUrl(url);
  if (!parsed.ok()) return parsed.status();
  return PartitionOfHost(parsed->HostPort(), partition_count);
}

}  // namespace dateline::fetcher

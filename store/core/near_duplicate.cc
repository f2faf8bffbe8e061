#include "store/core/near_duplicate.h"

#include <cstring>

namespace dateline::store {
namespace {

constexpr size_t kValueBytes = 4;
constexpr size_t kBandBytes = kBandValues * kValueBytes;

// SplitMix64's finaliser.
uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

uint32_t ValueAt(absl::string_view signature, size_t index) {
  uint32_t value = 0;
  for (size_t i = kValueBytes; i > 0; --i) {
    value = value << 8 |
            static_cast<uint8_t>(signature[index * kValueBytes + i - 1]);
  }
  return value;
}

absl::string_view Band(absl::string_view signature, size_t band) {
  return signature.substr(band * kBandBytes, kBandBytes);
}

}  // namespace

std::string SignatureOf(const v1::Article& article) {
  std::string signature;
  if (article.minhash_size() != static_cast<int>(kSignatureValues)) {
    return signature;
  }
  signature.reserve(kSignatureValues * kValueBytes);
  for (const uint32_t value : article.minhash()) {
    for (size_t i = 0; i < kValueBytes; ++i) {
      signature.push_back(static_cast<char>(value >> (8 * i) & 0xff));
    }
  }
  return signature;
}

std::vector<int64_t> BandsOf(absl::string_view signature) {
  std::vector<int64_t> bands;
  if (signature.size() != kSignatureValues * kValueBytes) return bands;
  for (size_t band = 0; band < kBands; ++band) {
    uint64_t hash = band + 1;
    for (size_t i = 0; i < kBandValues; ++i) {
      hash = Mix(hash * 0x9e3779b97f4a7c15u +
                 ValueAt(signature, band * kBandValues + i));
    }
    bands.push_back(static_cast<int64_t>(hash));
  }
  return bands;
}

bool AreNearDuplicates(absl::string_view a, absl::string_view b) {
  constexpr size_t kBytes = kSignatureValues * kValueBytes;
  if (a.size() != kBytes || b.size() != kBytes) return false;
  bool share_band = false;
  for (size_t band = 0; band < kBands && !share_band; ++band) {
    share_band = Band(a, band) == Band(b, band);
  }
  if (!share_band) return false;
  size_t equal = 0;
  for (size_t i = 0; i < kBytes; i += kValueBytes) {
    if (std::memcmp(a.data() + i, b.data() + i, kValueBytes) == 0) ++equal;
  }
  return equal >= kNearDuplicateValues;
}

}  // namespace dateline::store

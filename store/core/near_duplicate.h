#ifndef DATELINE_STORE_CORE_NEAR_DUPLICATE_H_
#define DATELINE_STORE_CORE_NEAR_DUPLICATE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dateline/v1/article.pb.h"

namespace dateline::store {

// Article.minhash has this many values.
inline constexpr size_t kSignatureValues = 64;

// A signature is cut into this many bands of this many values (locality
// sensitive hashing). Of pairs that agree in nine tenths of their values all
// but one in 30,000 share a band, of six tenths six in seven, of one tenth one
// in a hundred.
inline constexpr size_t kBands = 8;
inline constexpr size_t kBandValues = 3;
// Of 64 values, those that near-duplicates have in common at least.
inline constexpr size_t kNearDuplicateValues = 36;

// The signature as bytes, 4 little-endian ones a value; empty where the article
// has none, or one of another length.
std::string SignatureOf(const v1::Article& article);

// One key for each band, the band's number included: signatures that share a
// key share a band, but for one pair in 2^60. None for an empty signature.
std::vector<int64_t> BandsOf(absl::string_view signature);

// Whether two signatures share a band and at least kNearDuplicateValues values.
// Symmetric; an empty one is like no other.
bool AreNearDuplicates(absl::string_view a, absl::string_view b);

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_NEAR_DUPLICATE_H_

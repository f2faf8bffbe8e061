#include "parser/core/signature.h"

#include <algorithm>

#include "common/sha256.h"
#include "parser/core/article_text.h"
#include "parser/core/furniture.h"
#include "parser/core/words.h"

namespace dateline {
namespace {

constexpr size_t kShingleWords = 3;
constexpr size_t kFewestWords = 20;
constexpr size_t kValues = 64;
constexpr size_t kMaxWords = 20000;

// SplitMix64's finaliser: with another seed, another hash function.
uint64_t Mix(uint64_t x) {
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
  return x ^ (x >> 31);
}

// Fills bins that no shingle fell into from the next one that has a value,
// changed by the distance, so that equal sets stay equal and unlike ones don't
// agree by being empty.
void Densify(std::vector<uint32_t>* values) {
  const std::vector<uint32_t> sparse = *values;
  for (size_t i = 0; i < kValues; ++i) {
    for (size_t step = 1; (*values)[i] == UINT32_MAX && step < kValues;
         ++step) {
      const uint32_t donor = sparse[(i + step) % kValues];
      if (donor == UINT32_MAX) continue;
      (*values)[i] = static_cast<uint32_t>(
          Mix(donor + (static_cast<uint64_t>(step) << 32)) >> 33);
    }
  }
}

void AppendSized(absl::string_view text, std::string* out) {
  for (int shift = 0; shift < 64; shift += 8) {
    out->push_back(static_cast<char>(
        (static_cast<uint64_t>(text.size()) >> shift) & 0xff));
  }
  out->append(text.data(), text.size());
}

}  // namespace

std::vector<uint32_t> MinHash(absl::string_view text) {
  std::vector<uint64_t> words = WordHashes(NormalizedLine(text));
  if (words.size() < kFewestWords) return {};
  words.resize(std::min(words.size(), kMaxWords));
  std::vector<uint32_t> values(kValues, UINT32_MAX);
  for (size_t i = 0; i + kShingleWords <= words.size(); ++i) {
    const uint64_t hash = Mix(ShingleHash(words, i, kShingleWords));
    uint32_t& least = values[hash % kValues];
    least = std::min(least, static_cast<uint32_t>(hash >> 32) >> 1);
  }
  Densify(&values);
  return values;
}

std::string ContentSha256(const v1::Article& article) {
  std::string all;
  AppendSized(article.headline(), &all);
  AppendSized(article.alternative_headline(), &all);
  AppendSized(BodyText(article.body()), &all);
  for (const v1::LiveUpdate& update : article.live_updates()) {
    AppendSized(update.headline(), &all);
    AppendSized(BodyText(update.body()), &all);
  }
  return Sha256(all);
}

}  // namespace dateline

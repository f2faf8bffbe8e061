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
    // Two halves of one good hash make all the others (Kirsch and Mitzenmacher
    // 2006).
    const uint64_t hash = Mix(ShingleHash(words, i, kShingleWords));
    const auto low = static_cast<uint32_t>(hash);
    const auto high = static_cast<uint32_t>(hash >> 32) | 1u;
    for (size_t k = 0; k < kValues; ++k) {
      uint32_t value = low + static_cast<uint32_t>(k) * high;
      value ^= value >> 15;
      value *= 0x2c1b3c6du;
      value ^= value >> 12;
      values[k] = std::min(values[k], value);
    }
  }
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

#include "parser/core/words.h"

#include "parser/core/text.h"

namespace dateline {
namespace {

// FNV-1a.
constexpr uint64_t kNoBytes = 1469598103934665603u;
uint64_t AddByte(uint64_t hash, char c) {
  return (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
}

}  // namespace

std::vector<uint64_t> WordHashes(absl::string_view normalized) {
  std::vector<uint64_t> words;
  words.reserve(normalized.size() / 5 + 4);
  uint64_t hash = kNoBytes;
  bool in_word = false;
  const auto end_word = [&] {
    if (in_word) words.push_back(hash);
    hash = kNoBytes;
    in_word = false;
  };
  for (size_t i = 0; i < normalized.size();) {
    const auto byte = static_cast<unsigned char>(normalized[i]);
    if (byte == ' ') {
      end_word();
      ++i;
      continue;
    }
    if (byte < 0xe0) {  // no script without spaces is written in two bytes
      hash = AddByte(hash, normalized[i++]);
      in_word = true;
      continue;
    }
    const size_t begin = i;
    const bool unspaced = IsUnspacedScript(NextCodePoint(normalized, &i));
    if (unspaced) end_word();
    for (size_t at = begin; at < i; ++at) hash = AddByte(hash, normalized[at]);
    in_word = true;
    if (unspaced) end_word();
  }
  end_word();
  return words;
}

uint64_t ShingleHash(const std::vector<uint64_t>& words, size_t at,
                     size_t count) {
  uint64_t hash = 0;
  for (size_t i = 0; i < count; ++i) {
    hash = hash * 0x9e3779b97f4a7c15u + words[at + i];
    hash ^= hash >> 29;
  }
  return hash;
}

}  // namespace dateline

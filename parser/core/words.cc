#include "parser/core/words.h"

#include "parser/core/text.h"

namespace dateline {
namespace {

uint64_t HashWord(absl::string_view word) {
  uint64_t hash = 1469598103934665603u;
  for (const char c : word) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  }
  return hash;
}

}  // namespace

std::vector<uint64_t> WordHashes(absl::string_view normalized) {
  std::vector<uint64_t> words;
  size_t begin = 0;
  const auto end_word = [&](size_t end) {
    if (end > begin) {
      words.push_back(HashWord(normalized.substr(begin, end - begin)));
    }
  };
  for (size_t i = 0; i < normalized.size();) {
    const size_t at = i;
    const auto byte = static_cast<unsigned char>(normalized[i]);
    const uint32_t c =
        byte < 0x80 ? (++i, byte) : NextCodePoint(normalized, &i);
    if (c == ' ') {
      end_word(at);
      begin = i;
    } else if (IsUnspacedScript(c)) {
      end_word(at);
      words.push_back(HashWord(normalized.substr(at, i - at)));
      begin = i;
    }
  }
  end_word(normalized.size());
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

#include "parser/core/content_weight.h"

#include <algorithm>

#include "absl/strings/match.h"
#include "parser/core/furniture.h"
#include "parser/core/text.h"
#include "parser/core/words.h"

namespace dateline {
namespace {

constexpr size_t kShingleWords = 4;
constexpr size_t kMaxShingles = 50000;

double WeightOf(const TextBlock& block) {
  if (block.heading_level > 0 || block.in_caption) return 0;
  if (block.LinkDensity() > 0.5) return 0;
  double weight = std::min(block.chars - block.link_chars, 2500u);
  if (block.words < 8 && !block.ends_sentence) return 0;
  if (block.words < 4) return 0;
  if (!block.ends_sentence) weight *= block.words > 25 ? 0.8 : 0.4;
  if (block.in_table) weight *= 0.6;
  if (block.in_list_item) weight *= block.words > 25 ? 0.7 : 0.4;
  if (!block.in_paragraph && block.words < 15) weight *= 0.6;
  if (block.words < 60) {
    const LineKind kind = block.Kind();
    if (kind == LineKind::kCopyright || kind == LineKind::kPromotion) return 0;
  }
  return weight;
}

}  // namespace

ShingleSet::ShingleSet(absl::string_view text)
    : normalized_(NormalizedLine(TruncateUtf8(text, 400000))) {
  const std::vector<uint64_t> words = WordHashes(normalized_);
  hashes_.reserve(std::min(words.size(), kMaxShingles));
  for (size_t i = 0; i + kShingleWords <= words.size() && i < kMaxShingles;
       ++i) {
    hashes_.insert(ShingleHash(words, i, kShingleWords));
  }
}

double ShingleSet::Coverage(absl::string_view text) const {
  return CoverageOfNormalized(NormalizedLine(text));
}

double ShingleSet::CoverageOfNormalized(absl::string_view normalized) const {
  if (hashes_.empty()) return 0;
  const std::vector<uint64_t> words = WordHashes(normalized);
  if (words.empty()) return 0;
  if (words.size() < kShingleWords) {
    return absl::StrContains(normalized_, normalized) ? 1 : 0;
  }
  size_t found = 0;
  const size_t count = words.size() - kShingleWords + 1;
  for (size_t i = 0; i < count; ++i) {
    found += hashes_.contains(ShingleHash(words, i, kShingleWords)) ? 1 : 0;
  }
  return static_cast<double>(found) / static_cast<double>(count);
}

std::vector<double> ContentWeights(const PageModel& model) {
  std::vector<double> weights;
  weights.reserve(model.blocks.size());
  for (const TextBlock& block : model.blocks) {
    weights.push_back(WeightOf(block));
  }
  return weights;
}

std::vector<double> WeightsByArticleBody(const PageModel& model,
                                         const std::vector<double>& weights,
                                         const ShingleSet& article_body) {
  std::vector<double> covered(weights.size(), 0);
  if (article_body.size() < 40) return covered;
  for (size_t i = 0; i < weights.size(); ++i) {
    if (weights[i] == 0) continue;
    const double share =
        article_body.CoverageOfNormalized(model.blocks[i].Normalized());
    if (share > 0.6) covered[i] = weights[i];
  }
  return covered;
}

RangeSum::RangeSum(const std::vector<double>& values) {
  sums_.reserve(values.size() + 1);
  sums_.push_back(0);
  for (const double value : values) sums_.push_back(sums_.back() + value);
}

}  // namespace dateline

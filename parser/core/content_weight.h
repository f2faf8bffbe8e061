#ifndef DATELINE_PARSER_CORE_CONTENT_WEIGHT_H_
#define DATELINE_PARSER_CORE_CONTENT_WEIGHT_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "parser/core/page_model.h"

namespace dateline {

// What else the page says its text is.
struct BodyClues {
  // JSON-LD's `articleBody`, plain text; may be an excerpt, or be empty.
  std::string article_body;
  std::vector<std::string> headlines;
  std::vector<std::string> descriptions;
  std::vector<std::string> authors;
  // The text of a live blog's entries, which the body leaves out.
  std::string live_updates;
  // The same as boxes of the page, in document order, where markup shows them.
  std::vector<int> live_entries;
  const Node* headline_node = nullptr;
  // What a site's rule names as the containers of the text, in document order,
  // and as never of it; empty where no rule does.
  std::vector<const Node*> rule_body;
  std::vector<const Node*> rule_dropped;
};

// The 4-word sequences of a text, by hash, for asking how much of another text
// it holds.
class ShingleSet {
 public:
  explicit ShingleSet(absl::string_view text);

  bool empty() const { return hashes_.empty(); }
  size_t size() const { return hashes_.size(); }
  // The share of `text`'s sequences that are in the set, 0 to 1; of its words
  // together where it has fewer than four. 0 for a text without words.
  double Coverage(absl::string_view text) const;
  // The same of text that NormalizedLine made.
  double CoverageOfNormalized(absl::string_view normalized) const;

 private:
  absl::flat_hash_set<uint64_t> hashes_;
  std::string short_text_;
  std::string normalized_;
};

// How much each block looks like running text, in characters: long sentences
// outside of links count in full, list items and cells by half, headings,
// captions and links not at all.
std::vector<double> ContentWeights(const PageModel& model);

// The weights of those blocks that JSON-LD's text holds; 0 for all others.
std::vector<double> WeightsByArticleBody(const PageModel& model,
                                         const std::vector<double>& weights,
                                         const ShingleSet& article_body);

// Sums over ranges of blocks in constant time.
class RangeSum {
 public:
  explicit RangeSum(const std::vector<double>& values);
  double Of(int first, int end) const {
    return sums_[static_cast<size_t>(end)] - sums_[static_cast<size_t>(first)];
  }
  double Of(const Box& box) const { return Of(box.first_block, box.end_block); }

 private:
  std::vector<double> sums_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_CONTENT_WEIGHT_H_

#include "parser/core/block_filter.h"

#include <algorithm>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "parser/core/furniture.h"

namespace dateline {
namespace {

class Filter {
 public:
  Filter(const PageModel& model, const std::vector<double>& weights,
         const BodyClues& clues, const ShingleSet& article_body, int container,
         std::vector<Verdict>* verdicts)
      : model_(model),
        weights_(weights),
        clues_(clues),
        article_body_(article_body),
        box_(model.boxes[static_cast<size_t>(container)]),
        container_(container),
        verdicts_(*verdicts) {}

  void Run() {
    DropOutside();
    DropCaptions();
    DropLinkLists();
    DropKnownLines();
    DropTitles();
    DropBehindEndMarkers();
    TrimEnds();
    DropLonelyHeadings();
  }

 private:
  const TextBlock& Block(int i) const {
    return model_.blocks[static_cast<size_t>(i)];
  }
  double Weight(int i) const { return weights_[static_cast<size_t>(i)]; }
  bool Kept(int i) const { return verdicts_[static_cast<size_t>(i)].kept; }
  void Drop(int i, absl::string_view rule, absl::string_view reason) {
    if (Kept(i)) verdicts_[static_cast<size_t>(i)] = {false, rule, reason};
  }

  void DropOutside() {
    for (int i = 0; i < static_cast<int>(model_.blocks.size()); ++i) {
      if (i >= box_.first_block && i < box_.end_block) continue;
      Drop(i, "outside", "It stands outside the container of the text.");
    }
  }

  void DropCaptions() {
    for (int i = box_.first_block; i < box_.end_block; ++i) {
      if (!Block(i).in_caption && !HasHintWithin(i, kHintCaption)) continue;
      Drop(i, "caption", "It is a picture's caption or credit.");
    }
  }

  // Whether a box between the block and the container has one of the hints.
  bool HasHintWithin(int block, Hints hints) const {
    if (Block(block).inline_hints & hints) return true;
    for (int b = Block(block).box; b > container_;
         b = model_.boxes[static_cast<size_t>(b)].parent) {
      if (model_.boxes[static_cast<size_t>(b)].hints & hints) return true;
    }
    return false;
  }

  void DropLinkLists() {
    for (int b = container_ + 1; b < box_.end_box;) {
      const Box& box = model_.boxes[static_cast<size_t>(b)];
      if (!IsLinkList(box)) {
        ++b;
        continue;
      }
      for (int i = box.first_block; i < box.end_block; ++i) {
        Drop(i, "link_density", "It stands among links to other pages.");
      }
      b = box.end_box;
    }
    for (int i = box_.first_block; i < box_.end_block; ++i) {
      const TextBlock& block = Block(i);
      if (block.LinkDensity() > 0.85 && block.heading_level == 0 &&
          !block.in_table && block.words < 30) {
        Drop(i, "only_link", "It is a link and nothing else.");
      }
    }
  }

  bool IsLinkList(const Box& box) const {
    uint32_t chars = 0;
    uint32_t link_chars = 0;
    uint32_t links = 0;
    int items = 0;
    for (int i = box.first_block; i < box.end_block; ++i) {
      if (!Kept(i)) continue;
      chars += Block(i).chars;
      link_chars += Block(i).link_chars;
      links += Block(i).links;
      ++items;
    }
    if (links < 2 || chars == 0) return false;
    const double density = static_cast<double>(link_chars) / chars;
    const bool is_list = box.tag == LXB_TAG_UL || box.tag == LXB_TAG_OL;
    if (is_list && density > 0.4 && chars < 100u * static_cast<uint32_t>(items))
      return true;
    return density > 0.6 && chars < 150u * static_cast<uint32_t>(items);
  }

  void DropKnownLines() {
    for (int i = box_.first_block; i < box_.end_block; ++i) {
      if (!Kept(i)) continue;
      const TextBlock& block = Block(i);
      const LineKind kind = KindOfLine(block.text);
      if (kind == LineKind::kText || kind == LineKind::kEndMarker) continue;
      if (!IsFurniture(block, kind)) continue;
      Drop(i, RuleOf(kind), ReasonOf(kind));
    }
  }

  static bool IsFurniture(const TextBlock& block, LineKind kind) {
    switch (kind) {
      case LineKind::kReadAlso:
        return block.words <= 35 && (block.link_chars > 0 || block.words <= 6 ||
                                     block.LinkDensity() > 0.3);
      case LineKind::kPromotion:
        return block.words <= 45;
      case LineKind::kCredit:
        return block.words <= 15;
      case LineKind::kCopyright:
        return block.words <= 50;
      case LineKind::kDate:
      case LineKind::kTool:
      case LineKind::kAdvert:
        return true;
      case LineKind::kText:
      case LineKind::kEndMarker:
        return false;
    }
    return false;
  }

  void DropTitles() {
    absl::flat_hash_set<std::string> titles;
    for (const std::string& title : clues_.headlines) {
      titles.insert(NormalizedLine(title));
    }
    titles.erase("");
    for (int i = box_.first_block; i < box_.end_block; ++i) {
      if (!Kept(i)) continue;
      const TextBlock& block = Block(i);
      if (block.heading_level == 1) {
        Drop(i, "title", "It is the page's main heading.");
      } else if (block.words <= 50 &&
                 titles.contains(NormalizedLine(block.text))) {
        Drop(i, "title", "It is the title once more.");
      }
    }
  }

  void DropBehindEndMarkers() {
    double before = 0;
    double total = 0;
    for (int i = box_.first_block; i < box_.end_block; ++i) {
      if (Kept(i)) total += Weight(i);
    }
    for (int i = box_.first_block; i < box_.end_block; ++i) {
      if (!Kept(i)) continue;
      before += Weight(i);
      const TextBlock& block = Block(i);
      if (block.words > 10 || KindOfLine(block.text) != LineKind::kEndMarker) {
        continue;
      }
      if (before > 0.6 * total && total - before < 0.35 * total) {
        for (int j = i; j < box_.end_block; ++j) {
          Drop(j, "after_end_marker",
               "It follows a line that opens other articles, comments or "
               "tools.");
        }
        return;
      }
      Drop(i, RuleOf(LineKind::kEndMarker), ReasonOf(LineKind::kEndMarker));
    }
  }

  // Short lines before the first sentence and after the last are labels.
  void TrimEnds() {
    int first = box_.first_block;
    while (first < box_.end_block && !IsProse(first)) ++first;
    for (int i = box_.first_block; i < first && first < box_.end_block; ++i) {
      if (Block(i).heading_level > 1 && i + 1 == first) continue;
      Drop(i, "before_text", "It stands before the first sentence.");
    }
    int last = box_.end_block - 1;
    while (last > first && !IsProse(last)) --last;
    for (int i = last + 1; i < box_.end_block; ++i) {
      if (Block(i).in_list_item && Block(i).words > 3) continue;
      if (Block(i).in_table || Block(i).words > 12) continue;
      Drop(i, "after_text", "It stands after the last sentence.");
    }
  }

  bool IsProse(int i) const {
    const TextBlock& block = Block(i);
    if (!Kept(i) || block.heading_level > 0) return false;
    return (block.ends_sentence && block.words >= 4) || block.words >= 20;
  }

  void DropLonelyHeadings() {
    bool text_follows = false;
    for (int i = box_.end_block - 1; i >= box_.first_block; --i) {
      if (!Kept(i)) continue;
      if (Block(i).heading_level == 0) {
        text_follows = true;
      } else if (!text_follows) {
        Drop(i, "lonely_heading", "No text follows under it.");
      }
    }
  }

  const PageModel& model_;
  const std::vector<double>& weights_;
  const BodyClues& clues_;
  const ShingleSet& article_body_;
  const Box& box_;
  const int container_;
  std::vector<Verdict>& verdicts_;
};

}  // namespace

void FilterBlocks(const PageModel& model, const std::vector<double>& weights,
                  const BodyClues& clues, const ShingleSet& article_body,
                  int container, std::vector<Verdict>* verdicts) {
  if (container < 0) {
    for (Verdict& verdict : *verdicts) {
      if (verdict.kept) {
        verdict = {false, "no_text", "The page has no running text."};
      }
    }
    return;
  }
  Filter(model, weights, clues, article_body, container, verdicts).Run();
}

}  // namespace dateline

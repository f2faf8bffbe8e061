#include "parser/core/cards.h"

#include <algorithm>

namespace dateline {
namespace {

constexpr uint32_t kCaptionWords = 60;
constexpr uint32_t kCardWords = 90;
constexpr int kCardLines = 7;

const Box& At(const PageModel& model, int box) {
  return model.boxes[static_cast<size_t>(box)];
}

uint32_t WordsIn(const PageModel& model, const Box& box) {
  uint32_t words = 0;
  for (int i = box.first_block; i < box.end_block; ++i) {
    words += model.blocks[static_cast<size_t>(i)].words;
  }
  return words;
}

// The largest box around `box` that is still small.
int SmallBoxAround(const PageModel& model, int box, int container,
                   int most_lines, uint32_t most_words) {
  int small = -1;
  for (int b = box; b > container; b = At(model, b).parent) {
    const Box& candidate = At(model, b);
    if (candidate.end_block - candidate.first_block > most_lines) break;
    if (WordsIn(model, candidate) > most_words) break;
    small = b;
  }
  return small;
}

bool IsLinkedTitle(const TextBlock& block) {
  return block.heading_level > 0 && block.links > 0 &&
         block.LinkDensity() > 0.8 && block.words >= 3;
}

// Whether links make up a good part of a box or one of its lines.
bool PointsElsewhere(const PageModel& model, const Box& box) {
  const bool is_short = WordsIn(model, box) <= kCardWords;
  uint32_t chars = 0;
  uint32_t link_chars = 0;
  for (int i = box.first_block; i < box.end_block; ++i) {
    const TextBlock& block = model.blocks[static_cast<size_t>(i)];
    if (block.LinkDensity() > 0.8 && is_short) return true;
    chars += block.chars;
    link_chars += block.link_chars;
  }
  return link_chars * 10 > chars * 3;
}

}  // namespace

std::vector<bool> LinesBesideMedia(const PageModel& model, int container) {
  std::vector<bool> beside(model.blocks.size(), false);
  for (const MediaPlace& place : model.media) {
    if (!model.Holds(container, place.box)) continue;
    const int b = SmallBoxAround(model, place.box, container, 4, kCaptionWords);
    if (b < 0) continue;
    for (int i = At(model, b).first_block; i < At(model, b).end_block; ++i) {
      const TextBlock& block = model.blocks[static_cast<size_t>(i)];
      if (block.heading_level > 0 || block.in_list_item || block.in_quote) {
        continue;
      }
      beside[static_cast<size_t>(i)] = true;
    }
  }
  return beside;
}

std::vector<int> CardsWithin(const PageModel& model,
                             const std::vector<double>& weights,
                             const std::vector<Verdict>& verdicts,
                             int container) {
  const Box& outer = At(model, container);
  std::vector<int> cards;
  double card_weight = 0;
  int counted = 0;
  double total = 0;
  for (int i = outer.first_block; i < outer.end_block; ++i) {
    if (verdicts[static_cast<size_t>(i)].kept) {
      total += weights[static_cast<size_t>(i)];
    }
  }
  const auto add = [&](int b) {
    if (b < 0 || (!cards.empty() && model.Holds(cards.back(), b))) return;
    cards.push_back(b);
    // A box around the last card holds lines that count already.
    for (int i = std::max(At(model, b).first_block, counted);
         i < At(model, b).end_block; ++i) {
      card_weight += weights[static_cast<size_t>(i)];
      counted = i + 1;
    }
  };
  for (int b = container + 1; b < outer.end_box; ++b) {
    const Box& box = At(model, b);
    if (box.end_block == box.first_block) continue;
    if (box.hints & (kHintWeakTeaser | kHintRelated) &&
        box.end_block - box.first_block <= kCardLines * 3 &&
        WordsIn(model, box) <= kCardWords * 3 && PointsElsewhere(model, box)) {
      add(b);
    } else if (IsLinkedTitle(
                   model.blocks[static_cast<size_t>(box.first_block)]) &&
               box.tag >= LXB_TAG_H1 && box.tag <= LXB_TAG_H6) {
      const int card =
          SmallBoxAround(model, b, container, kCardLines, kCardWords);
      if (card != b) add(card);
    }
  }
  if (card_weight > 0.35 * total) cards.clear();
  return cards;
}

}  // namespace dateline

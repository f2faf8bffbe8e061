#include "parser/core/container.h"

#include <algorithm>
#include <cmath>

namespace dateline {
namespace {

constexpr Hints kStrong = kHintComments | kHintRelated | kHintNavigation |
                          kHintShare | kHintPromotion | kHintAdvert |
                          kHintFooter | kHintSidebar | kHintNotice | kHintBio;
constexpr Hints kWeak = kHintMeta | kHintHeader;

void Drop(const Box& box, Hints hints, std::vector<double>* weights,
          std::vector<Verdict>* verdicts) {
  const HintReason reason = ReasonOf(hints);
  for (int i = box.first_block; i < box.end_block; ++i) {
    const auto at = static_cast<size_t>(i);
    (*weights)[at] = 0;
    if ((*verdicts)[at].kept) {
      (*verdicts)[at] = {false, reason.rule, reason.sentence};
    }
  }
}

class NamedParts {
 public:
  NamedParts(const PageModel& model, const std::vector<double>& weights)
      : model_(model), sums_(weights) {
    std::vector<double> words;
    words.reserve(model.blocks.size());
    for (const TextBlock& block : model.blocks) words.push_back(block.words);
    words_ = RangeSum(words);
    std::vector<double> body(weights.size(), 0);
    for (const Box& box : model.boxes) {
      if ((box.hints & kHintBody) == 0) continue;
      for (int i = box.first_block; i < box.end_block; ++i) {
        body[static_cast<size_t>(i)] = weights[static_cast<size_t>(i)];
      }
    }
    in_body_ = RangeSum(body);
    total_ = sums_.Of(0, static_cast<int>(weights.size()));
  }

  // The bits for which the box goes; 0 where it stays.
  Hints DropFor(const Box& box) const {
    const double weight = sums_.Of(box);
    const double share = total_ > 0 ? weight / total_ : 0;
    const bool says_body = (box.hints & kHintBody) != 0;
    if (box.hints & kHintHidden && share < 0.6) return kHintHidden;
    if (says_body && share > 0.1) return 0;
    const bool holds_body = in_body_.Of(box) > 0.5 * weight && share > 0.2;
    if (holds_body) return 0;
    if (box.hints & kHintComments && share < 0.9 && total_ - weight > 250) {
      return kHintComments;
    }
    if (box.hints & kStrong & ~kHintComments && share < 0.4) {
      return box.hints & kStrong;
    }
    if (box.hints & kWeak && share < 0.2 && words_.Of(box) < 80) {
      return box.hints & kWeak;
    }
    return 0;
  }

 private:
  const PageModel& model_;
  RangeSum sums_;
  RangeSum words_{std::vector<double>()};
  RangeSum in_body_{std::vector<double>()};
  double total_ = 0;
};

}  // namespace

void DropNamedParts(const PageModel& model, std::vector<double>* weights,
                    std::vector<Verdict>* verdicts) {
  const NamedParts parts(model, *weights);
  for (size_t i = 1; i < model.boxes.size();) {
    const Box& box = model.boxes[i];
    const Hints hints = parts.DropFor(box);
    if (hints == 0) {
      ++i;
      continue;
    }
    Drop(box, hints, weights, verdicts);
    i = static_cast<size_t>(box.end_box);
  }
  for (size_t i = 0; i < model.blocks.size(); ++i) {
    const TextBlock& block = model.blocks[i];
    const Hints hints = block.inline_hints & (kStrong | kWeak);
    if (hints == 0 || !(*verdicts)[i].kept || block.words > 40) continue;
    const HintReason reason = ReasonOf(hints);
    (*weights)[i] = 0;
    (*verdicts)[i] = {false, reason.rule, reason.sentence};
  }
}

int ChooseContainer(const PageModel& model, const std::vector<double>& weights,
                    const std::vector<Verdict>& verdicts, const BodyClues&) {
  std::vector<double> chars(weights.size(), 0);
  for (size_t i = 0; i < weights.size(); ++i) {
    if (!verdicts[i].kept || model.blocks[i].in_caption) continue;
    chars[i] = model.blocks[i].chars;
  }
  const RangeSum weight_sums(weights);
  const RangeSum char_sums(chars);
  int best = -1;
  double best_score = 0;
  for (size_t i = 0; i < model.boxes.size(); ++i) {
    const Box& box = model.boxes[i];
    const double weight = weight_sums.Of(box);
    if (weight <= 0) continue;
    const double purity = weight / std::max(char_sums.Of(box), weight);
    double score = weight * purity;
    if (box.hints & kHintBody) score *= 1.4;
    if (box.hints & kHintArticle) score *= 1.1;
    if (box.tag == LXB_TAG_P || box.tag == LXB_TAG_LI) score *= 0.8;
    if (score > best_score) {
      best_score = score;
      best = static_cast<int>(i);
    }
  }
  return best;
}

}  // namespace dateline

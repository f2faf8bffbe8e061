#include "parser/core/container.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr Hints kStrong = kHintComments | kHintRelated | kHintNavigation |
                          kHintShare | kHintPromotion | kHintAdvert |
                          kHintFooter | kHintSidebar | kHintNotice | kHintBio |
                          kHintGallery;
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

bool IsHeading(lxb_tag_id_t tag) {
  return tag >= LXB_TAG_H1 && tag <= LXB_TAG_H6;
}

// Whether a notice asks for consent to cookies: on pages with a short text it
// is most of what there is to read.
bool AsksForConsent(const Box& box) {
  if ((box.hints & kHintNotice) == 0) return false;
  const std::string name =
      ToLower(absl::StrCat(ClassOf(box.node), " ", Attribute(box.node, "id")));
  return absl::StrContains(name, "cookie") || absl::StrContains(name, "gdpr") ||
         absl::StrContains(name, "consent");
}

bool IsSureTag(lxb_tag_id_t tag) {
  return tag == LXB_TAG_NAV || tag == LXB_TAG_FOOTER || tag == LXB_TAG_ASIDE;
}

class NamedParts {
 public:
  NamedParts(const PageModel& model, const std::vector<double>& weights,
             const BodyClues& clues)
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
    FindHeadline(clues);
  }

  // The bits for which the box goes; 0 where it stays.
  Hints DropFor(const Box& box) const {
    constexpr Hints kAny = kStrong | kWeak | kHintHidden | kHintAriaHidden;
    if ((box.hints & kAny) == 0) return 0;
    const double weight = sums_.Of(box);
    const double share = total_ > 0 ? weight / total_ : 0;
    if (IsHidden(box, weight, share)) return kHintHidden;
    if (IsBesideText(box, weight, share)) {
      return box.hints & (kHintComments | kHintGallery);
    }
    if (AsksForConsent(box) && share < 0.9 && !HoldsHeadline(box)) {
      return kHintNotice;
    }
    const bool says_body = (box.hints & kHintBody) != 0;
    if (says_body && share > 0.1) return 0;
    if (in_body_.Of(box) > 0.5 * weight && HoldsText(box, weight, share)) {
      return 0;
    }
    if (box.hints & kHintComments && !(HoldsHeadline(box) && share > 0.3) &&
        share < 0.5) {
      return kHintComments;
    }
    const Hints strong = StrongOf(box, weight);
    const bool by_tag = box.tag == LXB_TAG_FOOTER || box.tag == LXB_TAG_NAV;
    if (strong != 0 && share < (by_tag ? 0.75 : 0.4)) return strong;
    const bool is_section_title = IsHeading(box.tag) && box.tag != LXB_TAG_H1;
    const bool is_prose = box.tag == LXB_TAG_P && weight > 100;
    if (box.hints & kWeak && share < 0.2 && words_.Of(box) < 80 &&
        !is_section_title && !is_prose) {
      return box.hints & kWeak;
    }
    return 0;
  }

 private:
  void FindHeadline(const BodyClues& clues) {
    for (size_t i = 0; i < model_.boxes.size(); ++i) {
      if (model_.boxes[i].node == clues.headline_node) {
        headline_block_ = model_.boxes[i].first_block;
      }
    }
  }

  bool HoldsHeadline(const Box& box) const {
    return headline_block_ >= box.first_block &&
           headline_block_ < box.end_block;
  }

  // What a page keeps from view until a reader pays or scrolls is text.
  bool IsHidden(const Box& box, double weight, double share) const {
    if (box.hints & kHintHidden) {
      constexpr Hints kText = kHintPaywall | kHintBody | kHintArticle;
      constexpr Hints kRest = kHintPaywall | kHintBody;
      if ((box.hints & kRest) == kRest) return false;
      return share < 0.6 && (weight < 600 || (box.hints & kText) == 0);
    }
    if (box.hints & kHintAriaHidden) return weight < 60;
    return false;
  }

  // Whether comments or a gallery outweigh the text they belong to: there is
  // enough outside of them to be an article.
  bool IsBesideText(const Box& box, double weight, double share) const {
    if (share > 0.9 || HoldsHeadline(box)) return false;
    if (box.hints & kHintComments) return total_ - weight > 350;
    return (box.hints & kHintGallery) != 0 && share > 0.4 &&
           total_ - weight > 1500;
  }

  bool HoldsText(const Box& box, double weight, double share) const {
    constexpr Hints kElsewhere = kHintComments | kHintRelated;
    if (box.hints & kElsewhere) return share > 0.2;
    return weight > 200;
  }

  // Whether it holds some paragraphs and next to nothing else, as no margin
  // does: its name is one of style.
  bool IsAllText(const Box& box) const {
    constexpr double kSomeParagraphs = 1000;
    double chars = 0;
    for (int i = box.first_block; i < box.end_block; ++i) {
      chars += model_.blocks[static_cast<size_t>(i)].chars;
    }
    const double weight = sums_.Of(box);
    return weight > kSomeParagraphs && weight > 0.9 * chars;
  }

  // The strong bits, less those that can't be meant for an element like this.
  Hints StrongOf(const Box& box, double weight) const {
    Hints strong = box.hints & kStrong;
    if (strong == 0) return 0;
    if (IsHeading(box.tag)) {
      return strong & (kHintRelated | kHintPromotion);
    }
    if (HoldsHeadline(box)) return 0;
    if (box.tag == LXB_TAG_P && weight > 100) {
      strong &= kHintRelated | kHintPromotion | kHintBio;
    }
    strong &= ~kHintComments;
    if (strong == kHintSidebar && !IsSureTag(box.tag) && IsAllText(box)) {
      return 0;
    }
    if (weight > 400) strong &= ~(kHintAdvert | kHintShare);
    return strong;
  }

  const PageModel& model_;
  RangeSum sums_;
  RangeSum words_{std::vector<double>()};
  RangeSum in_body_{std::vector<double>()};
  double total_ = 0;
  int headline_block_ = -1;
};

}  // namespace

void DropNamedParts(const PageModel& model, const BodyClues& clues,
                    bool trust_names, std::vector<double>* weights,
                    std::vector<Verdict>* verdicts) {
  const NamedParts parts(model, *weights, clues);
  for (size_t i = 1; i < model.boxes.size();) {
    const Box& box = model.boxes[i];
    Hints hints = parts.DropFor(box);
    if (!trust_names && !IsSureTag(box.tag)) hints &= kHintHidden;
    if (hints == 0) {
      ++i;
      continue;
    }
    Drop(box, hints, weights, verdicts);
    i = static_cast<size_t>(box.end_box);
  }
  if (!trust_names) return;
  for (size_t i = 0; i < model.blocks.size(); ++i) {
    const TextBlock& block = model.blocks[i];
    const Hints hints = block.inline_hints & (kStrong | kWeak);
    if (hints == 0 || !(*verdicts)[i].kept || block.words > 40) continue;
    if (block.heading_level > 0 && (hints & kHintRelated) == 0) continue;
    const HintReason reason = ReasonOf(hints);
    (*weights)[i] = 0;
    (*verdicts)[i] = {false, reason.rule, reason.sentence};
  }
}

namespace {

// Whether a box announces an article: short, with a line that is a link.
bool IsCard(const PageModel& model, const Box& box) {
  uint32_t words = 0;
  bool has_link_line = false;
  for (int i = box.first_block; i < box.end_block; ++i) {
    const TextBlock& block = model.blocks[static_cast<size_t>(i)];
    words += block.words;
    if (words > 140) return false;
    if (block.words >= 3 && block.LinkDensity() > 0.8) has_link_line = true;
  }
  return has_link_line;
}

// What tells one row of boxes from another.
bool IsSameShape(const Box& a, const Box& b) {
  return a.parent == b.parent && a.tag == b.tag &&
         ClassOf(a.node) == ClassOf(b.node);
}

}  // namespace

void LightenRows(const PageModel& model, std::vector<double>* weights) {
  constexpr size_t kRow = 4;
  std::vector<int> row;
  std::vector<int> cards;
  const auto end_row = [&] {
    if (row.size() >= kRow) cards.insert(cards.end(), row.begin(), row.end());
    row.clear();
  };
  for (size_t parent = 0; parent < model.boxes.size(); ++parent) {
    const int end = model.boxes[parent].end_box;
    for (int b = static_cast<int>(parent) + 1; b < end;
         b = model.boxes[static_cast<size_t>(b)].end_box) {
      const Box& box = model.boxes[static_cast<size_t>(b)];
      if (box.tag == LXB_TAG_P || IsHeading(box.tag)) continue;
      if (box.end_block == box.first_block || !IsCard(model, box)) continue;
      if (!row.empty() &&
          !IsSameShape(model.boxes[static_cast<size_t>(row.back())], box)) {
        end_row();
      }
      row.push_back(b);
    }
    end_row();
  }
  const RangeSum sums(*weights);
  double in_cards = 0;
  for (const int b : cards)
    in_cards += sums.Of(model.boxes[static_cast<size_t>(b)]);
  // A page of nothing else is about them.
  if (in_cards > 0.8 * sums.Of(0, static_cast<int>(weights->size()))) return;
  for (const int b : cards) {
    const Box& box = model.boxes[static_cast<size_t>(b)];
    for (int i = box.first_block; i < box.end_block; ++i) {
      (*weights)[static_cast<size_t>(i)] *= 0.2;
    }
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
  // A single paragraph's neighbours are worth a look.
  while (best > 0 && model.boxes[static_cast<size_t>(best)].tag == LXB_TAG_P) {
    best = model.boxes[static_cast<size_t>(best)].parent;
  }
  return best;
}

}  // namespace dateline

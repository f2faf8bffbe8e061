#include "parser/core/split_body.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/string_view.h"
#include "parser/core/content_weight.h"

namespace dateline {
namespace {

constexpr double kLeastWeight = 100;
constexpr size_t kMostParts = 12;

const Box& At(const PageModel& model, int box) {
  return model.boxes[static_cast<size_t>(box)];
}

// Class names that differ in their numbers alone count the parts.
bool IsSameButNumbers(absl::string_view a, absl::string_view b) {
  const auto is_digit = [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  };
  size_t i = 0;
  size_t j = 0;
  for (;;) {
    while (i < a.size() && is_digit(a[i])) ++i;
    while (j < b.size() && is_digit(b[j])) ++j;
    if (i == a.size() || j == b.size()) return i == a.size() && j == b.size();
    if (a[i++] != b[j++]) return false;
  }
}

bool LooksLike(const Box& a, const Box& b) {
  return a.tag == b.tag && !ClassOf(a.node).empty() &&
         IsSameButNumbers(ClassOf(a.node), ClassOf(b.node));
}

// Sections of one piece follow each other under one roof.
bool IsNextSection(const Box& a, const Box& b) {
  return a.tag == LXB_TAG_SECTION && b.tag == LXB_TAG_SECTION &&
         a.parent == b.parent;
}

// Boxes side by side that are both named as the text: what a page hides until
// a reader pays often has a word more in its class.
bool IsNextPart(const Box& a, const Box& b) {
  return a.tag == b.tag && a.parent == b.parent && (a.hints & kHintBody) &&
         (b.hints & kHintBody);
}

bool HoldsTitle(const PageModel& model, const Box& box) {
  for (int i = box.first_block; i < box.end_block; ++i) {
    const TextBlock& block = model.blocks[static_cast<size_t>(i)];
    if (block.heading_level == 1) return true;
    if (block.heading_level > 0 && block.LinkDensity() > 0.8) return true;
  }
  return false;
}

}  // namespace

std::vector<int> PartsOfBody(const PageModel& model,
                             const std::vector<double>& weights,
                             const std::vector<Verdict>& verdicts,
                             int container) {
  std::vector<double> kept(weights);
  for (size_t i = 0; i < kept.size(); ++i) {
    if (!verdicts[i].kept) kept[i] = 0;
  }
  const RangeSum sums(kept);
  const Box& main = At(model, container);
  std::vector<int> parts;
  if (main.tag == LXB_TAG_BODY) return {container};
  // Cousins: at most three levels up from the container.
  int top = main.parent;
  for (int level = 0; level < 2 && top > 0; ++level) {
    top = At(model, top).parent;
  }
  if (top < 0) return {container};
  for (int b = top + 1; b < At(model, top).end_box;) {
    const Box& box = At(model, b);
    if (b == container ||
        ((LooksLike(box, main) || IsNextSection(box, main) ||
          IsNextPart(box, main)) &&
         sums.Of(box) >= kLeastWeight && !HoldsTitle(model, box))) {
      parts.push_back(b);
      b = box.end_box;
    } else {
      ++b;
    }
  }
  if (parts.size() > kMostParts ||
      std::find(parts.begin(), parts.end(), container) == parts.end()) {
    return {container};
  }
  return parts;
}

int CommonBox(const PageModel& model, const std::vector<int>& boxes) {
  int common = boxes.front();
  while (common > 0 && !model.Holds(common, boxes.back())) {
    common = At(model, common).parent;
  }
  return std::max(common, 0);
}

}  // namespace dateline

#include "parser/explain/block_shape.h"

#include <algorithm>

#include "absl/algorithm/container.h"

namespace dateline::explain {
namespace {

constexpr absl::string_view kSeparator = " > ";
constexpr int kMaxDepth = 6;

constexpr absl::string_view kRegions[] = {
    "header", "nav",    "main",   "article", "section", "aside",
    "form",   "footer", "figure", "table",   "dialog"};

struct KindOfTag {
  absl::string_view tag;
  BlockKind kind;
};

constexpr KindOfTag kKinds[] = {
    {"h1", BlockKind::kHeading},
    {"h2", BlockKind::kHeading},
    {"h3", BlockKind::kHeading},
    {"h4", BlockKind::kHeading},
    {"h5", BlockKind::kHeading},
    {"h6", BlockKind::kHeading},
    {"li", BlockKind::kListItem},
    {"dd", BlockKind::kListItem},
    {"blockquote", BlockKind::kQuote},
    {"q", BlockKind::kQuote},
    {"figcaption", BlockKind::kCaption},
    {"caption", BlockKind::kCaption},
    {"td", BlockKind::kCell},
    {"th", BlockKind::kCell},
    {"pre", BlockKind::kPreformatted},
};

absl::string_view TagOfStep(absl::string_view step) {
  return step.substr(0, std::min(step.find_first_of("#."), step.size()));
}

}  // namespace

BlockShape ShapeOf(absl::string_view path) {
  BlockShape shape;
  for (size_t start = 0; start < path.size();) {
    const size_t end = std::min(path.find(kSeparator, start), path.size());
    const absl::string_view step = path.substr(start, end - start);
    const absl::string_view tag = TagOfStep(step);
    if (tag == "ul" || tag == "ol" || tag == "dl") {
      shape.list_level = std::min(shape.list_level + 1, kMaxDepth);
    }
    for (const KindOfTag& entry : kKinds) {
      if (entry.tag != tag) continue;
      shape.kind = entry.kind;
      shape.heading_level =
          entry.kind == BlockKind::kHeading ? tag[1] - '0' : 0;
    }
    if (absl::c_linear_search(kRegions, tag)) {
      shape.region = path.substr(0, end);
      shape.region_name = step;
      shape.depth = std::min(shape.depth + 1, kMaxDepth);
    }
    start = end + kSeparator.size();
  }
  return shape;
}

}  // namespace dateline::explain

#include "parser/explain/page_side.h"

#include <cmath>

#include "absl/strings/string_view.h"
#include "parser/explain/block_shape.h"

namespace dateline::explain {
namespace {

constexpr size_t kMaxBlockTextBytes = 1000;
constexpr size_t kMaxPathBytes = 400;
// A dropped line this short stands beside others.
constexpr size_t kMaxChipBytes = 64;

void WriteKind(const BlockShape& shape, HtmlWriter* out) {
  switch (shape.kind) {
    case BlockKind::kText:
      return;
    case BlockKind::kHeading:
      out->Markup(" h h").Number(shape.heading_level);
      return;
    case BlockKind::kListItem:
      out->Markup(" li l").Number(shape.list_level);
      return;
    case BlockKind::kQuote:
      out->Markup(" quote");
      return;
    case BlockKind::kCaption:
      out->Markup(" caption");
      return;
    case BlockKind::kCell:
      out->Markup(" cell");
      return;
    case BlockKind::kPreformatted:
      out->Markup(" pre");
      return;
  }
}

bool IsChip(const v1::BlockExplanation& block, const BlockShape& shape) {
  return shape.kind == BlockKind::kCell ||
         (!block.kept() && shape.kind != BlockKind::kHeading &&
          block.text().size() <= kMaxChipBytes);
}

void WriteWhy(const v1::BlockExplanation& block, HtmlWriter* out) {
  out->Markup("<details class=\"why\"><summary>")
      .Text(block.rule().empty() ? "no rule" : block.rule(), 100)
      .Markup("</summary><p class=\"reason\">")
      .Text(block.reason().empty() ? "No reason was given." : block.reason(),
            kMaxBlockTextBytes)
      .Markup("</p><p class=\"path\">")
      .Text(block.path(), kMaxPathBytes)
      .Markup("</p>");
  if (block.score() > 0) {
    out->Markup("<p>Score: ")
        .Number(std::lround(std::fmin(block.score(), 1.0F) * 100))
        .Markup(" of 100</p>");
  }
  out->Markup("</details>");
}

void WriteBlock(const v1::BlockExplanation& block, const BlockShape& shape,
                int index, int rule, HtmlWriter* out) {
  out->Markup("<div class=\"b ");
  if (block.kept()) {
    out->Markup("kept");
  } else {
    out->Markup("dropped");
  }
  WriteKind(shape, out);
  if (IsChip(block, shape)) out->Markup(" chip");
  out->Markup(" r").Number(rule);
  out->Markup("\" id=\"p").Number(index).Markup("\" title=\"");
  out->Text(block.reason(), kMaxBlockTextBytes).Markup("\">");
  out->Markup("<span class=\"t\" dir=\"auto\">")
      .Text(block.text(), kMaxBlockTextBytes)
      .Markup("</span>");
  WriteWhy(block, out);
  if (block.kept() && block.block_index() >= 0) {
    out->Markup("<a class=\"to\" href=\"#b")
        .Number(block.block_index())
        .Markup("\" title=\"Its place in the article\">")
        .Number(block.block_index() + 1)
        .Markup("</a>");
  }
  out->Markup("</div>\n");
}

void OpenRegion(const BlockShape& shape, bool has_kept, HtmlWriter* out) {
  out->Markup("<div class=\"region d").Number(shape.depth);
  if (has_kept) out->Markup(" has-kept");
  out->Markup("\">");
  if (shape.region_name.empty()) return;
  out->Markup("<p class=\"name\" title=\"")
      .Text(shape.region, kMaxPathBytes)
      .Markup("\">")
      .Text(shape.region_name, 100)
      .Markup("</p>\n");
}

}  // namespace

void WritePageSide(const v1::Explanation& explanation, const RuleCounts& counts,
                   size_t max_bytes, HtmlWriter* out) {
  const auto& blocks = explanation.blocks();
  const size_t start_bytes = out->size();
  for (int i = 0; i < blocks.size();) {
    // A region is one run of blocks.
    const BlockShape first = ShapeOf(blocks[i].path());
    int end = i;
    bool has_kept = false;
    while (end < blocks.size() &&
           ShapeOf(blocks[end].path()).region == first.region) {
      has_kept = has_kept || blocks[end].kept();
      ++end;
    }
    OpenRegion(first, has_kept, out);
    for (; i < end && out->size() - start_bytes < max_bytes; ++i) {
      WriteBlock(blocks[i], ShapeOf(blocks[i].path()), i,
                 counts.IndexOf(blocks[i]), out);
    }
    out->Markup("</div>\n");
    if (i == end) continue;
    out->Markup("<p class=\"cut\">")
        .Number(blocks.size() - i)
        .Markup(" more blocks are not shown.</p>\n");
    return;
  }
  if (blocks.empty()) {
    out->Markup("<p class=\"cut\">The page has no block of text.</p>\n");
  }
}

}  // namespace dateline::explain

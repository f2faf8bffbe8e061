#include "parser/core/tables.h"

#include <algorithm>

namespace dateline {
namespace {

constexpr int kMaxRows = 500;
constexpr int kMaxCells = 50;

}  // namespace

bool IsDataTable(const PageModel& model, int table) {
  const Box& box = model.boxes[static_cast<size_t>(table)];
  int rows = 0;
  int cells = 0;
  int headers = 0;
  for (int b = table + 1; b < box.end_box; ++b) {
    const lxb_tag_id_t tag = model.boxes[static_cast<size_t>(b)].tag;
    if (tag == LXB_TAG_TABLE) return false;
    rows += tag == LXB_TAG_TR ? 1 : 0;
    cells += tag == LXB_TAG_TD ? 1 : 0;
    headers += tag == LXB_TAG_TH || tag == LXB_TAG_CAPTION ? 1 : 0;
  }
  if (headers > 0 && rows >= 2) return true;
  if (rows < 2 || cells < 4 || cells < rows * 2) return false;
  uint32_t chars = 0;
  for (int i = box.first_block; i < box.end_block; ++i) {
    chars += model.blocks[static_cast<size_t>(i)].chars;
  }
  return chars / static_cast<uint32_t>(cells) < 80;
}

v1::Table ReadTable(Node* table) {
  v1::Table out;
  v1::TableRow* row = nullptr;
  for (Node* node = NextNode(table, table); node != nullptr;) {
    const lxb_tag_id_t tag = TagOf(node);
    if (tag == LXB_TAG_TR) {
      if (out.rows_size() >= kMaxRows) break;
      row = out.add_rows();
    } else if (tag == LXB_TAG_CAPTION) {
      out.set_caption(TextOf(node, 5000));
    } else if ((tag == LXB_TAG_TD || tag == LXB_TAG_TH) && row != nullptr) {
      if (row->cells_size() < kMaxCells) {
        v1::TableCell* cell = row->add_cells();
        cell->set_text(TextOf(node, 20000));
        cell->set_is_header(tag == LXB_TAG_TH);
      }
      node = NextSkippingChildren(node, table);
      continue;
    }
    node = NextNode(node, table);
  }
  for (int i = out.rows_size() - 1; i >= 0; --i) {
    const auto& cells = out.rows(i).cells();
    if (std::all_of(cells.begin(), cells.end(), [](const v1::TableCell& cell) {
          return cell.text().empty();
        })) {
      out.mutable_rows()->DeleteSubrange(i, 1);
    }
  }
  return out;
}

}  // namespace dateline

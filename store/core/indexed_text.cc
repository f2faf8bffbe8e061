#include "store/core/indexed_text.h"

#include "absl/strings/string_view.h"
#include "google/protobuf/repeated_ptr_field.h"

namespace dateline::store {
namespace {

void AppendLine(absl::string_view line, std::string& text) {
  if (line.empty()) return;
  if (!text.empty()) text.push_back('\n');
  text.append(line.data(), line.size());
}

void AppendTable(const v1::Table& table, std::string& text) {
  AppendLine(table.caption(), text);
  for (const v1::TableRow& row : table.rows()) {
    for (const v1::TableCell& cell : row.cells()) AppendLine(cell.text(), text);
  }
}

void AppendBlock(const v1::Block& block, std::string& text) {
  switch (block.content_case()) {
    case v1::Block::kParagraph:
      return AppendLine(block.paragraph().text(), text);
    case v1::Block::kHeading:
      return AppendLine(block.heading().text(), text);
    case v1::Block::kListItem:
      return AppendLine(block.list_item().text(), text);
    case v1::Block::kQuote:
      return AppendLine(block.quote().text(), text);
    case v1::Block::kPullQuote:
      return AppendLine(block.pull_quote().text(), text);
    case v1::Block::kTable:
      return AppendTable(block.table(), text);
    case v1::Block::kImage:
      return AppendLine(block.image().caption(), text);
    case v1::Block::kEmbed:
      return AppendLine(block.embed().text(), text);
    case v1::Block::CONTENT_NOT_SET:
      return;
  }
}

}  // namespace

std::string IndexedText(const v1::Article& article) {
  std::string text;
  AppendLine(article.alternative_headline(), text);
  for (const v1::Block& block : article.body()) AppendBlock(block, text);
  for (const v1::LiveUpdate& update : article.live_updates()) {
    AppendLine(update.headline(), text);
    for (const v1::Block& block : update.body()) AppendBlock(block, text);
  }
  return text;
}

}  // namespace dateline::store

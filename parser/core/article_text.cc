#include "parser/core/article_text.h"

#include "absl/strings/str_cat.h"

namespace dateline {
namespace {

std::string TableText(const v1::Table& table) {
  std::string text = table.caption();
  for (const v1::TableRow& row : table.rows()) {
    if (!text.empty()) text.push_back('\n');
    for (int i = 0; i < row.cells_size(); ++i) {
      absl::StrAppend(&text, i == 0 ? "" : "\t", row.cells(i).text());
    }
  }
  return text;
}

}  // namespace

std::string BlockText(const v1::Block& block) {
  switch (block.content_case()) {
    case v1::Block::kParagraph:
      return block.paragraph().text();
    case v1::Block::kHeading:
      return block.heading().text();
    case v1::Block::kListItem:
      return block.list_item().text();
    case v1::Block::kQuote:
      return block.quote().text();
    case v1::Block::kPullQuote:
      return block.pull_quote().text();
    case v1::Block::kTable:
      return TableText(block.table());
    case v1::Block::kEmbed:
      return block.embed().text();
    case v1::Block::kImage:
    case v1::Block::CONTENT_NOT_SET:
      return "";
  }
  return "";
}

std::string BodyText(
    const google::protobuf::RepeatedPtrField<v1::Block>& body) {
  std::string all;
  for (const v1::Block& block : body) {
    const std::string text = BlockText(block);
    if (text.empty()) continue;
    absl::StrAppend(&all, all.empty() ? "" : "\n\n", text);
  }
  return all;
}

}  // namespace dateline

#include "store/core/indexed_text.h"

#include <utility>

#include "absl/strings/string_view.h"

namespace dateline::store {
namespace {

// Text being joined from pieces, the empty ones left out.
class JoinedText {
 public:
  explicit JoinedText(absl::string_view separator) : separator_(separator) {}

  void Append(absl::string_view piece) {
    if (piece.empty()) return;
    if (!text_.empty()) text_.append(separator_.data(), separator_.size());
    text_.append(piece.data(), piece.size());
  }

  void AppendBlock(const v1::Block& block) {
    switch (block.content_case()) {
      case v1::Block::kParagraph:
        return Append(block.paragraph().text());
      case v1::Block::kHeading:
        return Append(block.heading().text());
      case v1::Block::kListItem:
        return Append(block.list_item().text());
      case v1::Block::kQuote:
        return Append(block.quote().text());
      case v1::Block::kPullQuote:
        return Append(block.pull_quote().text());
      case v1::Block::kTable:
        return AppendTable(block.table());
      case v1::Block::kImage:
        return Append(block.image().caption());
      case v1::Block::kEmbed:
        return Append(block.embed().text());
      case v1::Block::CONTENT_NOT_SET:
        return;
    }
  }

  void AppendBodies(const v1::Article& article) {
    for (const v1::Block& block : article.body()) AppendBlock(block);
    for (const v1::LiveUpdate& update : article.live_updates()) {
      Append(update.headline());
      for (const v1::Block& block : update.body()) AppendBlock(block);
    }
  }

  std::string Take() { return std::move(text_); }

 private:
  void AppendTable(const v1::Table& table) {
    Append(table.caption());
    for (const v1::TableRow& row : table.rows()) {
      for (const v1::TableCell& cell : row.cells()) Append(cell.text());
    }
  }

  const absl::string_view separator_;
  std::string text_;
};

}  // namespace

std::string IndexedText(const v1::Article& article) {
  JoinedText text("\n");
  text.Append(article.alternative_headline());
  text.AppendBodies(article);
  return text.Take();
}

std::string PlainText(const v1::Article& article) {
  JoinedText text("\n\n");
  text.AppendBodies(article);
  return text.Take();
}

}  // namespace dateline::store

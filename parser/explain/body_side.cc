#include "parser/explain/body_side.h"

#include <algorithm>

#include "absl/strings/string_view.h"

namespace dateline::explain {
namespace {

void WriteText(absl::string_view text, HtmlWriter* out) {
  out->Markup("<p dir=\"auto\">").Text(text).Markup("</p>");
}

void WriteAttribution(absl::string_view attribution, HtmlWriter* out) {
  if (attribution.empty()) return;
  out->Markup("<p class=\"by\" dir=\"auto\">").Text(attribution).Markup("</p>");
}

void WriteTable(const v1::Table& table, HtmlWriter* out) {
  out->Markup("<div class=\"scroll\"><table>");
  if (!table.caption().empty()) {
    out->Markup("<caption dir=\"auto\">")
        .Text(table.caption())
        .Markup("</caption>");
  }
  for (const v1::TableRow& row : table.rows()) {
    out->Markup("<tr>");
    for (const v1::TableCell& cell : row.cells()) {
      if (cell.is_header()) {
        out->Markup("<th dir=\"auto\">").Text(cell.text()).Markup("</th>");
      } else {
        out->Markup("<td dir=\"auto\">").Text(cell.text()).Markup("</td>");
      }
    }
    out->Markup("</tr>\n");
  }
  out->Markup("</table></div>");
}

void WriteImage(const v1::Image& image, HtmlWriter* out) {
  out->Markup("<p class=\"url\">").Link(image.url(), image.url());
  if (image.width() > 0 && image.height() > 0) {
    out->Markup(" (")
        .Number(image.width())
        .Markup(" × ")
        .Number(image.height())
        .Markup(")");
  }
  out->Markup("</p>");
  if (!image.caption().empty()) WriteText(image.caption(), out);
  WriteAttribution(image.credit(), out);
}

void WriteListItem(const v1::ListItem& item, HtmlWriter* out) {
  out->Markup("<p dir=\"auto\" class=\"item l")
      .Number(std::clamp(item.level(), 1, 6))
      .Markup("\"><span class=\"mark\">");
  if (item.ordinal() > 0) {
    out->Number(item.ordinal()).Markup(".");
  } else {
    out->Markup("•");
  }
  out->Markup("</span> ").Text(item.text()).Markup("</p>");
}

// The opening tag's class and the block's type, as shown beside it.
void WriteType(const v1::Block& block, HtmlWriter* out) {
  switch (block.content_case()) {
    case v1::Block::kParagraph:
      out->Markup("paragraph");
      return;
    case v1::Block::kHeading:
      out->Markup("heading ").Number(block.heading().level());
      return;
    case v1::Block::kListItem:
      out->Markup("list item");
      return;
    case v1::Block::kQuote:
      out->Markup("quote");
      return;
    case v1::Block::kPullQuote:
      out->Markup("pull quote");
      return;
    case v1::Block::kTable:
      out->Markup("table");
      return;
    case v1::Block::kImage:
      out->Markup("image");
      return;
    case v1::Block::kEmbed:
      out->Markup("embed");
      return;
    case v1::Block::CONTENT_NOT_SET:
      out->Markup("empty");
      return;
  }
}

void WriteContent(const v1::Block& block, HtmlWriter* out) {
  switch (block.content_case()) {
    case v1::Block::kParagraph:
      WriteText(block.paragraph().text(), out);
      return;
    case v1::Block::kHeading:
      out->Markup("<p dir=\"auto\" class=\"h h")
          .Number(std::clamp(block.heading().level(), 1, 6))
          .Markup("\">")
          .Text(block.heading().text())
          .Markup("</p>");
      return;
    case v1::Block::kListItem:
      WriteListItem(block.list_item(), out);
      return;
    case v1::Block::kQuote:
      out->Markup("<div class=\"quote\">");
      WriteText(block.quote().text(), out);
      WriteAttribution(block.quote().attribution(), out);
      out->Markup("</div>");
      return;
    case v1::Block::kPullQuote:
      out->Markup("<div class=\"quote pull\">");
      WriteText(block.pull_quote().text(), out);
      WriteAttribution(block.pull_quote().attribution(), out);
      out->Markup("</div>");
      return;
    case v1::Block::kTable:
      WriteTable(block.table(), out);
      return;
    case v1::Block::kImage:
      WriteImage(block.image(), out);
      return;
    case v1::Block::kEmbed:
      out->Markup("<p class=\"url\">")
          .Link(block.embed().url(), block.embed().url())
          .Markup("</p>");
      if (!block.embed().text().empty()) WriteText(block.embed().text(), out);
      return;
    case v1::Block::CONTENT_NOT_SET:
      return;
  }
}

}  // namespace

void WriteBody(const google::protobuf::RepeatedPtrField<v1::Block>& body,
               const std::vector<int>& page_blocks, HtmlWriter* out) {
  for (int i = 0; i < body.size(); ++i) {
    const bool has_place = static_cast<size_t>(i) < page_blocks.size();
    out->Markup("<div class=\"block\"");
    if (has_place) out->Markup(" id=\"b").Number(i).Markup("\"");
    out->Markup("><p class=\"type\">");
    if (has_place && page_blocks[static_cast<size_t>(i)] >= 0) {
      out->Markup("<a href=\"#p")
          .Number(page_blocks[static_cast<size_t>(i)])
          .Markup("\" title=\"Its place on the page\">");
      out->Number(i + 1).Markup("</a> ");
    } else if (has_place) {
      out->Number(i + 1).Markup(" ");
    }
    WriteType(body[i], out);
    out->Markup("</p><div>");
    WriteContent(body[i], out);
    out->Markup("</div></div>\n");
  }
}

}  // namespace dateline::explain

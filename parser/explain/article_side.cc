#include "parser/explain/article_side.h"

#include <string>
#include <vector>

#include "dateline/v1/dead_letter.pb.h"
#include "parser/explain/body_side.h"
#include "parser/explain/evidence_list.h"
#include "parser/explain/field_rows.h"
#include "parser/explain/field_text.h"

namespace dateline::explain {
namespace {

// For each block of the body the first block of the page it was made of.
std::vector<int> PageBlocks(const Extraction& extraction) {
  std::vector<int> places(static_cast<size_t>(extraction.article.body_size()),
                          -1);
  const auto& blocks = extraction.explanation.blocks();
  for (int i = blocks.size() - 1; i >= 0; --i) {
    const int place = blocks[i].kept() ? blocks[i].block_index() : -1;
    if (place >= 0 && place < extraction.article.body_size()) {
      places[static_cast<size_t>(place)] = i;
    }
  }
  return places;
}

void WriteFailure(const absl::Status& status, HtmlWriter* out) {
  out->Markup("<p class=\"failure\" id=\"failure\">No article: ")
      .Text(absl::string_view(status.message()))
      .Markup("</p><p>The page becomes a dead letter for the reason <code>")
      .Text(EnumText(v1::DeadLetterReason_Name(DeadLetterReasonOf(status)),
                     "DEAD_LETTER_REASON_"))
      .Markup("</code>.</p>\n");
}

void WriteWarnings(const v1::Article& article, HtmlWriter* out) {
  for (const v1::Warning& warning : article.warnings()) {
    out->Markup("<p class=\"warning\"><code>")
        .Text(warning.code())
        .Markup("</code> ")
        .Text(warning.message())
        .Markup("</p>\n");
  }
}

void WriteUpdate(const v1::LiveUpdate& update, HtmlWriter* out) {
  out->Markup("<div class=\"update\"><p class=\"h h3\" dir=\"auto\">")
      .Link(update.url(), update.headline().empty()
                              ? absl::string_view("(no heading)")
                              : absl::string_view(update.headline()))
      .Markup("</p><p class=\"by\">")
      .Text(TimeText(update.time()));
  for (const v1::Author& author : update.authors()) {
    out->Markup(" · ").Text(AuthorText(author));
  }
  out->Markup("</p>");
  WriteBody(update.body(), {}, out);
  out->Markup("</div>\n");
}

void WriteBodyHeading(const Extraction& extraction, HtmlWriter* out) {
  out->Markup("<h3>Body, <span id=\"body-count\">")
      .Number(extraction.article.body_size())
      .Markup("</span> blocks</h3>\n");
  const EvidenceByField evidence = GroupEvidence(extraction);
  const auto body = evidence.find("body");
  if (body == evidence.end()) return;
  out->Markup("<div class=\"body-evidence\">");
  WriteEvidence(body->second, out);
  out->Markup("</div>\n");
}

}  // namespace

void WriteArticleSide(const Extraction& extraction, const absl::Status& status,
                      HtmlWriter* out) {
  const v1::Article& article = extraction.article;
  if (!status.ok()) WriteFailure(status, out);
  WriteWarnings(article, out);
  WriteFields(extraction, out);
  if (!status.ok()) return;
  WriteBodyHeading(extraction, out);
  WriteBody(article.body(), PageBlocks(extraction), out);
  if (!article.live_updates().empty()) {
    out->Markup("<h3>Live updates, ")
        .Number(article.live_updates_size())
        .Markup("</h3>\n");
  }
  for (const v1::LiveUpdate& update : article.live_updates()) {
    WriteUpdate(update, out);
  }
}

}  // namespace dateline::explain

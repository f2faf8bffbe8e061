#include "parser/explain/explain_page.h"

#include "absl/status/statusor.h"
#include "parser/core/charset.h"
#include "parser/core/document.h"
#include "parser/core/page_model.h"
#include "parser/core/plain_text.h"
#include "parser/core/selection.h"
#include "parser/core/text.h"
#include "parser/explain/render.h"

namespace dateline {
namespace {

constexpr size_t kMaxBlockTextBytes = 1000;

// The blocks of an HTML page without article: none is kept, whatever the rules
// made of it.
v1::Explanation BlocksOf(const Document& document) {
  const PageModel model = BuildPageModel(document, {});
  const Selection selection = SelectBody(model, {});
  v1::Explanation explanation;
  for (size_t i = 0; i < model.blocks.size(); ++i) {
    v1::BlockExplanation* out = explanation.add_blocks();
    out->set_text(
        std::string(TruncateUtf8(model.blocks[i].text, kMaxBlockTextBytes)));
    out->set_path(PathOf(model, model.blocks[i].box));
    out->set_block_index(-1);
    const Verdict& verdict = selection.verdicts[i];
    if (verdict.kept) {
      out->set_rule("no_article");
      out->set_reason("No article came of the page.");
    } else {
      out->set_rule(std::string(verdict.rule));
      out->set_reason(std::string(verdict.reason));
    }
  }
  return explanation;
}

Extraction WithoutArticle(const v1::RawPage& page, const absl::Status& status) {
  Extraction extraction;
  if (!absl::IsNotFound(status)) return extraction;
  if (page.media_type() == "text/plain") {
    const DecodedText decoded = Decode(page.body(), page.charset(), false);
    v1::Article unused;
    ReadPlainText(decoded.text(), &unused, &extraction.explanation);
    return extraction;
  }
  const absl::StatusOr<Document> document =
      Document::Parse(page.body(), page.charset(), page.url());
  if (document.ok()) extraction.explanation = BlocksOf(*document);
  return extraction;
}

}  // namespace

std::string ExplainPage(const v1::RawPage& page, ExtractOptions options) {
  options.explain = true;
  const absl::StatusOr<Extraction> extraction = ExtractArticle(page, options);
  if (extraction.ok()) return RenderExplanation(page, *extraction);
  return RenderExplanation(page, WithoutArticle(page, extraction.status()),
                           extraction.status());
}

}  // namespace dateline

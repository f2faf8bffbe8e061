#include "parser/explain/render.h"

#include <algorithm>

#include "absl/strings/string_view.h"
#include "parser/explain/article_side.h"
#include "parser/explain/html_writer.h"
#include "parser/explain/page_side.h"
#include "parser/explain/rule_count.h"
#include "parser/explain/style.h"

namespace dateline {
namespace {

using explain::HtmlWriter;
using explain::RuleCount;
using explain::RuleCounts;

// Rules that can be hidden by themselves; there are some forty in all.
constexpr size_t kMaxToggles = 100;

absl::string_view AddressOf(const v1::RawPage& page) {
  if (!page.url().empty()) return page.url();
  if (!page.requested_url().empty()) return page.requested_url();
  return "a page without address";
}

void WriteHead(const v1::RawPage& page, const RuleCounts& counts,
               HtmlWriter* out) {
  out->Markup(
         "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
         "<meta charset=\"utf-8\">\n"
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src "
         "'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action "
         "'none'\">\n"
         "<meta http-equiv=\"x-dns-prefetch-control\" content=\"off\">\n"
         "<meta name=\"referrer\" content=\"no-referrer\">\n"
         "<meta name=\"viewport\" content=\"width=device-width, "
         "initial-scale=1\">\n"
         "<meta name=\"color-scheme\" content=\"light dark\">\n"
         "<title>How dateline reads ")
      .Text(AddressOf(page), 200)
      .Markup("</title>\n<style>\n")
      .Markup(explain::kStyle);
  for (size_t i = 0; i < std::min(counts.rules.size(), kMaxToggles); ++i) {
    const auto rule = static_cast<int64_t>(i);
    out->Markup("body:has(#rule-").Number(rule);
    out->Markup(":not(:checked)) .r").Number(rule).Markup("{display:none}\n");
  }
  out->Markup("</style>\n</head>\n");
}

void WriteTransport(const v1::RawPage& page, const v1::Article& article,
                    HtmlWriter* out) {
  out->Markup("<p class=\"transport\">").Link(AddressOf(page), AddressOf(page));
  if (page.status() != 0) {
    out->Markup(" · HTTP ").Number(page.status());
  }
  if (!page.media_type().empty()) {
    out->Markup(" · ").Text(page.media_type(), 100);
  }
  out->Markup(" · ")
      .Number(static_cast<int64_t>(page.body().size()))
      .Markup(" bytes");
  if (!article.provenance().charset().empty()) {
    out->Markup(" · ").Text(article.provenance().charset());
  }
  out->Markup(" · dateline ").Text(DATELINE_VERSION).Markup("</p>\n");
}

void WriteRule(const RuleCount& count, int64_t index, HtmlWriter* out) {
  out->Markup("<li title=\"").Text(count.reason, 1000).Markup("\"><label ");
  if (count.kept) {
    out->Markup("class=\"kept\">");
  } else {
    out->Markup("class=\"dropped\">");
  }
  if (index < static_cast<int64_t>(kMaxToggles)) {
    out->Markup(
           "<input type=\"checkbox\" checked autocomplete=\"off\" "
           "id=\"rule-")
        .Number(index)
        .Markup("\"> ");
  }
  out->Text(count.rule.empty() ? "no rule" : count.rule, 100)
      .Markup(" <b>")
      .Number(count.blocks)
      .Markup("</b></label></li>\n");
}

void WriteLegend(const RuleCounts& counts, HtmlWriter* out) {
  out->Markup("<p class=\"counts\"><span class=\"kept\"><b id=\"kept-count\">")
      .Number(counts.kept)
      .Markup(
          "</b> blocks kept</span> "
          "<span class=\"dropped\"><b id=\"dropped-count\">")
      .Number(counts.dropped)
      .Markup("</b> dropped</span></p>\n");
  out->Markup(
      "<fieldset class=\"view\"><legend>Show</legend>"
      "<label><input type=\"radio\" name=\"view\" id=\"view-all\" checked "
      "autocomplete=\"off\"> all</label> "
      "<label><input type=\"radio\" name=\"view\" id=\"view-kept\" "
      "autocomplete=\"off\"> kept</label> "
      "<label><input type=\"radio\" name=\"view\" id=\"view-dropped\" "
      "autocomplete=\"off\"> dropped</label></fieldset>\n");
  out->Markup(
      "<details class=\"rules\" open><summary>Blocks by rule</summary><ul>\n");
  int64_t index = 0;
  for (const RuleCount& count : counts.rules) WriteRule(count, index++, out);
  out->Markup("</ul></details>\n");
}

}  // namespace

std::string RenderExplanation(const v1::RawPage& page,
                              const Extraction& extraction,
                              const absl::Status& status) {
  const RuleCounts counts = explain::CountRules(extraction.explanation);
  HtmlWriter out;
  WriteHead(page, counts, &out);
  out.Markup(
      "<body>\n<a class=\"skip\" href=\"#article\">To the article</a>\n"
      "<header>\n<h1>How dateline reads this page</h1>\n");
  WriteTransport(page, extraction.article, &out);
  WriteLegend(counts, &out);
  out.Markup(
      "</header>\n<main>\n"
      "<section id=\"page\" aria-label=\"The page as received\">\n"
      "<h2>The page as received</h2>\n");
  explain::WritePageSide(extraction.explanation, counts,
                         explain::kMaxPageSideBytes, &out);
  out.Markup(
      "</section>\n<section id=\"article\" tabindex=\"0\" "
      "aria-label=\"The article as extracted\">\n"
      "<h2>The article as extracted</h2>\n");
  explain::WriteArticleSide(extraction, status, &out);
  out.Markup("</section>\n</main>\n</body>\n</html>\n");
  return std::move(out).Take();
}

}  // namespace dateline

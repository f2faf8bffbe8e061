#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "parser/core/text.h"
#include "parser/explain/explain_page.h"
#include "parser/explain/render.h"
#include "re2/re2.h"

namespace dateline {
namespace {

using ::testing::AnyOf;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::IsSubsetOf;
using ::testing::Not;
using ::testing::StartsWith;

int Count(const std::string& text, const std::string& part) {
  int count = 0;
  for (size_t at = text.find(part); at != std::string::npos;
       at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

std::set<std::string> Matches(const std::string& text, const char* pattern) {
  std::set<std::string> found;
  re2::StringPiece rest(text);
  std::string match;
  while (RE2::FindAndConsume(&rest, pattern, &match)) found.insert(match);
  return found;
}

// What may stand in the page: no element that runs or loads anything.
void ExpectInert(const std::string& html) {
  EXPECT_THAT(
      Matches(html, "</?([^/\\s>]*)"),
      IsSubsetOf(
          {"!DOCTYPE", "html",    "head",    "meta",     "title",  "style",
           "body",     "header",  "main",    "section",  "div",    "p",
           "span",     "a",       "b",       "h1",       "h2",     "h3",
           "ul",       "li",      "dl",      "dt",       "dd",     "code",
           "q",        "details", "summary", "fieldset", "legend", "label",
           "input",    "table",   "caption", "tr",       "th",     "td"}));
  EXPECT_THAT(Matches(html, " ([a-z-]+)=\""),
              IsSubsetOf({"lang", "charset", "http-equiv", "content", "name",
                          "class", "id", "href", "rel", "title", "dir",
                          "aria-label", "tabindex", "type", "autocomplete"}));
  for (const std::string& href : Matches(html, "href=\"([^\"]*)\"")) {
    EXPECT_THAT(href, AnyOf(StartsWith("#"), StartsWith("https://"),
                            StartsWith("http://")));
  }
  EXPECT_EQ(Count(html, "<meta http-equiv="), 2);
  EXPECT_THAT(html, HasSubstr("default-src 'none'; style-src "
                              "'unsafe-inline'; base-uri 'none'; "
                              "form-action 'none'"));
}

void AddBlock(const std::string& text, bool kept, const std::string& rule,
              int block_index, v1::Explanation* explanation) {
  v1::BlockExplanation* block = explanation->add_blocks();
  block->set_text(text);
  block->set_path("body > article.story > p");
  block->set_kept(kept);
  block->set_rule(rule);
  block->set_reason(absl::StrCat("Reason of ", rule, "."));
  block->set_block_index(block_index);
}

void AddEvidence(v1::EvidenceSource source, const std::string& value,
                 bool chosen, v1::Explanation* explanation) {
  v1::Evidence* evidence = explanation->add_evidence();
  evidence->set_field("headline");
  evidence->set_source(source);
  evidence->set_detail("detail");
  evidence->set_value(value);
  evidence->set_chosen(chosen);
}

TEST(RenderExplanation, ShowsEveryBlockOnceWithItsRuleAndReason) {
  Extraction extraction;
  AddBlock("A link to elsewhere", false, "link_density", -1,
           &extraction.explanation);
  AddBlock("The first paragraph.", true, "in_container", 0,
           &extraction.explanation);
  AddBlock("Another link", false, "link_density", -1, &extraction.explanation);
  AddBlock("Read also", false, "after_end_marker", -1, &extraction.explanation);
  const std::string html = RenderExplanation({}, extraction);
  ExpectInert(html);
  for (const v1::BlockExplanation& block : extraction.explanation.blocks()) {
    EXPECT_EQ(Count(html, absl::StrCat(">", block.text(), "</span>")), 1);
    EXPECT_THAT(html, HasSubstr(absl::StrCat("<summary>", block.rule(),
                                             "</summary><p class=\"reason\">",
                                             block.reason(), "</p>")));
  }
  EXPECT_EQ(Count(html, "<div class=\"b kept"), 1);
  EXPECT_EQ(Count(html, "<div class=\"b dropped"), 3);
  EXPECT_THAT(html, HasSubstr("<b id=\"kept-count\">1</b>"));
  EXPECT_THAT(html, HasSubstr("<b id=\"dropped-count\">3</b>"));
  EXPECT_THAT(html, HasSubstr("link_density <b>2</b>"));
  EXPECT_THAT(html, HasSubstr("after_end_marker <b>1</b>"));
}

TEST(RenderExplanation, TiesABlockOfThePageToItsPlaceInTheArticle) {
  Extraction extraction;
  AddBlock("Title", false, "title", -1, &extraction.explanation);
  AddBlock("Text.", true, "in_container", 0, &extraction.explanation);
  extraction.article.add_body()->mutable_paragraph()->set_text("Text.");
  const std::string html = RenderExplanation({}, extraction);
  EXPECT_THAT(html, HasSubstr("id=\"p1\""));
  EXPECT_THAT(html, HasSubstr("href=\"#b0\""));
  EXPECT_THAT(html, HasSubstr("id=\"b0\""));
  EXPECT_THAT(html, HasSubstr("href=\"#p1\""));
}

TEST(RenderExplanation, ShowsTheSourceThatWonBeforeThoseThatLost) {
  Extraction extraction;
  extraction.article.set_headline("Ferry returns");
  AddEvidence(v1::EVIDENCE_SOURCE_META, "Ferry returns | News", false,
              &extraction.explanation);
  AddEvidence(v1::EVIDENCE_SOURCE_JSON_LD, "Ferry returns", true,
              &extraction.explanation);
  const std::string html = RenderExplanation({}, extraction);
  EXPECT_THAT(html, HasSubstr("<summary>JSON-LD, 1 lost</summary>"));
  const size_t won = html.find("<b>won</b> JSON-LD");
  const size_t lost = html.find("<b>lost</b> meta");
  ASSERT_NE(won, std::string::npos);
  ASSERT_NE(lost, std::string::npos);
  EXPECT_LT(won, lost);
}

TEST(RenderExplanation, LinksPicturesAndEmbedsWithoutLoadingThem) {
  Extraction extraction;
  v1::Article& article = extraction.article;
  v1::Image* image = article.add_body()->mutable_image();
  image->set_url("https://news.example/boat.jpg");
  image->set_caption("The boat");
  article.add_body()->mutable_embed()->set_url("https://video.example/1");
  article.add_body()->mutable_embed()->set_url("javascript:alert(1)");
  const std::string html = RenderExplanation({}, extraction);
  ExpectInert(html);
  EXPECT_THAT(html, HasSubstr("href=\"https://news.example/boat.jpg\""));
  EXPECT_THAT(html, HasSubstr("href=\"https://video.example/1\""));
  EXPECT_THAT(html, Not(HasSubstr("href=\"javascript")));
}

// Puts `text` wherever the page could have had it.
Extraction Filled(const std::string& text) {
  Extraction extraction;
  AddBlock(text, true, text, 0, &extraction.explanation);
  AddBlock(text, false, text, -1, &extraction.explanation);
  extraction.explanation.mutable_blocks(1)->set_path(text);
  AddEvidence(v1::EVIDENCE_SOURCE_META, text, true, &extraction.explanation);
  extraction.explanation.mutable_evidence(0)->set_detail(text);
  AddEvidence(v1::EVIDENCE_SOURCE_META, text, true, &extraction.explanation);
  extraction.explanation.mutable_evidence(1)->set_field(text);
  v1::Article& article = extraction.article;
  for (std::string* field :
       {article.mutable_headline(),
        article.mutable_alternative_headline(),
        article.mutable_description(),
        article.mutable_dateline(),
        article.mutable_section(),
        article.mutable_canonical_url(),
        article.add_keywords(),
        article.mutable_publisher()->mutable_name(),
        article.mutable_language()->mutable_tag(),
        article.mutable_rights()->mutable_policy_url(),
        article.add_authors()->mutable_name(),
        article.mutable_authors(0)->mutable_url(),
        article.add_images()->mutable_url(),
        article.add_warnings()->mutable_message(),
        article.mutable_provenance()->mutable_charset(),
        article.add_body()->mutable_paragraph()->mutable_text(),
        article.add_body()->mutable_heading()->mutable_text(),
        article.add_body()->mutable_list_item()->mutable_text(),
        article.add_body()->mutable_quote()->mutable_text(),
        article.add_body()->mutable_pull_quote()->mutable_attribution(),
        article.add_body()->mutable_table()->mutable_caption(),
        article.mutable_body(5)
            ->mutable_table()
            ->add_rows()
            ->add_cells()
            ->mutable_text(),
        article.add_body()->mutable_image()->mutable_url(),
        article.add_body()->mutable_embed()->mutable_text(),
        article.add_live_updates()->mutable_headline()}) {
    *field = text;
  }
  return extraction;
}

TEST(RenderExplanation, PassesNoMarkupOn) {
  for (const char* hostile :
       {"</title><script>document.title='x'</script>",
        "</style><img src=x onerror=\"document.title='x'\">",
        "\" onmouseover=\"document.title='x'\" x=\"",
        "' onfocus='document.title=1' autofocus='",
        "<meta http-equiv=\"refresh\" content=\"0;url=https://evil.example\">",
        "<base href=\"https://evil.example/\"><iframe src=\"/\"></iframe>",
        "--><svg/onload=alert(1)><object data=x>", "]]><![CDATA[<link href=x>",
        "javascript:alert(1)", "{{7*7}}<style>@import url(//evil.example)"}) {
    v1::RawPage page;
    page.set_url(hostile);
    page.set_media_type(hostile);
    const std::string html = RenderExplanation(page, Filled(hostile));
    SCOPED_TRACE(hostile);
    ExpectInert(html);
    EXPECT_EQ(Count(html, "<title>"), 1);
    EXPECT_EQ(Count(html, "<style>"), 1);
  }
}

TEST(RenderExplanation, LeavesOffWhatIsTooMuchAndSaysSo) {
  Extraction extraction;
  for (int i = 0; i < 60000; ++i) {
    AddBlock(std::string(900, '"'), false, "outside", -1,
             &extraction.explanation);
  }
  const std::string html = RenderExplanation({}, extraction);
  EXPECT_LT(html.size(), size_t{20} << 20);
  EXPECT_THAT(html, HasSubstr(" more blocks are not shown."));
  EXPECT_THAT(html, HasSubstr("<b id=\"dropped-count\">60000</b>"));
}

TEST(ExplainPage, ShowsAnArticleAndWhatWasLeftOut) {
  v1::RawPage page;
  page.set_url("https://news.example/ferry");
  page.set_media_type("text/html");
  page.set_body(
      "<html lang=en><head><title>Ferry returns to the strait</title></head>"
      "<body><nav><a href=/a>Home</a></nav>"
      "<article><h1>Ferry returns to the strait</h1>"
      "<p>The ferry between the two islands sailed again on Monday after a "
      "year in dock, with three hundred passengers on its first crossing.</p>"
      "<p>The company said that the crossing would run twice a day until the "
      "end of the season, and that bicycles would travel free of charge.</p>"
      "</article><footer>All rights reserved</footer></body></html>");
  const std::string html = ExplainPage(page, {});
  ExpectInert(html);
  EXPECT_EQ(html, ExplainPage(page, {}));
  EXPECT_EQ(Count(html, "<div class=\"b kept"), 2);
  EXPECT_THAT(html, HasSubstr("id=\"body-count\">2<"));
  EXPECT_THAT(html, HasSubstr(">All rights reserved</span>"));
  EXPECT_THAT(html, HasSubstr(">Home</span>"));
  EXPECT_THAT(html, Not(HasSubstr("id=\"failure\"")));
}

TEST(ExplainPage, ShowsAPageWithoutArticleAndWhy) {
  v1::RawPage page;
  page.set_url("https://news.example/");
  page.set_media_type("text/html");
  page.set_body(
      "<html><body><ul><li><a href=/1>First</a></li>"
      "<li><a href=/2>Second</a></li></ul></body></html>");
  const std::string html = ExplainPage(page, {});
  ExpectInert(html);
  EXPECT_THAT(html, HasSubstr("id=\"failure\">No article: no article in "
                              "https://news.example/</p>"));
  EXPECT_THAT(html, HasSubstr("<code>no article</code>"));
  EXPECT_THAT(html, HasSubstr(">First</span>"));
  EXPECT_THAT(html, HasSubstr(">Second</span>"));
  EXPECT_EQ(Count(html, "<div class=\"b kept"), 0);
}

TEST(ExplainPage, SaysWhatCanNotBeRead) {
  v1::RawPage page;
  page.set_media_type("application/pdf");
  page.set_body("%PDF-1.7");
  EXPECT_THAT(ExplainPage(page, {}),
              HasSubstr("No article: media type application/pdf"));
}

TEST(ExplainPage, GivesValidUtf8ForAnyBytes) {
  v1::RawPage page;
  page.set_media_type("text/html");
  std::string body = "<p>";
  for (int i = 0; i < 20000; ++i) {
    body.push_back(static_cast<char>(i * i / 7));
    if (i % 100 == 0) body.append("<p class=\"\xff\">");
  }
  page.set_body(body);
  EXPECT_TRUE(IsValidUtf8(ExplainPage(page, {})));
}

}  // namespace
}  // namespace dateline

// Articles whose text stands in the page's data only.
#include "parser/core/data_text.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "parser/core/data_markup.h"
#include "parser/core/extract.h"
#include "parser/core/page_data.h"
#include "tests/parser/pages.h"

namespace dateline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr char kFirst[] =
    "The ferry to the outer islands runs again from Monday, the harbour board "
    "decided on Thursday after a debate that went on until midnight.";
constexpr char kSecond[] =
    "It had lain at the quay for seven weeks, because a new engine came "
    "without the papers that the inspectors wanted to see before any voyage.";
constexpr char kThird[] =
    "Islanders had brought their bread and their letters over in fishing boats "
    "meanwhile, and two of them now mean to go on doing so for a fee.";

const std::vector<std::string> kLines = {absl::StrCat("paragraph: ", kFirst),
                                         absl::StrCat("paragraph: ", kSecond),
                                         absl::StrCat("paragraph: ", kThird)};

// A page that shows its title and `shown`, and holds `script`.
std::string Page(absl::string_view script, absl::string_view shown = "") {
  return absl::StrCat(
      "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<title>Island ferry runs again</title></head><body>"
      "<div id=\"root\"><h1>Island ferry runs again</h1>",
      shown, "</div>", script, "</body></html>");
}

std::string JsonScript(absl::string_view json) {
  return absl::StrCat("<script id=\"__NEXT_DATA__\" type=\"application/json\">",
                      json, "</script>");
}

const v1::Evidence* BodyEvidence(const v1::Article& article) {
  for (const v1::Evidence& evidence : article.evidence()) {
    if (evidence.field() == "body") return &evidence;
  }
  return nullptr;
}

// `json` with $1, $2 and $3 standing for the three paragraphs.
std::string Fill(absl::string_view json) {
  return absl::StrReplaceAll(json,
                             {{"$1", kFirst}, {"$2", kSecond}, {"$3", kThird}});
}

TEST(DataTextTest, ReadsContentElements) {
  const v1::Article article = ArticleOf(Page(Fill(
      R"(<script>window.Fusion=window.Fusion||{};Fusion.arcSite="news";
      Fusion.globalContent={"type":"story","headlines":
      {"basic":"Island ferry runs again"},
      "content_elements":[{"type":"text","content":"$1"},
      {"type":"header","level":3,"content":"Seven weeks"},
      {"type":"image","url":"https://news.example/a.jpg","caption":"A ferry"},
      {"type":"text","content":"$2"},
      {"type":"interstitial_link","content":"Read also: more about ferries"},
      {"type":"text","content":"$3"}]};Fusion.spa=false;</script>)")));
  EXPECT_THAT(Lines(article), ElementsAre(kLines[0], "heading 3: Seven weeks",
                                          kLines[1], kLines[2]));
  const v1::Evidence* evidence = BodyEvidence(article);
  ASSERT_NE(evidence, nullptr);
  EXPECT_EQ(evidence->source(), v1::EVIDENCE_SOURCE_SCRIPT);
  EXPECT_EQ(evidence->detail(), "content_elements");
}

TEST(DataTextTest, ReadsHtmlInApplicationJson) {
  const v1::Article article = ArticleOf(Page(JsonScript(Fill(
      R"({"props":{"pageProps":{"article":{"title":"Island ferry runs again",
      "body":"<p>$1</p><p>$2</p><h2>Fees<\/h2><p>$3</p>"}}}})"))));
  EXPECT_THAT(Lines(article),
              ElementsAre(kLines[0], kLines[1], "heading 2: Fees", kLines[2]));
  EXPECT_EQ(BodyEvidence(article)->detail(), "props.pageProps.article.body");
}

TEST(DataTextTest, ReadsEditorsTrees) {
  const std::string kTitled =
      R"({"story":{"headline":"Island ferry runs again",)";
  for (const char* tree :
       {// ProseMirror
        R"("body":{"type":"doc","content":[
        {"type":"paragraph","content":[{"type":"text","text":"$1"}]},
        {"type":"paragraph","content":[{"type":"text","text":"$2"}]},
        {"type":"paragraph","content":[{"type":"text","text":"$3"}]}]}}})",
        // Contentful
        R"("body":{"json":{"nodeType":"document","data":{},"content":[
        {"nodeType":"paragraph","data":{},"content":[{"nodeType":"text",
        "value":"$1","marks":[],"data":{}}]},{"nodeType":"paragraph","data":{},
        "content":[{"nodeType":"text","value":"$2","marks":[],"data":{}}]},
        {"nodeType":"paragraph","data":{},"content":[{"nodeType":"text",
        "value":"$3","marks":[],"data":{}}]}]}}}})",
        // Portable Text
        R"("body":[{"_type":"block","style":"normal","children":[
        {"_type":"span","text":"$1"}]},{"_type":"block","style":"normal",
        "children":[{"_type":"span","text":"$2"}]},{"_type":"block",
        "style":"normal","children":[{"_type":"span","text":"$3"}]}]}})",
        // Slate
        R"("content":[{"type":"paragraph","children":[{"text":"$1"}]},
        {"type":"paragraph","children":[{"text":"$2","bold":true}]},
        {"type":"paragraph","children":[{"text":"$3"}]}]}})",
        // Lexical
        R"("content":{"root":{"type":"root","children":[
        {"type":"paragraph","children":[{"type":"text","text":"$1"}]},
        {"type":"paragraph","children":[{"type":"text","text":"$2"}]},
        {"type":"paragraph","children":[{"type":"text","text":"$3"}]}]}}}})",
        // Editor.js
        R"("content":{"blocks":[{"type":"paragraph","data":{"text":"$1"}},
        {"type":"paragraph","data":{"text":"$2"}},
        {"type":"paragraph","data":{"text":"$3"}}]}}})",
        // Strings
        R"("paragraphs":["$1","$2","$3"]}})"}) {
    const v1::Article article =
        ArticleOf(Page(JsonScript(kTitled + Fill(tree))));
    EXPECT_EQ(Lines(article), kLines) << tree;
  }
}

TEST(DataTextTest, ReadsListsQuotesAndLinksOfTrees) {
  const v1::Article article = ArticleOf(Page(JsonScript(Fill(
      R"({"story":{"headline":"Island ferry runs again","body":{"type":"doc",
      "content":[{"type":"paragraph","content":[{"type":"text","text":"$1"}]},
      {"type":"bulletList","content":[{"type":"listItem","content":[
      {"type":"paragraph","content":[{"type":"text",
      "text":"Adults pay four crowns each way."}]}]},
      {"type":"listItem","content":[{"type":"paragraph","content":[
      {"type":"text","text":"Children and dogs pay nothing at all."}]}]}]},
      {"type":"paragraph","content":[{"type":"text","text":"$2"}]},
      {"type":"paragraph","content":[{"type":"text","text":"$3"}]}]}}})"))));
  EXPECT_THAT(
      Lines(article),
      ElementsAre(kLines[0], "list_item: Adults pay four crowns each way.",
                  "list_item: Children and dogs pay nothing at all.", kLines[1],
                  kLines[2]));
}

// The article of a page whose data has `nodes` between the first and the second
// paragraph.
v1::Article ArticleWith(absl::string_view nodes) {
  return ArticleOf(Page(JsonScript(
      Fill(absl::StrCat(R"({"story":{"headline":"Island ferry runs again",)"
                        R"("body":[{"type":"paragraph","text":"$1"},)",
                        nodes,
                        R"(,{"type":"paragraph","text":"$2"},)"
                        R"({"type":"paragraph","text":"$3"}]}})")))));
}

// The list items between them, with their numbers in ordered lists.
std::vector<std::string> ListItems(absl::string_view node) {
  std::vector<std::string> items;
  const v1::Article article = ArticleWith(node);
  for (const v1::Block& block : article.body()) {
    if (!block.has_list_item()) continue;
    const int ordinal = block.list_item().ordinal();
    items.push_back(absl::StrCat(ordinal > 0 ? absl::StrCat(ordinal, ". ") : "",
                                 block.list_item().text()));
  }
  return items;
}

TEST(DataTextTest, TellsOrderedListsFromOthers) {
  const std::string items =
      R"([{"type":"listItem","text":"Adults pay four crowns."},)"
      R"({"type":"listItem","text":"Children pay nothing."}])";
  const auto strings = R"(["Adults pay four crowns.","Children pay nothing."])";
  const std::vector<std::pair<std::string, bool>> lists = {
      {R"({"type":"OrderedList","content":)" + items, true},
      {R"({"type":"ordered_list","content":)" + items, true},
      {R"({"type":"numbered-list","children":)" + items, true},
      {R"({"nodeType":"ordered-list","content":)" + items, true},
      {R"({"type":"ol","content":)" + items, true},
      {R"({"type":"UnorderedList","content":)" + items, false},
      {R"({"type":"bulletList","content":)" + items, false},
      {R"({"type":"columnlist","content":)" + items, false},
      {R"({"type":"ul","content":)" + items, false},
      {R"({"type":"list","listType":"number","children":)" + items, true},
      {R"({"type":"list","listType":"bullet","children":)" + items, false},
      {R"({"type":"list","tag":"ol","children":)" + items, true},
      {R"({"type":"list","list_type":"ordered","items":)" + items, true},
      {R"({"type":"list","list_type":"unordered","items":)" + items, false},
  };
  const std::vector<std::string> numbered = {"1. Adults pay four crowns.",
                                             "2. Children pay nothing."};
  const std::vector<std::string> plain = {"Adults pay four crowns.",
                                          "Children pay nothing."};
  for (const auto& [list, is_ordered] : lists) {
    EXPECT_EQ(ListItems(list + "}"), is_ordered ? numbered : plain) << list;
  }
  for (const char* style : {"ordered", "unordered"}) {
    EXPECT_EQ(ListItems(absl::StrCat(R"({"type":"list","data":{"style":")",
                                     style, R"(","items":)", strings, "}}")),
              *style == 'o' ? numbered : plain)
        << style;
  }
}

TEST(DataTextTest, ReadsQuotesAndLinksOfTrees) {
  const v1::Article article = ArticleWith(
      R"({"type":"blockquote","content":[{"type":"paragraph","content":[
      {"type":"text","text":"We have waited for this boat too long."}]}]},
      {"type":"paragraph","content":[{"type":"text","text":"See "},
      {"nodeType":"hyperlink","data":{"uri":"https://harbour.example/fees"},
      "content":[{"nodeType":"text","value":"the list of fees"}]},
      {"type":"text","text":" at the harbour office."}]})");
  EXPECT_THAT(
      Lines(article),
      ElementsAre(kLines[0], "quote: We have waited for this boat too long.",
                  "paragraph: See the list of fees at the harbour office.",
                  kLines[1], kLines[2]));
  ASSERT_THAT(article.links(), SizeIs(1));
  EXPECT_EQ(article.links(0).url(), "https://harbour.example/fees");
}

TEST(DataTextTest, ReadsFlatData) {
  const v1::Article article = ArticleOf(Page(absl::StrCat(
      "<script type=\"application/json\" id=\"__NUXT_DATA__\">",
      Fill(R"([["Reactive",1],{"article":2},{"title":3,"paragraphs":4},
      "Island ferry runs again",[5,6,7],"$1","$2","$3"])"),
      "</script>")));
  EXPECT_EQ(Lines(article), kLines);
}

TEST(DataTextTest, ReadsJsonThatAScriptParses) {
  const v1::Article article = ArticleOf(Page(Fill(
      R"(<script>window.__STATE__ = JSON.parse("{\"title\":\"Island ferry runs )"
      R"(again\",\"body\":\"\u003cp\u003e$1\u003c/p\u003e\u003cp\u003e$2)"
      R"(\u003c/p\u003e\u003cp\u003e$3\u003c/p\u003e\"}");</script>)")));
  EXPECT_EQ(Lines(article), kLines);
}

TEST(DataTextTest, ReadsChineseText) {
  std::string body;
  for (int i = 0; i < 6; ++i) {
    absl::StrAppend(&body, "<p>港务局周四晚间决定，从下周一起恢复开往外岛的第",
                    i + 1, "班渡轮，岛上居民为此等待了整整七个星期。</p>");
  }
  const v1::Article article = ArticleOf(absl::StrCat(
      "<!DOCTYPE html><html><head><meta "
      "charset=\"utf-8\"><title>外岛渡轮下周恢复"
      "</title></head><body><h1>外岛渡轮下周恢复</h1>",
      JsonScript(absl::StrCat(
          R"({"data":{"title":"外岛渡轮下周恢复","content":")", body, "\"}}")),
      "</body></html>"));
  EXPECT_THAT(article.body(), SizeIs(6));
}

TEST(DataTextTest, FallsBackToJsonLdsArticleBody) {
  const v1::Article article = ArticleOf(Page(absl::StrCat(
      R"(<script type="application/ld+json">{"@type":"NewsArticle",)"
      R"("headline":"Island ferry runs again","articleBody":")",
      kFirst, "\\n\\n", kSecond, "\\n", kThird, "\"}</script>")));
  EXPECT_EQ(Lines(article), kLines);
  EXPECT_EQ(BodyEvidence(article)->source(), v1::EVIDENCE_SOURCE_JSON_LD);
  EXPECT_EQ(BodyEvidence(article)->detail(), "articleBody");
}

TEST(DataTextTest, CompletesWhatThePageShowsTheBeginningOf) {
  const v1::Article article = ArticleOf(
      Page(JsonScript(Fill(R"({"page":{"body":"<p>$1</p><p>$2</p><p>$3</p>",
                           "id":"a-page-of-the-harbour-town-paper"}})")),
           "<article><p>The ferry to the outer islands runs again from Monday, "
           "the harbour board decided on Thursday</p></article>"));
  EXPECT_EQ(Lines(article), kLines);
}

TEST(DataTextTest, KeepsMarkupsBodyWhereThatIsTheText) {
  const std::string script = JsonScript(
      absl::StrCat(R"({"article":{"title":"Island ferry runs again","body":")",
                   absl::StrReplaceAll(Paragraphs(30), {{"\n", ""}}), "\"}}"));
  const v1::Article article = ArticleOf(
      Page(script, absl::StrCat("<article>", Paragraphs(10), "</article>")));
  EXPECT_THAT(article.body(), SizeIs(10));
  EXPECT_EQ(BodyEvidence(article)->source(), v1::EVIDENCE_SOURCE_MARKUP);
}

TEST(DataTextTest, LeavesOtherArticlesAndNoticesAlone) {
  const std::string shown =
      "<article><p>The ferry runs again from Monday, says the board.</p>"
      "</article>";
  for (const char* json :
       {R"({"related":[{"title":"Island ferry runs again",
            "body":"<p>$1</p><p>$2</p><p>$3</p>"}]})",
        R"({"article":{"title":"A wholly different story from elsewhere",
            "body":"<p>$1</p><p>$2</p><p>$3</p>"}})",
        R"({"cookieNotice":{"content":"<p>$1</p><p>$2</p><p>$3</p>"}})",
        R"({"settings":{"x":["$1","$2","$3"]}})"}) {
    const v1::Article article = ArticleOf(Page(JsonScript(Fill(json)), shown));
    EXPECT_THAT(
        Lines(article),
        ElementsAre(HasSubstr("The ferry runs again from Monday, says")))
        << json;
  }
}

TEST(DataTextTest, TakesTheOnlyArticleOfAPageThatShowsNothing) {
  const std::string one = Fill(
      R"({"title":"Island ferry runs again","publishedAt":"2026-03-14",
      "body":"<p>$1</p><p>$2</p><p>$3</p>"})");
  const auto page = [](absl::string_view json) {
    return absl::StrCat(
        "<!DOCTYPE html><html><head><title>The Courier</title></head><body>"
        "<div id=\"app\"></div>",
        JsonScript(json), "</body></html>");
  };
  const v1::Article article =
      ArticleOf(page(absl::StrCat("{\"story\":", one, "}")));
  EXPECT_EQ(Lines(article), kLines);
  EXPECT_EQ(article.headline(), "Island ferry runs again");

  const std::string two = absl::StrReplaceAll(
      one, {{"Island ferry", "Mainland train"}, {"Thursday", "Friday"}});
  const absl::StatusOr<Extraction> front = ExtractArticle(
      PageOf("https://news.example/", "text/html",
             page(absl::StrCat("{\"stories\":[", one, ",", two, "]}"))),
      {});
  EXPECT_EQ(front.status().code(), absl::StatusCode::kNotFound);
}

TEST(DataTextTest, ExplainsBothTheMarkupAndTheData) {
  ExtractOptions options;
  options.explain = true;
  const absl::StatusOr<Extraction> extraction = ExtractArticle(
      PageOf("https://news.example/story", "text/html",
             Page(JsonScript(Fill(
                      R"({"a":{"title":"Island ferry runs again",
                      "body":"<p>$1</p><p>$2</p><p>$3</p>"}})")),
                  "<article><p>The ferry runs again, says the board.</p>"
                  "</article>")),
      options);
  ASSERT_TRUE(extraction.ok());
  const auto& blocks = extraction->explanation.blocks();
  ASSERT_EQ(blocks.size(), 5);
  EXPECT_FALSE(blocks[1].kept());
  EXPECT_EQ(blocks[1].rule(), "script_data");
  EXPECT_EQ(blocks[1].block_index(), -1);
  EXPECT_TRUE(blocks[2].kept());
  EXPECT_EQ(blocks[2].path(), "script > body > article > div > p");
  EXPECT_EQ(blocks[2].block_index(), 0);
}

// "chosen SCRIPT a.body", "lost MARKUP …" of a page's body, as explained.
std::vector<std::string> BodySources(absl::string_view html) {
  ExtractOptions options;
  options.explain = true;
  const absl::StatusOr<Extraction> extraction = ExtractArticle(
      PageOf("https://news.example/story", "text/html", html), options);
  std::vector<std::string> sources;
  if (!extraction.ok()) return sources;
  for (const v1::Evidence& evidence : extraction->article.evidence()) {
    if (evidence.field() != "body") continue;
    sources.push_back(
        absl::StrCat(evidence.chosen() ? "chosen " : "lost ",
                     v1::EvidenceSource_Name(evidence.source()).substr(16), " ",
                     evidence.detail(), evidence.value().empty() ? "" : ": ",
                     evidence.value().substr(0, 10)));
  }
  return sources;
}

TEST(DataTextTest, SaysWhichOtherPlacesHadABody) {
  const std::string in_json_ld = absl::StrCat(
      R"(<script type="application/ld+json">{"@type":"NewsArticle",)"
      R"("headline":"Island ferry runs again","articleBody":")",
      kFirst, " ", kSecond, " ", kThird, "\"}</script>");
  const std::string in_script =
      JsonScript(Fill(R"({"a":{"title":"Island ferry runs again",
      "body":"<p>$1</p><p>$2</p><p>$3</p>"}})"));
  const std::string shown =
      "<article><p>The ferry runs again, says the board.</p></article>";
  EXPECT_THAT(
      BodySources(Page(in_script + in_json_ld, shown)),
      ElementsAre("chosen SCRIPT a.body", HasSubstr("article: The ferry "),
                  "lost JSON_LD articleBody: The ferry "));
  EXPECT_THAT(BodySources(Page(in_json_ld, shown)),
              ElementsAre("chosen JSON_LD articleBody",
                          HasSubstr("article: The ferry ")));
  EXPECT_THAT(
      BodySources(Page(
          in_json_ld, absl::StrCat("<article>", Paragraphs(10), "</article>"))),
      ElementsAre(HasSubstr("chosen MARKUP body > "),
                  "lost JSON_LD articleBody: The ferry "));
}

TEST(PageDataTest, FindsDocumentsInTheirOrder) {
  const std::string filler(300, 'x');
  const std::string page = absl::StrCat(
      "<script type=\"application/json\">{\"a\":\"", filler,
      "\"}</script><script>var f={a:1},g=function(){return[1]};window.x = "
      "{\"b\":\"} ]\\\" ",
      filler, "\"};y=[{\"c\":\"", filler,
      "\"}];</script><script type=\"application/ld+json\">{\"d\":\"", filler,
      "\"}</script><script>short={\"e\":1}</script>");
  std::vector<std::string> starts;
  for (const PageData& data : FindPageData(page)) {
    starts.emplace_back(data.json.substr(0, 5));
    EXPECT_TRUE(data.json.back() == '}' || data.json.back() == ']');
  }
  EXPECT_THAT(starts, ElementsAre("{\"a\":", "{\"b\":", "[{\"c\""));
}

TEST(PageDataTest, ReadsTagsInAnyCase) {
  const std::string filler(300, 'x');
  const std::string page =
      absl::StrCat("<SCRIPT TYPE=\"application/json\">{\"a\":\"", filler,
                   "\"}</SCRIPT><Script>x={\"b\":\"", filler, "\"}</sCRIPT>");
  std::vector<std::string> starts;
  for (const PageData& data : FindPageData(page)) {
    starts.emplace_back(data.json.substr(0, 5));
  }
  EXPECT_THAT(starts, ElementsAre("{\"a\":", "{\"b\":"));
}

TEST(PageDataTest, FindsFortyDocumentsAtTheMost) {
  for (const std::string& unit :
       {std::string("={\"a\":["), std::string("=[\"\\"),
        std::string("=JSON.parse(\"\\u"), std::string("<script>={\"")}) {
    std::string page = "<script>";
    while (page.size() < 3'000'000) page += unit;
    EXPECT_LE(FindPageData(page).size(), 40u);
  }
}

TEST(DataTextTest, LeavesNestedAndCyclicDataAlone) {
  std::string nested = "<script type=\"application/json\">";
  for (int i = 0; i < 900; ++i) nested += "{\"content\":[";
  for (int i = 0; i < 900; ++i) nested += "]}";
  absl::StrAppend(&nested, "</script>");
  std::string flat = "<script type=\"application/json\" id=\"__NUXT_DATA__\">[";
  for (int i = 0; i < 3000; ++i) {
    absl::StrAppend(&flat, i == 0 ? "" : ",", "{\"content\":", (i + 1) % 3000,
                    ",\"body\":", (i * 7) % 3000, ",\"x\":", i, "}");
  }
  flat += "]</script>";
  for (const std::string& script : {nested, flat}) {
    const v1::Article article =
        ArticleOf(Page(script,
                       "<article><p>The ferry runs again, says the board.</p>"
                       "</article>"));
    EXPECT_THAT(article.body(), SizeIs(1));
  }
}

TEST(DataMarkupTest, ReadsTextLineByLine) {
  EXPECT_EQ(MarkupOfText("One < two\n\nand & three"),
            "<p>One &lt; two</p>\n<p>and &amp; three</p>\n");
  EXPECT_EQ(MarkupOfText("A <b>bold</b> line"), "<p>A <b>bold</b> line</p>\n");
  EXPECT_EQ(MarkupOfText("&lt;p&gt;Escaped&lt;/p&gt;"),
            "<div><p>Escaped</p></div>\n");
  EXPECT_THAT(MarkupOfText(""), IsEmpty());
}

}  // namespace
}  // namespace dateline

// Pages made to cost more than they are worth: each must end within 2 s of CPU
// and 256 MB with an article or a reason.

#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "parser/core/extract.h"
#include "tests/parser/hostile_extraction.h"
#include "tests/parser/pages.h"
#include "tests/support/sanitized.h"

namespace dateline {
namespace {

constexpr absl::string_view kSentence =
    " was the number, and nobody could say, in all the town, why it had been "
    "chosen.";

TEST(HostileTest, MillionNestedElements) {
  ExpectBounded("text/html", Paragraphs(5) + Repeat("<div>", 1000000));
  ExpectBounded("text/html", Repeat("<div><p>a", 500000));
  ExpectBounded("text/html", Repeat("<table><tr><td>", 300000));
  ExpectBounded("text/html", Repeat("<ul><li>a", 500000));
}

TEST(HostileTest, NestingKeptJustBelowTheLimit) {
  std::string page = Repeat("<div>", 990);
  page += Repeat("<p>word word word word word word word.</p>", 200000);
  ExpectBounded("text/html", page);
}

TEST(HostileTest, HugeAttribute) {
  ExpectBounded("text/html", absl::StrCat("<p class='", Repeat("x ", 4 << 20),
                                          "'>", Paragraphs(5)));
  ExpectBounded("text/html",
                absl::StrCat("<a href='", Repeat("x", 9 << 20), "'>"));
}

TEST(HostileTest, AMillionAttributes) {
  ExpectBounded("text/html",
                absl::StrCat("<p ", RepeatNumbered("a", " ", 1000000), ">",
                             Paragraphs(5)));
}

TEST(HostileTest, FormattingFlood) {
  ExpectBounded("text/html",
                RepeatNumbered("<b a", ">", 5000) + Repeat("<p>x</p>", 100000));
  ExpectBounded("text/html", Repeat("<a><b><i><p></a>", 400000));
}

TEST(HostileTest, EntityFlood) {
  ExpectBounded("text/html", "<p>" + Repeat("&amp;", 1500000));
  ExpectBounded("text/html",
                "<p>" + Repeat("&CounterClockwiseContourIntegral", 250000));
}

TEST(HostileTest, TenThousandArticles) {
  ExpectBounded(
      "text/html",
      RepeatNumbered("<article class='post'><h2><a href='/a'>Story</a></h2><p>",
                     " was the number, and nobody could say, in all the "
                     "town, why it had been chosen.</p></article>",
                     10000));
}

TEST(HostileTest, TenThousandEntriesOfALiveBlog) {
  const std::string entries = RepeatNumbered(
      "<div class='live-post'><time>10:0",
      "</time><time>x</time><time>y</time><p>Nobody could say, in all the "
      "town, why it had been chosen.</p></div>",
      10000);
  ExpectBounded("text/html", "<div class='live-blog'>" + entries);
  ExpectBounded("text/html",
                "<div class='live-blog'>" + Repeat("<div>", 900) + entries);
  ExpectBounded(
      "text/html",
      Repeat("<div class='live-post'><time>10:01</time>Some words.", 900) +
          entries);
  ExpectBounded(
      "text/html",
      Repeat("<div class='live-post'>" + Repeat("<time>May</time>", 300) +
                 "<p>Nobody could say why it was chosen.</p></div>",
             1500));
}

TEST(HostileTest, DataInScripts) {
  const std::string shown = "<p>The ferry runs again, says the board.</p>";
  const std::string open = shown + "<script type='application/json'>";
  ExpectBounded("text/html", open + "[" +
                                 Repeat("{\"body\":\"<p>Some words of "
                                        "no great use.</p>\"},",
                                        100000) +
                                 "1]</script>");
  ExpectBounded("text/html", open + "{\"body\":\"" +
                                 Repeat("<p>word ", 500000) + "\"}</script>");
  ExpectBounded(
      "text/html",
      open + Repeat("{\"content\":[", 500) +
          Repeat("{\"type\":\"paragraph\",\"content\":\"word word\"},", 50000) +
          "1" + Repeat("]}", 500) + "</script>");
  ExpectBounded(
      "text/html",
      shown + "<script type='application/json' id='__NUXT_DATA__'>[" +
          Repeat("{\"body\":1,\"content\":30000,\"text\":30000},", 30000) +
          "\"" + Repeat("word ", 150000) + "\"]</script>");
  ExpectBounded("text/html", shown + "<script>" + Repeat("={\"a\":[", 1000000));
  ExpectBounded("text/html",
                shown + Repeat("<script>x=[\"aaaaaaaaaaaaa", 300000));
}

// "k0": 0, "k1": 0, …
std::string Keys(int count) {
  return RepeatNumbered("\"k", "\":0,", count) + "\"k\":0";
}

TEST(HostileTest, DataThatManyPlacesShare) {
  const std::string open =
      "<p>The ferry runs again, says the board.</p><script "
      "type='application/json' id='__NUXT_DATA__'>[";
  const std::string many = Repeat("1,", 60000);
  // One large object; one under a key that is read as text, and in a list.
  ExpectBounded("text/html", absl::StrCat(open, "[", many, "1],{", Keys(9000),
                                          "}]</script>"));
  ExpectBounded("text/html", absl::StrCat(open, "{\"content\":2},1,[", many,
                                          "1],{", Keys(9000), "}]</script>"));
  ExpectBounded("text/html",
                absl::StrCat(open, "{\"content\":[", Repeat("2,", 60000),
                             "2]},{},{", Keys(9000), "}]</script>"));
  ExpectBounded(
      "text/html",
      absl::StrCat(open, "{\"content\":[", Repeat("2,", 60000),
                   "2]},{},{\"content\":[3]},{", Keys(9000), "}]</script>"));
  // A long list; a long string; a title.
  ExpectBounded("text/html",
                absl::StrCat(open, "[", many, "1],[", Repeat("\"\",", 60000),
                             "\"\"]]</script>"));
  ExpectBounded("text/html",
                absl::StrCat(open, "{\"content\":[", Repeat("1,", 60000),
                             "1]},{\"content\":2},\"", Repeat("< ", 1000000),
                             "\"]</script>"));
  ExpectBounded("text/html",
                absl::StrCat(open, "[", many, "1],{\"title\":\"",
                             Repeat("word ", 99), "\"}]</script>"));
}

TEST(HostileTest, LinksThatManyPlacesShare) {
  ExpectBounded(
      "text/html",
      absl::StrCat("<p>The ferry runs again, says the board.</p><script "
                   "type='application/json' id='__NUXT_DATA__'>[[",
                   Repeat("1,", 60000), "1],{\"content\":[2,2,2,2,2,2]},",
                   "{\"type\":3,\"url\":4,\"content\":5},\"link\",\"",
                   Repeat("\\\"", 1000000), "\",\"word word\"]</script>"));
}

TEST(HostileTest, DataWithoutEndOrInCircles) {
  const std::string shown = "<p>The ferry runs again, says the board.</p>";
  for (const char* unit :
       {"={\"a\":[", "=[\"\\", "=JSON.parse(\"\\u", "<script>={\""}) {
    ExpectBounded("text/html",
                  absl::StrCat(shown, "<script>", Repeat(unit, 500000)));
  }
  ExpectBounded("text/html",
                absl::StrCat(shown, "<script type='application/json'>",
                             Repeat("{\"content\":[", 900), Repeat("]}", 900),
                             "</script>"));
  std::string circles;
  for (int i = 0; i < 30000; ++i) {
    absl::StrAppend(&circles, i == 0 ? "" : ",",
                    "{\"content\":", (i + 1) % 30000,
                    ",\"body\":", (i * 7) % 30000, ",\"x\":", i, "}");
  }
  ExpectBounded("text/html", absl::StrCat(shown,
                                          "<script type='application/json' "
                                          "id='__NUXT_DATA__'>[",
                                          circles, "]</script>"));
}

TEST(HostileTest, TagsWithoutEndInData) {
  const std::string open =
      "<p>The ferry runs again, says the board.</p><script "
      "type='application/json'>";
  for (const char* key : {"body", "x"}) {
    ExpectBounded("text/html",
                  absl::StrCat(open, "{\"", key, "\":\"",
                               Repeat("<a ", 1300000), "\"}</script>"));
  }
  ExpectBounded("text/html",
                absl::StrCat(open,
                             "{\"content\":[{\"type\":\"paragraph\","
                             "\"content\":[{\"text\":\"",
                             Repeat("<a ", 1300000), "\"}]}]}</script>"));
  ExpectBounded(
      "text/html",
      absl::StrCat("<script type='application/ld+json'>{\"@type\":"
                   "\"NewsArticle\",\"articleBody\":\"",
                   Repeat("<a ", 1300000), "\"}</script>", Paragraphs(2)));
}

TEST(HostileTest, Drawings) {
  ExpectBounded("text/html", Paragraphs(5) + Repeat("<svg>", 1000000));
  ExpectBounded("text/html", Paragraphs(5) + Repeat("<svg/>", 1000000));
  ExpectBounded("text/html",
                Paragraphs(5) + Repeat("<svg><path d='M0'/></svg>", 300000));
  ExpectBounded("text/html", Paragraphs(5) + Repeat("<svg a='", 800000));
  ExpectBounded("text/html", Paragraphs(5) + Repeat("<svg><!--", 800000));
  ExpectBounded("text/html",
                Paragraphs(5) + Repeat("<svg><title>a</title></svg>", 300000));
  ExpectBounded("text/html", Paragraphs(5) + "<svg><path d='" +
                                 Repeat("M0 ", 3000000) + "'/></svg>");
}

TEST(HostileTest, LinksAndPicturesByTheHundredThousand) {
  ExpectBounded("text/html",
                Paragraphs(5) + RepeatNumbered("<p>Some words before <a "
                                               "href='/",
                                               "'>a link</a>.</p>", 100000));
  ExpectBounded("text/html",
                Paragraphs(5) + RepeatNumbered("<p>Some words before it.<img "
                                               "src='/",
                                               ".jpg'></p>", 100000));
}

TEST(HostileTest, TablesAndLists) {
  ExpectBounded("text/html",
                Paragraphs(5) + "<table>" +
                    Repeat("<tr><td>one</td><td>two</td></tr>", 200000));
  ExpectBounded("text/html", Paragraphs(5) + "<ul>" +
                                 Repeat("<li>one two three four.", 300000));
}

TEST(HostileTest, TextWithoutMarkup) {
  ExpectBounded("text/plain", Repeat("word ", 2000000));
  ExpectBounded("text/plain",
                Repeat("A line of text, which ends.\n\n", 300000));
  ExpectBounded("text/html", "<p>" + Repeat("word, ", 1600000));
  ExpectBounded("text/html", "<p>" + Repeat("\xe6\x9d\xb1", 3000000));
}

TEST(HostileTest, BytesThatAreNoText) {
  // Each becomes a character of its own, for which a sanitizer's realloc copies
  // all before it.
  constexpr size_t kMany = kIsSanitized ? 1 << 19 : 5 << 20;
  ExpectBounded("text/html", std::string(kMany, '\0'));
  ExpectBounded("text/html", std::string(kMany, '\xff'));
  ExpectBounded("text/html",
                absl::StrCat(absl::string_view("\xff\xfe<\0p\0>\0a", 9),
                             std::string(1 << 20, '\xd8')));
  ExpectBounded("text/plain", std::string(kMany, '\x80'));
}

TEST(HostileTest, CommentsAndScriptsWithoutEnd) {
  ExpectBounded("text/html", Paragraphs(5) + Repeat("<!-- ", 1500000));
  ExpectBounded("text/html", Repeat("<script>", 1000000));
  ExpectBounded("text/html", "<script type='application/ld+json'>" +
                                 Repeat("[{\"@graph\":", 500000) + "</script>" +
                                 Paragraphs(5));
}

TEST(HostileTest, PagesBeyondTheLimitAreRefused) {
  const HostileRun run = ExtractInChild(
      "text/html",
      absl::StrCat("<p class='", Repeat("x ", 25 << 20), "'>", Paragraphs(5)));
  EXPECT_TRUE(run.ended && run.is_whole && !run.has_article);
  EXPECT_LT(run.cpu_seconds, 0.5);
}

TEST(HostileTest, CutOffUtf16) {
  std::string page = "\xff\xfe";
  for (const char c : "<p>" + Repeat("word, ", 700000)) {
    page.push_back(c);
    page.push_back('\0');
  }
  page.push_back('\xd8');
  ExpectBounded("text/html", page);
  ExpectBounded("text/plain", page);
}

TEST(HostileTest, WideAndNestedTables) {
  ExpectBounded("text/html",
                Paragraphs(5) + "<table><tr>" + Repeat("<td>one", 1000000));
  ExpectBounded("text/html", Paragraphs(5) + Repeat("<table><td>one two", 400));
  ExpectBounded(
      "text/html",
      Paragraphs(5) + Repeat("<table><tr><td colspan=1000 rowspan=1000>one two"
                             "</td></tr></table>",
                             100000));
}

TEST(HostileTest, AttributesOnEveryElement) {
  ExpectBounded(
      "text/html",
      RepeatNumbered("<p id=p", " class='a b c' style='x'>w", 200000));
  ExpectBounded("text/html", RepeatNumbered("<div class=c",
                                            ">words and words</div>", 200000));
}

TEST(HostileTest, DeepInlineFormatting) {
  ExpectBounded("text/html", "<p>" + Repeat("<span><em>a <strong>b ", 400000));
  ExpectBounded(
      "text/html",
      Repeat("<p>" + Repeat("<i><b><u>", 100) + "words, words", 3000));
  ExpectBounded("text/html",
                Repeat("<p><b>words <i>words</b> words</i>", 200000));
}

TEST(HostileTest, JsonLdInEveryShape) {
  const std::string open = "<script type='application/ld+json'>";
  const std::string article =
      "{\"@type\":\"NewsArticle\",\"headline\":\"Mill\"";
  ExpectBounded("text/html",
                RepeatNumbered(open + article + ",\"articleBody\":\"Story ",
                               "\"}</script>", 50000) +
                    Paragraphs(5));
  const auto with = [&](const std::string& more) {
    return open + article + "," + more + "}</script>" + Paragraphs(5);
  };
  ExpectBounded(
      "text/html",
      with("\"author\":[" +
           RepeatNumbered("{\"name\":\"Ada Mill", "\"},", 90000) + "{}]"));
  ExpectBounded("text/html",
                with("\"keywords\":[" +
                     RepeatNumbered("\"topic ", "\",", 100000) + "\"x\"]"));
  ExpectBounded(
      "text/html",
      with("\"keywords\":\"" + RepeatNumbered("topic ", ",", 150000) + "\""));
  ExpectBounded(
      "text/html",
      with("\"articleBody\":\"" +
           RepeatNumbered("It", std::string(kSentence), 20000) + "\""));
  ExpectBounded(
      "text/html",
      with("\"image\":[" + RepeatNumbered("\"/", ".jpg\",", 100000) + "\"\"]"));
  ExpectBounded("text/html", open + "{" + Repeat("\"a\":{", 300000) +
                                 "</script>" + Paragraphs(5));
  ExpectBounded("text/html",
                open + Repeat("\"", 2000000) + "</script>" + Paragraphs(5));
  ExpectBounded("text/html", open + "{\"a\":\"" + Repeat("\", ", 600000) +
                                 "</script>" + Paragraphs(5));
}

TEST(HostileTest, LiveUpdates) {
  ExpectBounded(
      "text/html",
      "<script type='application/ld+json'>{\"@type\":\"LiveBlogPosting\","
      "\"headline\":\"Storm\",\"liveBlogUpdate\":[" +
          RepeatNumbered("{\"headline\":\"", "\",\"articleBody\":\"Rain.\"},",
                         40000) +
          "{}]}</script>" + Paragraphs(5));
  ExpectBounded("text/html",
                "<div class=live-blog>" +
                    RepeatNumbered("<article class='live-update' id=u",
                                   "><time datetime='2024-04-24T09:30:00Z'>9:30"
                                   "</time><p>It rained on the mill all the "
                                   "morning, and nobody came.</article>",
                                   40000));
}

TEST(HostileTest, TeasersAndCards) {
  ExpectBounded(
      "text/html",
      Paragraphs(5) + RepeatNumbered("<div class=card><a href='/",
                                     "'><img src=a>"
                                     "<h3>A story of the mill</h3></a><p>It is "
                                     "told in short ...</p></div>",
                                     60000));
  ExpectBounded("text/html",
                Paragraphs(5) +
                    Repeat("<div class=card><a href=/a>Story</a>", 400) +
                    RepeatNumbered("<div class=card><a href='/",
                                   "'>Story</a></div>", 100000));
  ExpectBounded("text/html",
                Repeat("<p>Read also: <a href=/a>The mill</a></p>", 150000) +
                    Paragraphs(5));
  ExpectBounded("text/html",
                RepeatNumbered("<section><div><div><h2>Part ",
                               "</h2><p>It was so." + std::string(kSentence) +
                                   "</p></div></div></section>",
                               50000));
}

TEST(HostileTest, TheSameAgainAndAgain) {
  ExpectBounded("text/html", Repeat(Paragraphs(1), 60000));
  ExpectBounded("text/html",
                RepeatNumbered("<p>", absl::StrCat(kSentence, "</p>"), 90000));
  ExpectBounded(
      "text/html",
      Repeat(RepeatNumbered("<p>", absl::StrCat(kSentence, "</p>"), 300), 300));
  ExpectBounded("text/html", Paragraphs(5) + Repeat("<hr><br>", 1000000));
  ExpectBounded("text/html", Repeat("<blockquote><p>Word and word.", 300000));
  ExpectBounded("text/html", Repeat("<h2>A heading of the mill</h2>", 250000) +
                                 Paragraphs(5));
  ExpectBounded(
      "text/html",
      RepeatNumbered("<h1>The mill, part ", "</h1>", 200000) + Paragraphs(5));
}

TEST(HostileTest, Metadata) {
  ExpectBounded(
      "text/html",
      RepeatNumbered("<meta property='article:tag' content='t",
                     "'><meta name=author content='Ada Mill'>", 90000) +
          Paragraphs(5));
  ExpectBounded(
      "text/html",
      RepeatNumbered("<meta property='og:image' content='/", ".jpg'>", 150000) +
          Paragraphs(5));
  ExpectBounded("text/html",
                Paragraphs(5) +
                    RepeatNumbered("<span class=author rel=author>By Ada Mill ",
                                   "</span>", 120000));
  ExpectBounded(
      "text/html",
      Paragraphs(5) +
          RepeatNumbered("<time datetime='2024-04-24T09:30:00Z'>", "", 150000));
  ExpectBounded(
      "text/html",
      RepeatNumbered("<div class=date>24 April 2024, 9:", "</div>", 150000) +
          Paragraphs(5));
  ExpectBounded("text/html", "<script>" +
                                 Repeat("\"publishedAt\":\"x\",", 400000) +
                                 "</script>" + Paragraphs(5));
  ExpectBounded("text/html", "<script>" + Repeat("\"publishedAt\" ", 600000) +
                                 "</script>" + Paragraphs(5));
}

TEST(HostileTest, LongNamesOfThings) {
  const auto page = [](const std::string& title, const std::string& heading) {
    return absl::StrCat("<title>", title, "</title><h1>", heading, "</h1>",
                        Paragraphs(5));
  };
  ExpectBounded("text/html", page(Repeat("mill - ", 600000), "The mill"));
  ExpectBounded("text/html", page(RepeatNumbered("word", " ", 300000),
                                  RepeatNumbered("word", " ", 300000)));
  ExpectBounded("text/html", page(Repeat("a", 4 << 20), Repeat("a", 4 << 20)));
  ExpectBounded("text/html", "<p class=byline>By " +
                                 RepeatNumbered("Ada Mill ", " and ", 300000) +
                                 Paragraphs(5));
  ExpectBounded("text/html", "<p class=byline>By " + Repeat("Ada ", 1000000) +
                                 Paragraphs(5));
  ExpectBounded("text/html", "<meta name=description content='" +
                                 Repeat("mill ", 1000000) + "'>" +
                                 Paragraphs(5));
  ExpectBounded("text/html", "<meta name=keywords content='" +
                                 RepeatNumbered("mill ", ",", 500000) + "'>" +
                                 Paragraphs(5));
  ExpectBounded("text/html", "<time class=date>" + Repeat("24 April ", 800000) +
                                 "</time>" + Paragraphs(5));
}

TEST(HostileTest, ListsOfPlainLines) {
  ExpectBounded("text/plain", Repeat("Read also\n", 900000));
  ExpectBounded("text/plain", "First title\n\n" + Repeat("a\n", 5000000));
  const std::string prose =
      absl::StrCat("It", kSentence, kSentence, kSentence, kSentence, "\n");
  // Each line may end the article, if it did not go on behind it.
  ExpectBounded("text/plain", Repeat(prose, 3) + Repeat("Must Read\n", 600000) +
                                  Repeat(prose, 9));
  ExpectBounded("text/plain", Repeat(prose + "\n", 3) +
                                  Repeat("Must Read\n\n", 500000) +
                                  Repeat(prose + "\n", 9));
  ExpectBounded("text/plain",
                RepeatNumbered("Subject: ", "\n", 700000) + prose);
  ExpectBounded("text/plain", std::string(10 << 20, 'x'));
  ExpectBounded("text/plain", std::string(10 << 20, '\n'));
  ExpectBounded("text/plain", std::string(10 << 20, '-'));
  ExpectBounded("text/plain",
                Repeat("Published in Dawn, May 3rd, 2022\n", 300000));
}

TEST(HostileTest, CharactersThatCombine) {
  ExpectBounded("text/html", "<p>" + Repeat("\xcc\x81", 5000000));
  ExpectBounded("text/html", "<p>a" + Repeat("\xcc\x81\xcc\xa7", 2000000));
  // Each of these is two marks.
  ExpectBounded("text/html", "<p>" + Repeat("\xe0\xbd\xb3", 2000000));
  ExpectBounded("text/plain", Repeat("\xe0\xb8\x81", 3000000));
  ExpectBounded("text/html", "<p>" + Repeat("\xc2\xad\xe2\x80\x8b", 2000000));
}

}  // namespace
}  // namespace dateline

// Site rules: what a rule file may say, what is wrong with it, and what it
// makes of a page.

#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "parser/core/rules/site_rules.h"
#include "parser/rules_folder.h"
#include "tests/parser/pages.h"

namespace dateline {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::string ErrorOf(const std::string& text) {
  return std::string(
      SiteRules::Compile({{"x.textproto", text}}).status().message());
}

SiteRules RulesOf(const std::string& text) {
  absl::StatusOr<SiteRules> rules =
      SiteRules::Compile({{"news.textproto", text}});
  EXPECT_TRUE(rules.ok()) << rules.status();
  return rules.ok() ? *std::move(rules) : SiteRules();
}

constexpr char kDomain[] = "domains: \"news.example\"\n";

Extraction ExtractWith(const SiteRules* rules, absl::string_view html,
                       bool explain = false) {
  absl::StatusOr<Extraction> extraction = ExtractArticle(
      PageOf("https://www.news.example/story", "text/html", html),
      {.explain = explain, .rules = rules});
  EXPECT_TRUE(extraction.ok()) << extraction.status();
  return extraction.ok() ? *std::move(extraction) : Extraction();
}

v1::Article ArticleBy(const std::string& rule, absl::string_view html) {
  const SiteRules rules = RulesOf(absl::StrCat(kDomain, rule));
  return ExtractWith(&rules, html).article;
}

// "field: detail" of all evidence that a rule won.
std::vector<std::string> WonByRule(const v1::Article& article) {
  std::vector<std::string> won;
  for (const v1::Evidence& entry : article.evidence()) {
    if (entry.source() != v1::EVIDENCE_SOURCE_RULE || !entry.chosen()) continue;
    won.push_back(absl::StrCat(entry.field(), ": ", entry.detail()));
  }
  return won;
}

TEST(SiteRulesTest, NamesFileLineAndColumnOfAnUnknownField) {
  EXPECT_EQ(ErrorOf("domains: \"a.example\"\n\nheadlin: \"h1\"\n"),
            "x.textproto:3:8: Message type \"dateline.v1.SiteRule\" has no "
            "field named \"headlin\".");
}

TEST(SiteRulesTest, NamesFileLineAndColumnOfABadSelector) {
  const std::string error = ErrorOf(
      "domains: \"a.example\"\nheadline: \"h1\"\n  headline: \"h1 >> b\"\n");
  EXPECT_THAT(error, HasSubstr("x.textproto:3:3: headline: selector \"h1 >> "
                               "b\": Syntax error."));
}

TEST(SiteRulesTest, NamesEverythingThatIsWrong) {
  const absl::StatusOr<SiteRules> rules = SiteRules::Compile(
      {{"a.textproto", "headline: \"h1\""},
       {"b.textproto", "domains: \"https://b.example/\"\nbody: \"\""},
       {"c.textproto", "domains: \"c.example\""},
       {"d.textproto", "domains: \"d.example\"\ndomains: \"c.example\""}});
  EXPECT_EQ(rules.status(),
            absl::InvalidArgumentError(
                "a.textproto:1:1: names no domains; "
                "b.textproto:1:1: domains: \"https://b.example/\" is no host "
                "in lower case, such as \"example.com\"; "
                "b.textproto:2:1: body: selector \"\": is empty; "
                "d.textproto:2:1: domains: \"c.example\" is named twice, first "
                "by c.textproto"));
}

TEST(SiteRulesTest, RefusesSelectorsWhoseCostGrowsWithThePage) {
  for (const char* selector :
       {"h1 ~ p", "p:nth-child(2)", "div:has(p)", "a b c d", "p::before",
        "p:first-of-type", ":is(.a .b)", ":not(:not(p))", "div:is(.a, %)"}) {
    EXPECT_FALSE(Selector::Compile(selector).ok()) << selector;
  }
  for (const char* selector :
       {"h1, h2.title", "main > article p", "a b c", "p + p", "*:not(.ad, p)",
        "meta[property='article:published_time']", "[class^=\"story\" i]",
        "li:first-child:last-child", "#a:is(.b, .c):where(div)"}) {
    EXPECT_TRUE(Selector::Compile(selector).ok())
        << Selector::Compile(selector).status();
  }
}

TEST(SiteRulesTest, HoldsForItsHostsAndThoseBelow) {
  const absl::StatusOr<SiteRules> rules = SiteRules::Compile(
      {{"all.textproto", "domains: \"a.example\" domains: \"b.example\""},
       {"blog.textproto", "domains: \"blog.a.example\""}});
  ASSERT_TRUE(rules.ok()) << rules.status();
  const auto file = [&rules](const char* url) {
    const CompiledRule* rule = rules->For(url);
    return rule == nullptr ? "" : rule->file;
  };
  EXPECT_EQ(file("https://a.example/x"), "all.textproto");
  EXPECT_EQ(file("http://www.B.example:8080/"), "all.textproto");
  EXPECT_EQ(file("https://my.blog.a.example/"), "blog.textproto");
  EXPECT_EQ(file("https://nota.example/"), "");
  EXPECT_EQ(file("https://example/"), "");
  EXPECT_EQ(file("no url"), "");
  EXPECT_EQ(SiteRules().For("https://a.example/"), nullptr);
}

TEST(SiteRulesTest, FindsFieldsAndSaysSo) {
  const v1::Article article = ArticleBy(
      "headline: \".nothing\" headline: \"b.t\"\n"
      "alternative_headline: \".deck\"\n"
      "authors: \".who a\"\n"
      "publish_time: \"[data-first]\"\n"
      "modified_time: \"meta[name=changed]\"\n"
      "section: \".part\"\n"
      "body: \".text\"\n",
      absl::StrCat(
          "<!DOCTYPE html><html lang=\"en\"><head>"
          "<meta property=\"og:title\" content=\"Something else\">"
          "<meta property=\"article:section\" content=\"Home\">"
          "<meta name=\"author\" content=\"The Desk\">"
          "<meta name=\"changed\" content=\"2024-03-02T08:00:00+01:00\">"
          "</head><body><b class=\"t\">The mill <i>reopens</i></b>"
          "<b class=\"t\">Another</b><div class=\"deck\">After two years</div>"
          "<div class=\"part\">Town</div><div class=\"who\">"
          "<a href=\"/p/1\">Jane Doe</a> <a href=\"/p/2\">John Roe</a></div>"
          "<span data-first>1 March 2024, 9:30</span><div class=\"text\">",
          Paragraphs(4), "</div></body></html>"));
  EXPECT_EQ(article.headline(), "The mill reopens");
  EXPECT_EQ(article.alternative_headline(), "After two years");
  EXPECT_EQ(article.section(), "Town");
  ASSERT_THAT(article.authors(), SizeIs(2));
  EXPECT_EQ(article.authors(0).name(), "Jane Doe");
  EXPECT_EQ(article.authors(0).url(), "https://www.news.example/p/1");
  EXPECT_EQ(article.authors(1).name(), "John Roe");
  EXPECT_EQ(article.publish_time().time().seconds(), 1709285400);
  EXPECT_FALSE(article.publish_time().offset_known());
  EXPECT_EQ(article.modified_time().time().seconds(), 1709362800);
  EXPECT_THAT(article.body(), SizeIs(4));
  EXPECT_THAT(
      WonByRule(article),
      ElementsAre("headline: news.textproto",
                  "alternative_headline: news.textproto",
                  "section: news.textproto", "authors: news.textproto",
                  "publish_time: news.textproto",
                  "modified_time: news.textproto", "body: news.textproto"));
}

TEST(SiteRulesTest, FallsBackWhereItFindsNothing) {
  const std::string html = Html(
      absl::StrCat("<article><h1>The mill reopens</h1><p class=\"empty\"></p>",
                   Paragraphs(4), "</article>"));
  const v1::Article article = ArticleBy(
      "headline: \".gone\" authors: \".gone\" publish_time: \"h1\"\n"
      "section: \".empty\" body: \".gone\" body: \".empty\" body: \"title\"\n",
      html);
  EXPECT_EQ(article.SerializeAsString(),
            ExtractWith(nullptr, html).article.SerializeAsString());
}

TEST(SiteRulesTest, TakesTheMoreExactTimeOfTheSameDay) {
  const std::string html = absl::StrCat(
      "<html lang=\"en\"><head><meta property=\"article:published_time\" "
      "content=\"2023-03-01T09:30:00Z\"></head><body><i>1 March 2023</i>"
      "<b>2 March 2023</b>",
      Paragraphs(4), "</body></html>");
  const v1::Article same = ArticleBy("publish_time: \"i\"", html);
  EXPECT_EQ(same.publish_time().time().seconds(), 1677663000);
  EXPECT_THAT(WonByRule(same), IsEmpty());
  const v1::Article other = ArticleBy("publish_time: \"b\"", html);
  EXPECT_EQ(other.publish_time().time().seconds(), 1677715200);
  EXPECT_EQ(other.publish_time().precision(), v1::TIME_PRECISION_DAY);
}

TEST(SiteRulesTest, KeepsNothingOutsideTheBody) {
  const std::string html =
      Html(absl::StrCat("<div class=\"a\">", Paragraphs(5),
                        "</div><div class=\"b\"><p>One sentence of the story "
                        "that is meant, and no more than that.</p></div>"));
  EXPECT_THAT(Lines(ArticleBy("body: \".b\"", html)),
              ElementsAre("paragraph: One sentence of the story that is "
                          "meant, and no more than that."));
}

TEST(SiteRulesTest, JoinsABodyOfSeveralContainers) {
  const std::string html = Html(absl::StrCat(
      "<main><div class=\"b\">", Paragraphs(2),
      "</div><div><p>Between the parts stands a long line of somebody else, "
      "which the rule does not name.</p></div><div class=\"b\"><p>The end of "
      "the story follows behind it, as the paper has it.</p></div></main>"));
  const std::vector<std::string> lines =
      Lines(ArticleBy("body: \"main > .b\"", html));
  EXPECT_THAT(lines, SizeIs(3));
  EXPECT_EQ(lines.back(),
            "paragraph: The end of the story follows behind it, as the paper "
            "has it.");
}

TEST(SiteRulesTest, DropsBlocksLinesPicturesAndWords) {
  const std::string html = Html(absl::StrCat(
      "<article>", Paragraphs(3),
      "<div class=\"box\"><p>A long line in a box, which reads like any other "
      "line of the story does.</p><img src=\"/box.jpg\" width=\"800\"></div>"
      "<p>The last line says it all, and <span class=\"tip\">(see our guide) "
      "</span>nothing is left to say.</p></article>"));
  const SiteRules rules = RulesOf(
      absl::StrCat(kDomain, "drop: \".box\" drop: \"p .tip, p .other\"\n"));
  const Extraction extraction = ExtractWith(&rules, html, /*explain=*/true);
  const std::vector<std::string> lines = Lines(extraction.article);
  EXPECT_EQ(lines.back(),
            "paragraph: The last line says it all, and nothing is left to "
            "say.");
  EXPECT_THAT(lines, SizeIs(4));
  EXPECT_THAT(Lines(ExtractWith(nullptr, html).article),
              Contains("image: https://www.news.example/box.jpg"));
  std::vector<std::string> dropped;
  for (const v1::BlockExplanation& block : extraction.explanation.blocks()) {
    if (block.rule() == "site_rule") dropped.push_back(block.text());
  }
  EXPECT_THAT(dropped, ElementsAre("A long line in a box, which reads like any "
                                   "other line of the story does."));
}

TEST(SiteRulesTest, LeavesOtherSitesAlone) {
  const SiteRules rules =
      RulesOf("domains: \"other.example\" headline: \"title\" drop: \"p\"");
  const std::string html = Html(Paragraphs(4));
  EXPECT_EQ(ExtractWith(&rules, html).article.SerializeAsString(),
            ExtractWith(nullptr, html).article.SerializeAsString());
}

TEST(SiteRulesTest, EndsSoonOnAPageMadeToHurt) {
  std::string html = "<body>" + Paragraphs(4);
  for (int i = 0; i < 900; ++i) html += "<div class=\"a b c\">";
  for (int i = 0; i < 100000; ++i) html += "<i class=\"a b c\">x</i>";
  std::string rule = "headline: \".x .y h1\"\n";
  for (int i = 0; i < 30; ++i) {
    rule += "drop: \".d .a .c\" drop: \".a .b .z\" authors: \".z .b .c\"\n";
  }
  const SiteRules rules = RulesOf(absl::StrCat(kDomain, rule));
  const std::clock_t start = std::clock();
  ExtractArticle(PageOf("https://news.example/", "text/html", html),
                 {.rules = &rules})
      .IgnoreError();
  EXPECT_LT(static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC, 2);
}

TEST(SiteRulesTest, ServesManyThreadsAtOnce) {
  const SiteRules rules = RulesOf(absl::StrCat(
      kDomain, "headline: \"h1:not(.x)\" body: \"article\" drop: \".z, b\""));
  const std::string html = Html(
      absl::StrCat("<article><h1>The mill</h1>", Paragraphs(4), "</article>"));
  const std::string expected =
      ExtractWith(&rules, html).article.SerializeAsString();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int j = 0; j < 20; ++j) {
        EXPECT_EQ(ExtractWith(&rules, html).article.SerializeAsString(),
                  expected);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

TEST(RulesFolderTest, ReadsTextprotosOnlyAndNamesTheWrongFile) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) /
      absl::StrCat("rules-", getpid());
  std::filesystem::create_directories(folder / "below");
  std::ofstream(folder / "a.textproto") << "domains: \"a.example\"";
  std::ofstream(folder / "notes.txt") << "not a rule";
  const absl::StatusOr<SiteRules> rules = ReadRulesFolder(folder.string());
  ASSERT_TRUE(rules.ok()) << rules.status();
  EXPECT_EQ(rules->size(), 1u);
  std::ofstream(folder / "b.textproto") << "domains \"b.example\"\n{";
  EXPECT_THAT(std::string(ReadRulesFolder(folder.string()).status().message()),
              HasSubstr("b.textproto:1:9: "));
  std::filesystem::remove_all(folder);
  EXPECT_TRUE(absl::IsNotFound(ReadRulesFolder(folder.string()).status()));
}

TEST(RulesFolderTest, ShippedRulesFindDawnsStory) {
  const absl::StatusOr<SiteRules> rules =
      ReadRulesFolder(absl::StrCat(DATELINE_SOURCE_DIR, "/parser/rules"));
  ASSERT_TRUE(rules.ok()) << rules.status();
  const v1::RawPage page = PageOf(
      "https://www.dawn.com/news/1/the-mill", "text/html",
      Html(absl::StrCat(
          "<article class=\"story\"><h2 class=\"story__title\"><a>The mill "
          "reopens</a></h2><span class=\"story__byline\"><a href=\"/authors/1\""
          " class=\"story__byline__link\">Jane Doe</a></span><span class=\""
          "story__time\">Published <span class=\"timestamp--date\">February "
          "15, 2022</span></span><div class=\"story__content\">",
          Paragraphs(4),
          "</div></article><div class=\"box\"><article class=\"story\"><h2 "
          "class=\"story__title\">Another story</h2></article></div>")));
  const absl::StatusOr<Extraction> extraction =
      ExtractArticle(page, {.rules = &*rules});
  ASSERT_TRUE(extraction.ok()) << extraction.status();
  const v1::Article& article = extraction->article;
  EXPECT_EQ(article.headline(), "The mill reopens");
  EXPECT_THAT(article.body(), SizeIs(4));
  EXPECT_THAT(
      WonByRule(article),
      ElementsAre("headline: dawn.com.textproto", "authors: dawn.com.textproto",
                  "publish_time: dawn.com.textproto",
                  "body: dawn.com.textproto"));
}

}  // namespace
}  // namespace dateline

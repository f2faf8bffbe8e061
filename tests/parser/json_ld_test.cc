#include "parser/core/json_ld.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dateline {
namespace {

using ::testing::ElementsAre;

constexpr char kUrl[] = "https://a.example/mill";

TEST(JsonLd, ReadsTheArticleOfAGraph) {
  const JsonLdArticle article = ReadJsonLd({R"({
    "@context": "https://schema.org",
    "@graph": [
      {"@type": "WebSite", "name": "The Courier"},
      {"@type": "NewsArticle", "@id": "#a", "headline": "Mill reopens",
       "author": {"@id": "#p"}, "datePublished": "2024-04-24T09:30:00Z",
       "keywords": ["mill", "river"], "isAccessibleForFree": "False",
       "articleSection": ["News", "Local"],
       "image": {"@type": "ImageObject", "url": "/m.jpg", "width": "800"},
       "publisher": {"@type": "Organization", "name": "The Courier"}},
      {"@type": "Person", "@id": "#p", "name": "Ada Mill", "url": "/ada"}
    ]})"},
                                           kUrl);
  EXPECT_TRUE(article.found);
  EXPECT_EQ(article.headline, "Mill reopens");
  ASSERT_EQ(article.authors.size(), 1u);
  EXPECT_EQ(article.authors[0].name, "Ada Mill");
  EXPECT_EQ(article.authors[0].url, "/ada");
  EXPECT_EQ(article.date_published, "2024-04-24T09:30:00Z");
  EXPECT_THAT(article.keywords, ElementsAre("mill", "river"));
  EXPECT_THAT(article.sections, ElementsAre("News", "Local"));
  EXPECT_EQ(article.is_accessible_for_free, false);
  EXPECT_EQ(article.publisher.name, "The Courier");
  ASSERT_EQ(article.images.size(), 1u);
  EXPECT_EQ(article.images[0].width, 800);
}

TEST(JsonLd, PrefersTheArticleAboutThePage) {
  const JsonLdArticle article =
      ReadJsonLd({R"([{"@type": "NewsArticle", "headline": "Other",
            "url": "https://a.example/other"},
           {"@type": "NewsArticle", "headline": "Mill reopens",
            "mainEntityOfPage": {"@id": "https://www.a.example/mill/"}}])"},
                 kUrl);
  EXPECT_EQ(article.headline, "Mill reopens");
}

TEST(JsonLd, LeavesListedArticlesAlone) {
  const JsonLdArticle article =
      ReadJsonLd({R"({"@type": "ItemList", "itemListElement": [
            {"@type": "NewsArticle", "headline": "Teaser"}]})"},
                 kUrl);
  EXPECT_FALSE(article.found);
  EXPECT_EQ(article.headline, "");
}

TEST(JsonLd, FillsWhatIsOpenFromThePageNode) {
  const JsonLdArticle article =
      ReadJsonLd({R"({"@type": "WebPage", "inLanguage": "en-GB",
           "mainEntity": {"@type": "Article", "headline": "Mill reopens"}})"},
                 kUrl);
  EXPECT_EQ(article.headline, "Mill reopens");
  EXPECT_EQ(article.in_language, "en-GB");
}

TEST(JsonLd, ReadsAuthorsInEveryShape) {
  const JsonLdArticle article = ReadJsonLd({R"({"@type": "Article", "author": [
            "Ada Mill", {"name": ["Ben Weir", "Cy Lock"]},
            {"@type": "Person", "givenName": "Di", "familyName": "Sluice"}]})"},
                                           kUrl);
  std::vector<std::string> names;
  for (const JsonLdAgent& agent : article.authors) names.push_back(agent.name);
  EXPECT_THAT(names,
              ElementsAre("Ada Mill", "Ben Weir", "Cy Lock", "Di Sluice"));
}

TEST(JsonLd, ReadsLiveUpdates) {
  const JsonLdArticle article =
      ReadJsonLd({R"({"@type": "LiveBlogPosting", "headline": "Flood",
           "liveBlogUpdate": [{"@type": "BlogPosting", "headline": "Gate shut",
             "datePublished": "2024-04-24T09:30Z", "articleBody": "It held."}]})"},
                 kUrl);
  EXPECT_EQ(article.headline, "Flood");
  ASSERT_EQ(article.live_updates.size(), 1u);
  EXPECT_EQ(article.live_updates[0].headline, "Gate shut");
  EXPECT_EQ(article.live_updates[0].article_body, "It held.");
}

TEST(JsonLd, ReadsWhatPeopleWriteForJson) {
  for (const char* script :
       {"<![CDATA[ {\"@type\": \"Article\", \"headline\": \"Mill\"} ]]>",
        "<!-- {\"@type\": \"Article\", \"headline\": \"Mill\"} -->",
        "/* x */ {\"@type\": \"Article\", // y\n \"headline\": \"Mill\",}",
        "{\"@type\": \"Article\", \"headline\": \"Mill\"",
        "{\"@type\": \"Article\", \"headline\": \"Mill\"}}",
        "[{\"@type\": \"Thing\"}][{\"@type\": \"Article\", "
        "\"headline\": \"Mill\"}]",
        "{\"@type\": \"Article\", \"description\": \"a\nb\", "
        "\"headline\": \"Mill\"};",
        "{\"@type\": \"Article\", \"description\": \"the \"old\" mill\", "
        "\"headline\": \"Mill\"}",
        "{\"@type\": \"Article\", \"author\": , \"headline\": \"Mill\"}"}) {
    const JsonLdArticle article = ReadJsonLd({script}, kUrl);
    EXPECT_EQ(article.headline, "Mill") << script;
  }
}

TEST(JsonLd, GivesNothingForWhatIsNoJson) {
  for (const char* script : {"", "}", "[[[[", "\"", "{\"a\":", "null", "\\"}) {
    EXPECT_FALSE(ReadJsonLd({script}, kUrl).found) << script;
  }
}

TEST(JsonLd, IsBoundedInDepth) {
  std::string deep(100000, '[');
  EXPECT_FALSE(ReadJsonLd({deep}, kUrl).found);
  std::string objects;
  for (int i = 0; i < 5000; ++i) objects += "{\"a\":";
  EXPECT_FALSE(ReadJsonLd({objects}, kUrl).found);
}

TEST(JsonLd, MendsInLinearTime) {
  const size_t half = 500000;
  for (const std::string& script :
       {std::string(half, '[') + std::string(half, '}'),
        "{" + std::string(half, ' ') + std::string(half, ','),
        "{\"a\":" + std::string(2 * half, '"'),
        "[" + std::string(half, '/') + std::string(half, '*')}) {
    EXPECT_FALSE(ReadJsonLd({script}, kUrl).found);
  }
  std::string tags;
  for (size_t i = 0; i < half; ++i) tags += "<a";
  EXPECT_EQ(PlainText(tags), tags);
}

TEST(PlainText, ResolvesReferencesAndDropsTags) {
  EXPECT_EQ(PlainText("Mill &amp; weir: <b>open</b>&#8211;again"),
            "Mill & weir: open–again");
  EXPECT_EQ(PlainText("M&uuml;hle &amp;quot;auf&amp;quot;"), "Mühle \"auf\"");
  EXPECT_EQ(PlainText("<p>One</p><p>two</p>"), "One two");
  EXPECT_EQ(PlainText("1 < 2 & 3 > 2; &unknown;"), "1 < 2 & 3 > 2; &unknown;");
}

}  // namespace
}  // namespace dateline

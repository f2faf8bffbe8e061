#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "parser/core/article_text.h"
#include "tests/parser/pages.h"

namespace dateline {
namespace {

using ::testing::Contains;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::SizeIs;

std::string Article(absl::string_view inner) {
  return Html(
      absl::StrCat("<article><h1>The mill reopens</h1>", inner, "</article>"));
}

TEST(BodyTest, KeepsHeadingsListsAndQuotesTyped) {
  const v1::Article article = ArticleOf(Article(absl::StrCat(
      Paragraphs(2), "<h3>What it costs</h3>", Paragraphs(1),
      "<ol><li>Wheel and shaft, mended by hand.</li><li>A roof of slate from "
      "the valley.</li></ol><blockquote><p>We waited long, and the river "
      "waited "
      "with us, said the oldest of them.</p></blockquote>",
      Paragraphs(5))));
  EXPECT_THAT(Lines(article), Contains("heading 3: What it costs"));
  EXPECT_THAT(Lines(article),
              Contains("list_item: A roof of slate from the valley."));
  EXPECT_THAT(Lines(article),
              Contains("quote: We waited long, and the river waited with us, "
                       "said the oldest of them."));
  for (const v1::Block& block : article.body()) {
    if (!block.has_list_item()) continue;
    EXPECT_EQ(block.list_item().level(), 1);
    EXPECT_GE(block.list_item().ordinal(), 1);
  }
}

TEST(BodyTest, ReadsDataTableRowByRow) {
  const v1::Article article = ArticleOf(Article(absl::StrCat(
      Paragraphs(3),
      "<table><caption>Flour sold</caption><tr><th>Year</th><th>Sacks</th></tr>"
      "<tr><td>2019</td><td>410</td></tr><tr><td>2020</td><td>95</td></tr>"
      "</table>",
      Paragraphs(5))));
  EXPECT_THAT(Lines(article), Contains("table: Flour sold\nYear\tSacks\n2019\t"
                                       "410\n2020\t95"));
}

TEST(BodyTest, GivesPicturesTheirCaptionAndNotToTheText) {
  const v1::Article article = ArticleOf(Article(absl::StrCat(
      Paragraphs(2),
      "<figure><img src=\"/mill.jpg\" srcset=\"/mill-400.jpg 400w, "
      "/mill-1600.jpg 1600w\" alt=\"A mill\"><figcaption>The mill on "
      "Friday.</figcaption></figure>",
      Paragraphs(4))));
  EXPECT_THAT(Lines(article),
              Contains("image: https://news.example/mill-1600.jpg"));
  ASSERT_THAT(article.images(), SizeIs(1));
  EXPECT_EQ(article.images(0).caption(), "The mill on Friday.");
  EXPECT_EQ(article.images(0).alternative_text(), "A mill");
  EXPECT_THAT(BodyText(article.body()), Not(HasSubstr("on Friday.\n")));
}

TEST(BodyTest, NamesLinksAndTheirBlock) {
  const v1::Article article = ArticleOf(Article(
      absl::StrCat(Paragraphs(2),
                   "<p>The plans, <a href=\"/plans?x=1#top\">drawn in "
                   "winter</a>, were shown "
                   "to everybody who asked for them at the town hall.</p>")));
  ASSERT_THAT(article.links(), SizeIs(1));
  EXPECT_EQ(article.links(0).url(), "https://news.example/plans?x=1");
  EXPECT_EQ(article.links(0).text(), "drawn in winter");
  EXPECT_EQ(article.links(0).block_index(), 2);
}

TEST(BodyTest, DropsTeaserBetweenParagraphs) {
  const v1::Article article = ArticleOf(Article(absl::StrCat(
      Paragraphs(2),
      "<div class=\"inline-teaser\"><h3><a href=\"/other\">Fire at the old "
      "brewery</a></h3><p>Nobody was hurt, but the beer is gone.</p></div>"
      "<p><strong>Read also:</strong> <a href=\"/x\">How bread is made in the "
      "valley</a></p>",
      Paragraphs(5))));
  EXPECT_THAT(BodyText(article.body()), Not(HasSubstr("brewery")));
  EXPECT_THAT(BodyText(article.body()), Not(HasSubstr("valley")));
}

TEST(BodyTest, DropsEverythingBehindTheText) {
  const v1::Article article = ArticleOf(Article(absl::StrCat(
      Paragraphs(5),
      "<p>Subscribe to our newsletter and get the news of the valley.</p>"
      "<h3>Related articles</h3><ul><li><a href=\"/1\">Bread for "
      "all</a></li><li><a href=\"/2\">The long winter</a></li></ul>"
      "<div id=\"comments\"><p>First! I have always said that this mill would "
      "turn again one day, and I was right about it.</p></div>")));
  EXPECT_THAT(Lines(article), SizeIs(5));
}

TEST(BodyTest, SetsTheDeckBesideTheTitleApart) {
  const v1::Article article = ArticleOf(Html(absl::StrCat(
      "<article><header><h1>The mill reopens</h1><p class=\"standfirst\">After "
      "two years of repairs flour is ground again.</p><div class=\"byline\">By "
      "Ann Miller</div></header><div class=\"article-body\">",
      Paragraphs(4), "</div></article>")));
  EXPECT_EQ(article.alternative_headline(),
            "After two years of repairs flour is ground again.");
  // It isn't given twice.
  EXPECT_THAT(Lines(article), SizeIs(4));
}

TEST(BodyTest, JoinsTextThatIsSplitOverContainers) {
  const v1::Article article = ArticleOf(Html(absl::StrCat(
      "<main><h1>The mill reopens</h1><div class=\"article-body\">",
      Paragraphs(3), "</div><div class=\"ad\">Advertisement</div>",
      "<div class=\"article-body\"><p>In the second half of the evening the "
      "mayor spoke, at length, about bridges, and nobody dared to "
      "leave.</p><p>He was thanked with a loaf of bread, still warm, which he "
      "ate on the way home.</p></div></main>")));
  EXPECT_THAT(Lines(article), SizeIs(5));
}

TEST(BodyTest, JoinsSectionsOfOnePage) {
  const v1::Article article = ArticleOf(Html(absl::StrCat(
      "<main><h1>The mill reopens</h1><section class=\"intro\">", Paragraphs(3),
      "</section><section class=\"visit\"><h2>How to get there</h2><p>From "
      "the station it is ten minutes along the river, past the weir, to the "
      "bridge, and then up the stairs.</p></section></main>")));
  EXPECT_THAT(Lines(article), Contains("heading 2: How to get there"));
  EXPECT_THAT(Lines(article), SizeIs(5));
}

TEST(BodyTest, DropsCommentsThatOutweighTheText) {
  std::string comments;
  for (int i = 0; i < 20; ++i) {
    absl::StrAppend(&comments, "<li class=\"post-text\">I was there, on day ",
                    i,
                    ", and I can say that the flour, though dear, is good, "
                    "and that the miller is a friend of mine.</li>");
  }
  const v1::Article article = ArticleOf(Html(absl::StrCat(
      "<div><h1>The mill reopens</h1><div class=\"post\">", Paragraphs(5),
      "</div><div class=\"comment-box post-box\"><ul>", comments,
      "</ul></div></div>")));
  EXPECT_THAT(Lines(article), SizeIs(5));
}

TEST(BodyTest, GivesTheLittleThatAShortPageSays) {
  const v1::Article article = ArticleOf(
      Html("<h1>The mill reopens</h1><article><h2>Open daily</h2><p>Flour, "
           "rye</p></article>"));
  EXPECT_THAT(Lines(article), Contains("paragraph: Flour, rye"));
}

TEST(BodyTest, TakesNoRefusalForAnArticle) {
  const auto code = [](absl::string_view body) {
    return ExtractArticle(
               PageOf("https://news.example/", "text/html", Html(body)), {})
        .status()
        .code();
  };
  EXPECT_EQ(code("<div>Just a moment</div><div>Checking your browser</div>"),
            absl::StatusCode::kNotFound);
  std::string links;
  for (int i = 0; i < 30; ++i) {
    absl::StrAppend(&links, "<li><a href=\"/n/", i, "\">News from day ", i,
                    "</a></li>");
  }
  EXPECT_EQ(code(absl::StrCat("<ul>", links, "</ul><div>All news here</div>")),
            absl::StatusCode::kNotFound);
}

TEST(BodyTest, DropsRowsOfTeasersBesideTheText) {
  std::string teasers;
  for (int i = 0; i < 12; ++i) {
    absl::StrAppend(
        &teasers, "<li class=\"item\"><h3><a href=\"/n/", i, "\">News number ",
        i,
        " from the valley</a></h3><p>Somebody said "
        "something about it, at some length, and then said it again on day ",
        i, ".</p></li>");
  }
  const v1::Article article = ArticleOf(
      Html(absl::StrCat("<div><div><h1>The mill reopens</h1>", Paragraphs(5),
                        "</div><ul>", teasers, "</ul></div>")));
  EXPECT_THAT(Lines(article), SizeIs(5));
}

TEST(BodyTest, ReadsParagraphsDividedByLineBreaks) {
  const v1::Article article = ArticleOf(Html(
      "<div class=\"text\">The ferry left late, with the mayor on board, and "
      "nobody knew why.<br><br>It came back early, without him, and again "
      "nobody asked.<br>Such is the town.</div>"));
  EXPECT_THAT(Lines(article),
              ::testing::ElementsAre(
                  "paragraph: The ferry left late, with the mayor on board, "
                  "and nobody knew why.",
                  "paragraph: It came back early, without him, and again "
                  "nobody asked.\nSuch is the town."));
}

TEST(BodyTest, GivesEachTextOnceOnly) {
  const v1::Article article = ArticleOf(Article(absl::StrCat(
      "<div>", Paragraphs(8),
      "</div><aside class=\"pullquote\"><p>the miller, "
      "who had not spoken all day, asked for one more waltz</p></aside>",
      "<div class=\"mobile\">", Paragraphs(8), "</div>")));
  int waltzes = 0;
  const std::string text = BodyText(article.body());
  for (size_t at = text.find("played until"); at != std::string::npos;
       at = text.find("played until", at + 1)) {
    ++waltzes;
  }
  EXPECT_EQ(waltzes, 1);
}

TEST(BodyTest, ShowsPostsAsEmbeds) {
  const v1::Article article = ArticleOf(Article(absl::StrCat(
      Paragraphs(3),
      "<blockquote class=\"twitter-tweet\"><p>The wheel turns!</p>&mdash; Mill "
      "(@mill) <a href=\"https://twitter.com/mill/status/1\">May "
      "1</a></blockquote>",
      Paragraphs(5))));
  EXPECT_THAT(Lines(article),
              Contains("embed: https://twitter.com/mill/status/1"));
}

TEST(BodyTest, ReadsLiveBlogsEntriesApart) {
  const v1::Article article = ArticleOf(Html(absl::StrCat(
      R"(<script type="application/ld+json">{"@type":"LiveBlogPosting",
      "headline":"The mill reopens","liveBlogUpdate":[{"@type":"BlogPosting",
      "headline":"Wheel turns","datePublished":"2024-05-01T10:00:00Z",
      "articleBody":"At ten the wheel began to turn, slowly, and then it did not stop again."}]}
      </script>)",
      "<article><h1>The mill reopens</h1>", Paragraphs(3),
      "<div><h2>Wheel turns</h2><p>At ten the wheel began to turn, slowly, and "
      "then it did not stop again.</p></div></article>")));
  ASSERT_THAT(article.live_updates(), SizeIs(1));
  EXPECT_EQ(article.live_updates(0).headline(), "Wheel turns");
  EXPECT_EQ(article.live_updates(0).time().time().seconds(), 1714557600);
  EXPECT_THAT(BodyText(article.body()), Not(HasSubstr("At ten")));
}

TEST(BodyTest, DropsHiddenParts) {
  const v1::Article article = ArticleOf(Article(
      absl::StrCat(Paragraphs(3),
                   "<p hidden>Nobody should see this sentence on the page at "
                   "all.</p><div style=\"display: none\"><p>Nor this one, "
                   "which is hidden by "
                   "its style.</p></div>",
                   Paragraphs(5))));
  EXPECT_THAT(BodyText(article.body()), Not(HasSubstr("Nobody should")));
  EXPECT_THAT(BodyText(article.body()), Not(HasSubstr("Nor this")));
}

}  // namespace
}  // namespace dateline

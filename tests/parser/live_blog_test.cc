// Live blogs that have no JSON-LD, and what only looks like one.
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "parser/core/article_text.h"
#include "parser/core/extract.h"
#include "parser/core/live_updates.h"
#include "tests/parser/pages.h"

namespace dateline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

constexpr char kPage[] = "https://news.example/story";

std::string Page(absl::string_view title, absl::string_view body,
                 absl::string_view head = "") {
  return absl::StrCat(
      "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><title>", title,
      "</title>", head, "</head><body><h1>", title, "</h1>", body,
      "</body></html>");
}

v1::Article ArticleAt(absl::string_view url, absl::string_view html) {
  const absl::StatusOr<Extraction> extraction =
      ExtractArticle(PageOf(url, "text/html", html), {});
  EXPECT_TRUE(extraction.ok()) << extraction.status();
  return extraction.ok() ? extraction->article : v1::Article();
}

std::vector<std::string> UpdateLines(const v1::LiveUpdate& update) {
  v1::Article article;
  *article.mutable_body() = update.body();
  return Lines(article);
}

std::vector<std::string> Headlines(const v1::Article& article) {
  std::vector<std::string> headlines;
  for (const v1::LiveUpdate& update : article.live_updates()) {
    headlines.push_back(update.headline());
  }
  return headlines;
}

// Everything a reader is given, for looking for what stands twice.
std::string AllText(const v1::Article& article) {
  std::string text = BodyText(article.body());
  for (const v1::LiveUpdate& update : article.live_updates()) {
    absl::StrAppend(&text, "\n", update.headline(), "\n",
                    BodyText(update.body()));
  }
  return text;
}

int Count(absl::string_view text, absl::string_view part) {
  int count = 0;
  for (size_t at = text.find(part); at != absl::string_view::npos;
       at = text.find(part, at + part.size())) {
    ++count;
  }
  return count;
}

TEST(LiveBlogTest, ReadsEntriesNamedByTheirClass) {
  const v1::Article article = ArticleOf(Page(
      "Storm reaches the coast",
      R"(<div class="chapter"><p>A storm is moving up the coast tonight, and the
      harbour towns have closed their sea walls. We follow it hour by hour.</p>
      </div><div class="live-blog">
      <div class="live-blog__post live-post" id="p3">
        <time datetime="2026-03-14T21:40:00+01:00">21:40</time>
        <h2>Bridge closed to lorries</h2>
        <p class="byline">By Ada Merrow</p>
        <p>The long bridge over the sound is closed to lorries and caravans
        until the wind drops, the road office said.</p>
        <ul><li>Cars may cross at walking pace.</li>
        <li>Buses turn back at the toll house.</li></ul>
        <div class="share">Share this post</div></div>
      <div class="live-blog__post live-post" id="p2">
        <time datetime="2026-03-14T21:05:00+01:00">21:05</time>
        <h2>First ferry turns back</h2>
        <p>The evening ferry turned back half way, with two hundred people on
        board, and lies in the old harbour again.</p></div>
      <div class="live-blog__post live-post" id="p1">
        <time datetime="2026-03-14T20:30:00+01:00">20:30</time>
        <p>Shopkeepers in the lower town are filling sand into flour bags,
        which the bakery handed out for nothing.</p></div>
      </div><div class="footer"><p>All about the company that makes this site,
      and where to write to it if anything is wrong.</p></div>)"));
  ASSERT_THAT(article.live_updates(), SizeIs(3));
  const v1::LiveUpdate& first = article.live_updates(0);
  EXPECT_EQ(first.headline(), "Bridge closed to lorries");
  EXPECT_EQ(first.time().time().seconds(), 1773520800);
  EXPECT_TRUE(first.time().offset_known());
  EXPECT_EQ(first.url(), "https://news.example/story#p3");
  ASSERT_THAT(first.authors(), SizeIs(1));
  EXPECT_EQ(first.authors(0).name(), "Ada Merrow");
  EXPECT_THAT(UpdateLines(first),
              ElementsAre(HasSubstr("paragraph: The long bridge"),
                          "list_item: Cars may cross at walking pace.",
                          "list_item: Buses turn back at the toll house."));
  EXPECT_EQ(article.live_updates(2).headline(), "");
  EXPECT_THAT(UpdateLines(article.live_updates(2)),
              ElementsAre(HasSubstr("paragraph: Shopkeepers")));
  EXPECT_EQ(article.article_type(), v1::ARTICLE_TYPE_LIVE_BLOG);
  EXPECT_THAT(Lines(article),
              ElementsAre(HasSubstr("paragraph: A storm is moving")));
}

TEST(LiveBlogTest, GivesNoTextTwice) {
  const v1::Article article = ArticleOf(Page(
      "Storm reaches the coast",
      R"(<p>We follow the storm through the night, from the first gust to the
      last, with word from every harbour.</p>
      <ol class="liveblog">
      <li class="entry"><time datetime="2026-03-14T21:40:00Z">21:40</time>
        <p>The pier lamp has gone out, says the harbour master.</p></li>
      <li class="entry"><time datetime="2026-03-14T21:05:00Z">21:05</time>
        <p>Three boats have come in, and the fourth is in sight now.</p></li>
      <li class="entry"><time datetime="2026-03-14T20:05:00Z">20:05</time>
        <p>The school opens its hall for those who live by the water.</p></li>
      </ol>)"));
  ASSERT_THAT(article.live_updates(), SizeIs(3));
  const std::string text = AllText(article);
  for (const char* line : {"The pier lamp", "Three boats", "The school opens",
                           "We follow the storm"}) {
    EXPECT_EQ(Count(text, line), 1) << line << " in " << text;
  }
}

TEST(LiveBlogTest, ReadsMicrodata) {
  const v1::Article article = ArticleOf(
      Page("Count of the votes",
           R"(<div itemscope itemtype="https://schema.org/LiveBlogPosting">
      <div itemprop="liveBlogUpdate" itemscope
           itemtype="https://schema.org/BlogPosting">
        <meta itemprop="datePublished" content="2026-05-03T19:10:00Z">
        <h3 itemprop="headline">Half of the rooms are counted</h3>
        <span itemprop="author">Jon Tarrant</span>
        <div itemprop="articleBody"><p>In forty of eighty rooms the papers are
        counted, and the two lists lie level.</p></div></div>
      <div itemprop="liveBlogUpdate" itemscope
           itemtype="https://schema.org/BlogPosting">
        <meta itemprop="datePublished" content="2026-05-03T18:00:00Z">
        <h3 itemprop="headline">The doors close</h3>
        <div itemprop="articleBody"><p>At six the doors closed; those who stand
        in line may still vote, the clerk said.</p></div></div></div>)"));
  EXPECT_THAT(Headlines(article),
              ElementsAre("Half of the rooms are counted", "The doors close"));
  EXPECT_EQ(article.live_updates(0).time().time().seconds(), 1777835400);
  ASSERT_THAT(article.live_updates(0).authors(), SizeIs(1));
  EXPECT_EQ(article.live_updates(0).authors(0).name(), "Jon Tarrant");
  bool has_evidence = false;
  for (const v1::Evidence& evidence : article.evidence()) {
    has_evidence |= evidence.field() == "live_updates" &&
                    evidence.source() == v1::EVIDENCE_SOURCE_MICRODATA;
  }
  EXPECT_TRUE(has_evidence);
  EXPECT_THAT(article.body(), IsEmpty());
}

TEST(LiveBlogTest, DatesClockTimesByThePageAcrossMidnight) {
  const v1::Article article = ArticleOf(
      Page("+++ Hochwasser im Liveticker +++",
           R"(<p>Der Fluss steigt weiter, und die Stadt hat am Abend die unteren
      Straßen gesperrt. Hier steht, was in der Nacht geschieht.</p>
      <section class="ticker">
      <div class="ticker-eintrag"><h3>00.15 Uhr: Pegel erreicht fünf Meter</h3>
      <p>Am alten Wehr ist die Marke von fünf Metern erreicht, teilt die
      Feuerwehr mit.</p></div>
      <div class="ticker-eintrag"><h3>23.40 Uhr: Zug fährt nicht mehr</h3>
      <p>Die Bahn hat den letzten Zug ins Tal gestrichen; Busse fahren bis
      Mitternacht.</p></div>
      <div class="ticker-eintrag"><h3>22.05 Uhr: Turnhalle geöffnet</h3>
      <p>In der Turnhalle stehen hundert Betten bereit, dazu Tee und Suppe aus
      der Küche der Schule.</p></div></section>)",
           R"(<meta property="article:published_time"
      content="2023-01-09T20:00:00+01:00"><meta property="article:modified_time"
      content="2023-01-10T00:20:00+01:00">)"));
  EXPECT_THAT(Headlines(article),
              ElementsAre("Pegel erreicht fünf Meter", "Zug fährt nicht mehr",
                          "Turnhalle geöffnet"));
  EXPECT_EQ(article.live_updates(0).time().time().seconds(), 1673306100);
  EXPECT_EQ(article.live_updates(1).time().time().seconds(), 1673304000);
  EXPECT_EQ(article.live_updates(2).time().time().seconds(), 1673298300);
  EXPECT_EQ(article.live_updates(2).time().offset_minutes(), 60);
  EXPECT_EQ(article.article_type(), v1::ARTICLE_TYPE_LIVE_BLOG);
}

TEST(LiveBlogTest, ReadsTimesFromDataAttributes) {
  const v1::Article article = ArticleAt(
      "https://news.example/politica/votacion-minuto-a-minuto",
      Page("La votación del presupuesto",
           R"(<div class="bloque" data-timestamp="1777834800"><p><strong>Se abre
      la sesión</strong></p><p>La presidenta abre la sesión con media hora de
      retraso y pide silencio en la sala.</p></div>
      <div class="bloque" data-timestamp="1777838400"><p><strong>Primer
      receso</strong></p><p>Los grupos piden un receso para leer la enmienda que
      llegó esta misma tarde.</p></div>
      <div class="bloque" data-timestamp="1777842000"><p><strong>Se aprueba la
      ley</strong></p><p>La ley sale adelante por tres votos, y el público de
      la tribuna aplaude de pie.</p></div>)"));
  EXPECT_THAT(
      Headlines(article),
      ElementsAre("Se abre la sesión", "Primer receso", "Se aprueba la ley"));
  EXPECT_EQ(article.live_updates(1).time().time().seconds(), 1777838400);
}

TEST(LiveBlogTest, ReadsJapaneseEntriesNamedByTheHeadline) {
  const v1::Article article = ArticleOf(
      Page("【速報中】台風が海岸に接近",
           R"(<div class="item"><time datetime="2026-09-01T12:30:00+09:00">12:30
      </time><p>港の入り口が閉じられ、漁船はすべて岸につながれたと港の事務所が発表
      した。</p></div><div class="item"><time
      datetime="2026-09-01T11:10:00+09:00">11:10</time><p>市は低い土地に住む三百世帯
      に、学校へ移るよう呼びかけた。</p></div><div class="item"><time
      datetime="2026-09-01T10:00:00+09:00">10:00</time><p>島へ渡る船は、朝の便を最後
      に今日はもう出ないという。</p></div>)"));
  ASSERT_THAT(article.live_updates(), SizeIs(3));
  EXPECT_THAT(UpdateLines(article.live_updates(2)),
              ElementsAre(HasSubstr("島へ渡る船は")));
}

TEST(LiveBlogTest, TakesNoCommentsForEntries) {
  std::string comments;
  for (int i = 0; i < 6; ++i) {
    absl::StrAppend(
        &comments, "<div class=\"beitrag\"><span>Leser ", i,
        "</span><time datetime=\"2026-03-14T2", i % 4, ":0", i,
        ":00Z\">Uhr</time><p>Das sehe ich ganz anders als die Zeitung, und "
        "zwar "
        "aus Grund Nummer ",
        i, ", den hier noch niemand genannt hat.</p><p>Antworten</p></div>");
  }
  for (const char* name : {"comments", "forum"}) {
    const v1::Article article = ArticleOf(
        Page("Live: Die Mühle öffnet wieder",
             absl::StrCat("<article>", Paragraphs(3), "</article><div class=\"",
                          name, "\">", comments, "</div>")));
    EXPECT_THAT(article.live_updates(), IsEmpty()) << name;
    EXPECT_NE(article.article_type(), v1::ARTICLE_TYPE_LIVE_BLOG) << name;
  }
}

TEST(LiveBlogTest, TakesNoBlogsFrontPageForOne) {
  std::string posts;
  for (int i = 0; i < 5; ++i) {
    absl::StrAppend(
        &posts, "<article class=\"live-post\"><h2><a href=\"/2026/post-", i,
        "\">A day at the mill, part ", i, "</a></h2><time datetime=\"2026-03-1",
        i, "T10:00:00Z\">March</time><p>On day ", i,
        " the wheel turned from morning to night, and the flour lay white on "
        "every sill of the street.</p></article>");
  }
  const absl::StatusOr<Extraction> extraction = ExtractArticle(
      PageOf("https://news.example/live/", "text/html",
             Page("Live blog of the mill",
                  absl::StrCat("<div class=\"live-blog\">", posts, "</div>"))),
      {});
  if (extraction.ok()) {
    EXPECT_THAT(extraction->article.live_updates(), IsEmpty());
    EXPECT_NE(extraction->article.article_type(), v1::ARTICLE_TYPE_LIVE_BLOG);
  } else {
    EXPECT_EQ(extraction.status().code(), absl::StatusCode::kNotFound);
  }
}

TEST(LiveBlogTest, TakesNoTeasersBesideAnArticleForEntries) {
  std::string teasers;
  for (int i = 0; i < 8; ++i) {
    absl::StrAppend(&teasers,
                    "<li class=\"ticker-item\"><time "
                    "datetime=\"2026-03-14T1",
                    i, ":00:00Z\">1", i, ":00</time><a href=\"/news/", i,
                    "\">Something else happened in town number ", i,
                    "</a></li>");
  }
  const v1::Article article = ArticleOf(
      Page("The mill reopens",
           absl::StrCat("<ul class=\"news-ticker\">", teasers, "</ul><article>",
                        Paragraphs(5), "</article>")));
  EXPECT_THAT(article.live_updates(), IsEmpty());
  EXPECT_NE(article.article_type(), v1::ARTICLE_TYPE_LIVE_BLOG);
  EXPECT_THAT(Lines(article), SizeIs(5));
}

TEST(LiveBlogTest, TakesNoPostsForEntriesWhereNothingSaysLive) {
  std::string posts;
  for (int i = 0; i < 4; ++i) {
    absl::StrAppend(&posts, "<section class=\"part\"><time datetime=\"190", i,
                    "-01-01\">190", i, "</time><p>In year ", i,
                    " the mill ground the corn of the whole valley, and "
                    "nobody thought that it would ever stand still.</p>"
                    "</section>");
  }
  const v1::Article article =
      ArticleOf(Page("A mill through the years", posts));
  EXPECT_THAT(article.live_updates(), IsEmpty());
  EXPECT_THAT(Lines(article), SizeIs(4));
}

TEST(LiveBlogTest, KeepsTheFragmentOfAnEntrysAddress) {
  EXPECT_EQ(LiveUpdateUrl(kPage, "#u4"), "https://news.example/story#u4");
  EXPECT_EQ(LiveUpdateUrl(kPage, "/live/a?b=1#x y"),
            "https://news.example/live/a?b=1#x%20y");
  EXPECT_EQ(LiveUpdateUrl(kPage, "other#"), "https://news.example/other");
  EXPECT_EQ(LiveUpdateUrl(kPage, "javascript:void(0)"), "");
}

TEST(LiveBlogTest, TakesEntriesWithoutTextForNone) {
  constexpr char kText[] =
      "<p>The ferry to the outer islands runs again from Monday, the harbour "
      "board decided on Thursday after a debate until midnight.</p><p>It had "
      "lain at the quay for seven weeks, because a new engine came without the "
      "papers that the inspectors wanted to see before any voyage, and nobody "
      "in the whole town knew where else to look for them.</p><p>Islanders "
      "had brought their bread and their letters over in fishing boats "
      "meanwhile, and two of them now mean to go on doing so for a fee, which "
      "the board will set in spring, when the ice is gone and the "
      "first guests come over to the islands again.</p>";
  std::string menu;
  for (int i = 0; i < 3000; ++i) {
    absl::StrAppend(&menu, "<div class=menu><a href=/", i,
                    ">Harbour</a></div>");
  }
  std::string posts;
  for (int i = 0; i < 3; ++i) {
    absl::StrAppend(&posts,
                    "<div class=live-post><div class=share><time "
                    "datetime=2026-03-14T1",
                    i, ":00:00Z>1", i,
                    ":00</time><p>Share what happened at the quay at ", i,
                    " with your friends.</p></div></div>");
  }
  const v1::Article article = ArticleOf(
      Page("Island ferry runs again",
           absl::StrCat(menu, "<div class=live-blog>", posts, "</div>",
                        "<script type=application/json>{\"title\":\"Island "
                        "ferry runs again\",\"body\":\"",
                        kText, "\"}</script>")));
  EXPECT_THAT(article.live_updates(), IsEmpty());
  EXPECT_NE(article.article_type(), v1::ARTICLE_TYPE_LIVE_BLOG);
  EXPECT_THAT(Lines(article), ElementsAre(HasSubstr("runs again from Monday"),
                                          HasSubstr("It had lain"),
                                          HasSubstr("Islanders had")));
  for (const v1::Evidence& evidence : article.evidence()) {
    EXPECT_NE(evidence.field(), "live_updates");
  }
}

std::string LongLiveBlog(int entries) {
  std::string posts;
  for (int i = 0; i < entries; ++i) {
    absl::StrAppend(&posts,
                    "<div class=live-post><div><div><div><time "
                    "datetime=2026-03-14T",
                    absl::Dec(i / 60 % 24, absl::kZeroPad2), ":",
                    absl::Dec(i % 60, absl::kZeroPad2),
                    ":00Z>Then</time><p>Boat number ", i,
                    " came in from the outer islands with bread and letters."
                    "</p></div></div></div></div>");
  }
  return Page("Storm", absl::StrCat("<div class=live-blog>", posts, "</div>"));
}

bool IsWarned(const v1::Article& article, absl::string_view code) {
  for (const v1::Warning& warning : article.warnings()) {
    if (warning.code() == code) return true;
  }
  return false;
}

TEST(LiveBlogTest, KeepsEveryEntryOfALongLiveBlog) {
  const v1::Article article = ArticleOf(LongLiveBlog(900));
  EXPECT_THAT(article.live_updates(), SizeIs(900));
  EXPECT_FALSE(IsWarned(article, "live_updates_cut_off"));
}

TEST(LiveBlogTest, WarnsOfEntriesBeyondTheMost) {
  const v1::Article article = ArticleOf(LongLiveBlog(1200));
  EXPECT_THAT(article.live_updates(), SizeIs(1000));
  EXPECT_TRUE(IsWarned(article, "live_updates_cut_off"));
  std::string updates;
  for (int i = 0; i < 1200; ++i) {
    absl::StrAppend(&updates, i == 0 ? "" : ",",
                    "{\"@type\":\"BlogPosting\",\"headline\":\"Boat ", i,
                    "\",\"articleBody\":\"It came in.\"}");
  }
  const v1::Article in_data =
      ArticleOf(Page("Storm", Paragraphs(2),
                     absl::StrCat("<script type=application/ld+json>{\"@type\":"
                                  "\"LiveBlogPosting\",\"headline\":\"Storm\","
                                  "\"liveBlogUpdate\":[",
                                  updates, "]}</script>")));
  EXPECT_THAT(in_data.live_updates(), SizeIs(1000));
  EXPECT_TRUE(IsWarned(in_data, "live_updates_cut_off"));
}

TEST(LiveBlogTest, ExplainsLinesOfEntriesAsTheArticleHasThem) {
  ExtractOptions options;
  options.explain = true;
  const absl::StatusOr<Extraction> extraction =
      ExtractArticle(PageOf(kPage, "text/html",
                            Page("Storm reaches the coast",
                                 R"(<div class="live-blog">
      <div class="live-post"><time datetime="2026-03-14T21:40:00Z">21:40</time>
      <h2>Bridge closed to lorries</h2><p class="byline">By Ada Merrow</p>
      <p>The long bridge over the sound is closed to lorries and caravans until
      the wind drops, the road office said.</p>
      <div class="share">Share this post</div></div>
      <div class="live-post"><time datetime="2026-03-14T21:05:00Z">21:05</time>
      <p>The evening ferry turned back half way, with two hundred people on
      board, and lies in the old harbour again.</p></div></div>)")),
                     options);
  ASSERT_TRUE(extraction.ok()) << extraction.status();
  ASSERT_THAT(extraction->article.live_updates(), SizeIs(2));
  std::vector<std::string> seen;
  for (const v1::BlockExplanation& block : extraction->explanation.blocks()) {
    EXPECT_EQ(block.block_index(), -1);
    seen.push_back(absl::StrCat(block.kept() ? "kept " : "dropped ",
                                block.rule(), ": ",
                                block.text().substr(0, 12)));
  }
  EXPECT_THAT(seen, ElementsAre(HasSubstr("Storm reache"),
                                "dropped live_update_time: 21:40",
                                "kept live_update: Bridge close",
                                "dropped live_update_byline: By Ada Merro",
                                "kept live_update: The long bri",
                                "dropped live_update_furniture: Share this p",
                                "dropped live_update_time: 21:05",
                                "kept live_update: The evening "));
}

TEST(LiveBlogTest, TakesClockTimesOutOfHeadings) {
  std::string posts;
  for (const char* heading :
       {"10.32 Uhr: The gate is shut", "10:20 pm – The bridge is up",
        "9h15 | The road is wet", "1000 people wait", "08:05"}) {
    absl::StrAppend(&posts,
                    "<div class=live-post><time "
                    "datetime=2026-03-14T1",
                    posts.size() % 10, ":00:00Z></time><h3>", heading,
                    "</h3><p>So said the harbour master to those who stood "
                    "on the quay.</p></div>");
  }
  EXPECT_THAT(
      Headlines(ArticleOf(Page(
          "Storm", absl::StrCat("<div class=live-blog>", posts, "</div>")))),
      ElementsAre("The gate is shut", "The bridge is up", "The road is wet",
                  "1000 people wait", ""));
}

}  // namespace
}  // namespace dateline

#include "parser/core/metadata.h"

#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"

namespace dateline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

v1::RawPage PageAt(absl::string_view url) {
  v1::RawPage page;
  page.set_url(std::string(url));
  page.set_requested_url(std::string(url));
  page.mutable_fetch_time()->set_seconds(1735689600);  // 2025-01-01
  return page;
}

v1::Article Read(absl::string_view html, const v1::RawPage& page,
                 bool explain = false) {
  const std::string bytes(html);
  const auto document = Document::Parse(bytes, "utf-8", page.url());
  v1::Article article;
  ReadMetadata(*document, page, explain, article);
  return article;
}

v1::Article Read(absl::string_view html) {
  return Read(html, PageAt("https://www.courier.example/news/mill"));
}

std::vector<std::string> Names(const v1::Article& article) {
  std::vector<std::string> names;
  for (const v1::Author& author : article.authors()) {
    names.push_back(author.name());
  }
  return names;
}

std::vector<std::string> Keywords(const v1::Article& article) {
  return {article.keywords().begin(), article.keywords().end()};
}

const v1::Evidence* Chosen(const v1::Article& article,
                           absl::string_view field) {
  for (const v1::Evidence& entry : article.evidence()) {
    if (entry.field() == field && entry.chosen()) return &entry;
  }
  return nullptr;
}

TEST(Headline, LosesTheSitesName) {
  EXPECT_EQ(Read("<title>Mill reopens | The Courier</title>"
                 "<meta property=og:site_name content='The Courier'>")
                .headline(),
            "Mill reopens");
  EXPECT_EQ(Read("<title>The Courier: Mill reopens - courier.example</title>"
                 "<h1>Mill reopens</h1>")
                .headline(),
            "Mill reopens");
}

TEST(Headline, KeepsASeparatorOfItsOwn) {
  EXPECT_EQ(Read("<title>Mill - a new start - The Courier</title>"
                 "<meta property=og:site_name content='The Courier'>")
                .headline(),
            "Mill - a new start");
}

TEST(Headline, IsTheHeadingThatOtherTitlesSpeakOf) {
  EXPECT_EQ(Read("<title>Mill reopens after flood</title>"
                 "<h1>The Courier</h1><h1>Mill reopens after flood</h1>"
                 "<h1>Subscribe</h1>")
                .headline(),
            "Mill reopens after flood");
}

TEST(Headline, ComesWithoutKickerWhereOthersLackIt) {
  EXPECT_EQ(Read("<meta property=og:title content='Mill reopens'>"
                 "<h1><span class=kicker>Local</span> Mill reopens</h1>")
                .headline(),
            "Mill reopens");
}

TEST(Headline, IsJsonLdsAndTheTitleElementsWhereSharingTitlesDiffer) {
  EXPECT_EQ(
      Read("<title>Mill on the river reopens after two years</title>"
           "<meta property=og:title content='A mill is back'>"
           "<meta name=twitter:title content='A mill is back'>"
           "<script type='application/ld+json'>{\"@type\":\"NewsArticle\","
           "\"headline\":\"Mill on the river reopens after two years\"}"
           "</script><h1>Mill reopens</h1>")
          .headline(),
      "Mill on the river reopens after two years");
}

TEST(Headline, IsTheFeedsWhereThePageIsSilent) {
  v1::RawPage page = PageAt("https://a.example/1");
  page.mutable_hints()->set_title("Mill reopens");
  const v1::Article article = Read("<p>Text</p>", page);
  EXPECT_EQ(article.headline(), "Mill reopens");
  EXPECT_EQ(Chosen(article, "headline")->source(), v1::EVIDENCE_SOURCE_FEED);
}

TEST(Authors, ArePeopleRatherThanTheSite) {
  const v1::Article article = Read(
      R"(<script type="application/ld+json">{"@type": "NewsArticle",
           "headline": "Mill", "author": {"@type": "Organization",
           "name": "The Courier"}}</script>
         <h1>Mill</h1><p class="byline">By Ada Mill and Ben Weir</p>)");
  EXPECT_THAT(Names(article), ElementsAre("Ada Mill", "Ben Weir"));
  EXPECT_EQ(article.authors(0).kind(), v1::AUTHOR_KIND_PERSON);
  EXPECT_EQ(Chosen(article, "authors")->source(), v1::EVIDENCE_SOURCE_MARKUP);
}

TEST(Authors, AreReadFromALineNearTheHeadline) {
  EXPECT_THAT(Names(Read("<h1>Mill</h1><div>Von Ada Müller</div><p>Text</p>")),
              ElementsAre("Ada Müller"));
}

TEST(Authors, AreNotThoseOfComments) {
  EXPECT_THAT(Names(Read("<h1>Mill</h1><div class=comments>"
                         "<span class=author>Cy Lock</span></div>")),
              IsEmpty());
}

TEST(Authors, CarryTheirPage) {
  const v1::Article article =
      Read("<h1>Mill</h1><a rel=author href=/by/ada>Ada Mill</a>");
  ASSERT_EQ(article.authors_size(), 1);
  EXPECT_EQ(article.authors(0).url(), "https://www.courier.example/by/ada");
}

TEST(Times, TellPublishedFromModified) {
  const v1::Article article = Read(
      "<meta property=article:published_time "
      "content=2024-04-24T09:30:00+02:00>"
      "<meta property=article:modified_time "
      "content=2024-04-25T10:00:00Z>");
  EXPECT_EQ(article.publish_time().time().seconds(), 1713943800);
  EXPECT_EQ(article.publish_time().offset_minutes(), 120);
  EXPECT_TRUE(article.publish_time().offset_known());
  EXPECT_EQ(article.modified_time().time().seconds(), 1714039200);
}

TEST(Times, TakeTheClockOfTheSameDay) {
  const v1::Article article = Read(
      "<meta name=date content=2024-04-24>"
      "<time datetime='2024-04-24T09:30'>24 April</time>");
  EXPECT_EQ(article.publish_time().precision(), v1::TIME_PRECISION_MINUTE);
  EXPECT_EQ(article.publish_time().time().seconds(), 1713951000);
}

TEST(Times, LearnTheOffsetFromTheVisibleClock) {
  const v1::Article article = Read(
      "<meta property=article:published_time "
      "content=2024-04-25T02:25:54Z><h1>Mill</h1>"
      "<div class=date>April 24, 2024 | 9:25pm</div>");
  EXPECT_EQ(article.publish_time().time().seconds(), 1714011954);
  EXPECT_EQ(article.publish_time().offset_minutes(), -300);
}

TEST(Times, AreReadFromTextNearTheHeadline) {
  const v1::Article article =
      Read("<html lang=de><p>24.04.2024 | 9.30 Uhr</p><h1>Mühle</h1>");
  EXPECT_EQ(article.publish_time().time().seconds(), 1713951000);
  EXPECT_FALSE(article.publish_time().offset_known());
  EXPECT_EQ(Chosen(article, "publish_time")->source(),
            v1::EVIDENCE_SOURCE_TEXT);
}

TEST(Times, AreReadFromTheBeginningOfAParagraph) {
  const v1::Article article = Read(
      "<html lang=de><h1>Mühle</h1><p>24.04.2024 Die alte Mühle am Fluss hat "
      "nach zwei Jahren wieder geöffnet, und auf dem Platz wird Mehl verkauft, "
      "wie es vor hundert Jahren gemahlen wurde.</p>");
  EXPECT_EQ(article.publish_time().time().seconds(), 1713916800);
  EXPECT_EQ(article.publish_time().precision(), v1::TIME_PRECISION_DAY);
}

TEST(Times, PreferAPublishedDateToThatOfAChange) {
  const v1::Article article = Read(
      "<html lang=fr><h1>Le moulin</h1><p>Article mis à jour le 7 mai "
      "2024</p><p>24 avril 2024</p>");
  EXPECT_EQ(article.publish_time().time().seconds(), 1713916800);
  EXPECT_EQ(article.modified_time().time().seconds(), 1715040000);
}

TEST(Times, AreThoseOfAChangeRatherThanOfAnEvent) {
  const v1::Article article = Read(
      "<html lang=en><h1>Mill club</h1><p>The next of our meetings takes place "
      "in the old mill on May 7, 2024</p><footer>This page was last edited on "
      "24 April 2024</footer>");
  EXPECT_EQ(article.publish_time().time().seconds(), 1713916800);
}

TEST(Times, StandNearestToTheHeadline) {
  const v1::Article article = Read(
      "<html lang=en><p>24 April 2024</p><h1>Mill</h1><p>Flour.</p><p>Bread."
      "</p><p>Water.</p><p>Rye.</p><p>Salt.</p><p>1 March 2020</p>");
  EXPECT_EQ(article.publish_time().time().seconds(), 1713916800);
}

TEST(Times, TakeTheOrderOfDayAndMonthThatTheTextConfirms) {
  const v1::Article article = Read(
      "<html lang=de><meta name=date content='11/01/2023 12:43:42'>"
      "<h1>Mühle</h1><p>Erstellt am 01.11.2023</p>");
  EXPECT_EQ(article.publish_time().time().seconds(), 1698842622);
}

TEST(Times, AtMidnightOfTheSitesCountryAreOfTheDayThatBegins) {
  const v1::Article article = Read(
      "<meta property=article:published_time "
      "content=2022-11-06T23:00:00Z><h1>Mühle</h1>",
      PageAt("https://www.bote.de/muehle"));
  EXPECT_EQ(article.publish_time().time().seconds(), 1667775600);
  EXPECT_EQ(article.publish_time().offset_minutes(), 60);
}

TEST(Times, AreReadInTheMarginForWantOfOthers) {
  const v1::Article article = Read(
      "<meta name=date content=2024-05-07><h1>Mill</h1><aside>"
      "<time datetime=2024-04-24>24 April</time></aside>");
  EXPECT_EQ(article.publish_time().time().seconds(), 1713916800);
}

TEST(Times, AreNotThoseOfLinkedPages) {
  const v1::Article article = Read(
      "<html lang=en><h1>Mill</h1><p>24 April 2024</p><a class=publication "
      "href=/other>The bakers answer to the mayor, 1 March 2024</a>");
  EXPECT_EQ(article.publish_time().time().seconds(), 1713916800);
}

TEST(Times, AreFoundInScriptsAtLast) {
  v1::RawPage page = PageAt("https://www.courier.example/news/mill");
  page.set_body(
      "<h1>Mill</h1><script>window.state = "
      R"("{\"publishedAt\":\"2024-04-24T09:30:00+02:00\"}";</script>)");
  const v1::Article article = Read(page.body(), page);
  EXPECT_EQ(article.publish_time().time().seconds(), 1713943800);
  EXPECT_EQ(Chosen(article, "publish_time")->source(),
            v1::EVIDENCE_SOURCE_SCRIPT);
}

TEST(Times, AheadOfTheFetchAreNotBelieved) {
  EXPECT_FALSE(Read("<meta name=date content=2031-01-01>").has_publish_time());
}

TEST(Topics, AreTheCarefulSourcesWithoutTheSite) {
  EXPECT_THAT(
      Keywords(Read("<meta property=og:site_name content='The Courier'>"
                    "<meta name=news_keywords content='mill, The Courier, "
                    "river, Mill'>")),
      ElementsAre("mill", "river"));
}

TEST(Topics, LoseTheKeysOfContentSystems) {
  EXPECT_THAT(Keywords(Read("<meta name=keywords content='Subject: Rivers, "
                            "Page Type: Article, topic/mills'>")),
              ElementsAre("Rivers", "mills"));
}

TEST(Topics, AreTheTagLinksWhereNothingElseIs) {
  EXPECT_THAT(Keywords(Read("<h1>Mill</h1><div class=tags><a href=/t/1>Mills"
                            "</a> <a href=/t/2>#Rivers</a></div>")),
              ElementsAre("Mills", "Rivers"));
}

TEST(Access, FollowsIsAccessibleForFree) {
  EXPECT_EQ(Read(R"(<script type="application/ld+json">{"@type":
                 "NewsArticle", "isAccessibleForFree": false}</script>)")
                .access(),
            v1::ACCESS_PAYWALLED);
  EXPECT_EQ(
      Read("<meta property=article:content_tier content=metered>").access(),
      v1::ACCESS_METERED);
  EXPECT_EQ(Read("<p>Text</p>").access(), v1::ACCESS_UNSPECIFIED);
}

TEST(ArticleType, IsReadFromTypeSectionAndPath) {
  EXPECT_EQ(Read(R"(<script type="application/ld+json">{"@type":
                 "OpinionNewsArticle", "headline": "Mills"}</script>)")
                .article_type(),
            v1::ARTICLE_TYPE_OPINION);
  EXPECT_EQ(
      Read("<meta property=article:section content=Meinung>").article_type(),
      v1::ARTICLE_TYPE_OPINION);
  EXPECT_EQ(Read("<p>x</p>", PageAt("https://a.example/analysis/mill"))
                .article_type(),
            v1::ARTICLE_TYPE_ANALYSIS);
}

TEST(Rights, AreReadFromHeadersAndMeta) {
  v1::RawPage page = PageAt("https://a.example/1");
  v1::HttpHeader& robots = *page.add_headers();
  robots.set_name("X-Robots-Tag");
  robots.set_value("otherbot: noindex, noarchive");
  const v1::Article article = Read(
      "<meta name=tdm-reservation content=1>"
      "<meta name=tdm-policy content=/policy.json>",
      page);
  EXPECT_TRUE(article.rights().noarchive());
  EXPECT_TRUE(article.rights().ai_training_opt_out());
  EXPECT_EQ(article.rights().policy_url(), "https://a.example/policy.json");
}

TEST(Publisher, HasNameDomainAndCountry) {
  const v1::Article article =
      Read("<meta property=og:site_name content='The Courier'>",
           PageAt("https://news.courier.co.uk/mill"));
  EXPECT_EQ(article.publisher().name(), "The Courier");
  EXPECT_EQ(article.publisher().domain(), "courier.co.uk");
  EXPECT_EQ(article.publisher().country(), "GB");
}

TEST(CanonicalUrl, IsMadeAbsolute) {
  EXPECT_EQ(Read("<link rel=canonical href=/mill#top>").canonical_url(),
            "https://www.courier.example/mill");
}

TEST(Language, WeighsMarkupAgainstTheText) {
  const std::string german =
      "Die alte Mühle am Fluss mahlt seit Montag wieder Getreide, nachdem sie "
      "zwei Jahre lang stillgestanden hatte. Die Gemeinde hat das Wehr und das "
      "Rad erneuern lassen und dafür mehr ausgegeben, als geplant war.";
  v1::Article agreed = Read("<html lang=de-AT><p>x</p>");
  RefineLanguage(german, false, agreed);
  EXPECT_EQ(agreed.language().tag(), "de-AT");
  EXPECT_EQ(agreed.language().confidence(), 1);
  v1::Article wrong = Read("<html lang=en><p>x</p>");
  RefineLanguage(german, false, wrong);
  EXPECT_EQ(wrong.language().tag(), "de");
  EXPECT_EQ(Chosen(wrong, "language")->source(), v1::EVIDENCE_SOURCE_DETECTION);
}

TEST(Evidence, KeepsWhatLostOnlyWhenAsked) {
  const char* html =
      "<meta property=og:title content='Mill reopens'><h1>Mill opens</h1>";
  const v1::RawPage page = PageAt("https://a.example/1");
  const auto lost = [](const v1::Article& article) {
    int count = 0;
    for (const v1::Evidence& entry : article.evidence()) {
      count += entry.field() == "headline" && !entry.chosen() ? 1 : 0;
    }
    return count;
  };
  EXPECT_EQ(lost(Read(html, page, false)), 0);
  EXPECT_GE(lost(Read(html, page, true)), 1);
}

TEST(Metadata, GivesTheSameAnswerTwice) {
  const char* html =
      "<title>Mill</title><h1>Mill</h1><p class=author>Ada Mill</p>"
      "<time>24 April 2024</time><a rel=tag href=/x>Rivers</a>";
  const v1::RawPage page = PageAt("https://a.example/1");
  EXPECT_TRUE(google::protobuf::util::MessageDifferencer::Equals(
      Read(html, page, true), Read(html, page, true)));
}

TEST(Metadata, SurvivesHostilePages) {
  std::string deep;
  for (int i = 0; i < 20000; ++i) deep += "<div class=byline>";
  Read(deep);
  std::string metas;
  for (int i = 0; i < 20000; ++i) {
    absl::StrAppend(&metas, "<meta name=author content='A B", i, "'>");
  }
  EXPECT_LE(Read(metas).authors_size(), 30);
  Read(absl::StrCat("<h1 class='", std::string(1 << 20, 'a'), "'>x</h1>"));
  std::string nested;
  for (int i = 0; i < 300; ++i) nested += "<div class='author date'>";
  for (int i = 0; i < 100000; ++i) nested += "<i></i>";
  Read(nested);
}

}  // namespace
}  // namespace dateline

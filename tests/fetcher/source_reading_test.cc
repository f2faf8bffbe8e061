#include "fetcher/core/source_reading.h"

#include <string>
#include <vector>

#include "fetcher/core/json_feed.h"
#include "fetcher/core/page_links.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr char kUrl[] = "https://www.news.example/politics/";

std::vector<std::string> UrlsOf(const std::vector<FeedItem>& items) {
  std::vector<std::string> urls;
  for (const FeedItem& item : items) urls.push_back(item.url);
  return urls;
}

SourceAnswer Answer(v1::SourceKind kind, absl::string_view body) {
  SourceAnswer answer;
  answer.kind = kind;
  answer.body = body;
  answer.url = kUrl;
  return answer;
}

TEST(JsonFeedTest, ReadsItemsWithTheirHints) {
  const absl::StatusOr<Feed> feed = ParseJsonFeed(
      R"({"version": "https://jsonfeed.org/version/1.1", "title": "The Post",
          "language": "en-GB", "authors": [{"name": "Desk"}],
          "items": [
            {"id": "1", "url": "/1", "title": "One", "summary": "First",
             "date_published": "2026-03-09T10:00:00Z",
             "authors": [{"name": "A. Writer"}], "tags": ["fees", 3]},
            {"id": "https://www.news.example/2"},
            {"id": "3", "title": "No URL"}]})",
      kUrl);
  ASSERT_TRUE(feed.ok()) << feed.status();
  EXPECT_EQ(feed->title, "The Post");
  EXPECT_THAT(UrlsOf(feed->items), ElementsAre("https://www.news.example/1",
                                               "https://www.news.example/2"));
  v1::SourceHints hints = feed->items[0].hints;
  EXPECT_TRUE(hints.publish_time().has_time());
  hints.clear_publish_time();
  v1::SourceHints expected;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"(title: "One" description: "First" language: "en-GB"
         authors: "A. Writer" keywords: "fees")",
      &expected));
  EXPECT_TRUE(
      google::protobuf::util::MessageDifferencer::Equals(hints, expected))
      << hints.DebugString();
  EXPECT_THAT(feed->items[1].hints.authors(), ElementsAre("Desk"));
}

TEST(JsonFeedTest, RefusesWhatIsNone) {
  for (const std::string body :
       {"", "{", "{}", "[]", "{\"version\": \"1\", \"items\": []}",
        "{\"version\": \"https://jsonfeed.org/version/1\"}"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseJsonFeed(body, kUrl).status()))
        << body;
  }
  EXPECT_FALSE(ParseJsonFeed(std::string(100'000, '['), kUrl).ok());
}

TEST(PageLinksTest, FindsLinksAndFeedsInOrder) {
  const PageLinks found = ReadPageLinks(
      "<base href=/uk/><link rel='ALTERNATE' type='application/rss+xml' "
      "href=feed><link rel=alternate hreflang=de href=/de>"
      "<p><a href=one#top>1</a><div><a href=' /two '>2</a></div>"
      "<a href=one>again</a><a rel='x nofollow' href=/three>3</a>"
      "<a href='mailto:a@b.example'>mail</a><a href=#here>here</a>",
      kUrl);
  EXPECT_THAT(found.links, ElementsAre("https://www.news.example/uk/one",
                                       "https://www.news.example/two"));
  EXPECT_THAT(found.feeds, ElementsAre("https://www.news.example/uk/feed"));
}

TEST(PageLinksTest, SurvivesDeepNesting) {
  std::string html;
  for (int i = 0; i < 100'000; ++i) html += "<b>";
  html += "<a href=/deep>";
  EXPECT_LE(ReadPageLinks(html, kUrl).links.size(), 1U);
}

TEST(PageLinksTest, TakesOnlyTheSitesOwnPages) {
  EXPECT_TRUE(MayBeArticle("https://edition.news.example/a", kUrl));
  EXPECT_FALSE(MayBeArticle("https://other.example/a", kUrl));
  EXPECT_FALSE(MayBeArticle("https://www.news.example/", kUrl));
  EXPECT_FALSE(MayBeArticle("https://www.news.example/a.JPG", kUrl));
  EXPECT_FALSE(MayBeArticle("https://www.news.example:8443/a", kUrl));
}

TEST(SourceReadingTest, ASiteLeadsToItsFeedsAndSitemaps) {
  const std::vector<std::string> sitemaps = {"/sitemap.xml", "http://[", ""};
  SourceAnswer answer =
      Answer(v1::SOURCE_KIND_SITE,
             "<link rel=alternate type=application/atom+xml href=/atom.xml>");
  answer.sitemaps = &sitemaps;
  const absl::StatusOr<SourceReading> reading = ReadSource(answer);
  ASSERT_TRUE(reading.ok());
  EXPECT_THAT(reading->pages, IsEmpty());
  EXPECT_EQ(reading->sources[0], "https://www.news.example/atom.xml");
  EXPECT_EQ(reading->sources[1], "https://www.news.example/sitemap.xml");
}

TEST(SourceReadingTest, WhatASiteNamedIsReadAsWhatItIs) {
  SourceAnswer answer =
      Answer(v1::SOURCE_KIND_SITE,
             "<urlset><url><loc>https://www.news.example/1</loc></url>"
             "</urlset>");
  answer.is_found = true;
  EXPECT_THAT(UrlsOf(ReadSource(answer)->pages),
              ElementsAre("https://www.news.example/1"));
  answer.body = "<rss><channel><item><link>/2</link></item></channel></rss>";
  EXPECT_THAT(UrlsOf(ReadSource(answer)->pages),
              ElementsAre("https://www.news.example/2"));
}

TEST(SourceReadingTest, SaysWhyThereIsNone) {
  for (const v1::SourceKind kind :
       {v1::SOURCE_KIND_FEED, v1::SOURCE_KIND_SITEMAP,
        v1::SOURCE_KIND_SECTION_PAGE, v1::SOURCE_KIND_SITE}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        ReadSource(Answer(kind, "<p>Nothing here")).status()))
        << kind;
  }
}

}  // namespace
}  // namespace dateline::fetcher

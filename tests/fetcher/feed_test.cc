#include "fetcher/core/feed.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

Feed Parse(const std::string& xml) {
  return ParseFeed(xml, "http://news.example/feeds/all.xml", "").value();
}

void ExpectHints(const v1::SourceHints& actual, const std::string& expected) {
  v1::SourceHints hints;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(expected, &hints));
  std::string difference;
  google::protobuf::util::MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&difference);
  EXPECT_TRUE(differencer.Compare(hints, actual)) << difference;
}

TEST(FeedTest, ReadsRss2) {
  const Feed feed = Parse(R"(
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"
     xmlns:atom="http://www.w3.org/2005/Atom">
<channel>
  <title>The Harbour Post</title>
  <link>http://news.example/</link>
  <atom:link rel="self" href="http://news.example/feeds/all.xml"/>
  <language>en-GB</language>
  <item>
    <title>Ferry &amp;amp; port: &lt;b&gt;strike&lt;/b&gt; ends</title>
    <link>/2022/ferry?id=1&amp;x=2</link>
    <guid isPermaLink="false">tag:1</guid>
    <description><![CDATA[<p>The strike&nbsp;is over.</p>]]></description>
    <pubDate>Tue, 15 Feb 2022 09:30:00 +0500</pubDate>
    <dc:creator>Ada Marsh</dc:creator>
    <dc:creator>Bo Lind</dc:creator>
    <category>Business</category>
    <category>Ports</category>
  </item>
  <item><guid>http://news.example/2</guid><author>desk@news.example (Desk)</author></item>
  <item><title>No address</title></item>
</channel></rss>)");
  EXPECT_EQ(feed.title, "The Harbour Post");
  ASSERT_THAT(feed.items, SizeIs(2));
  EXPECT_EQ(feed.items[0].url, "http://news.example/2022/ferry?id=1&x=2");
  ExpectHints(feed.items[0].hints, R"pb(
    title: "Ferry & port: strike ends"
    publish_time {
      time { seconds: 1644899400 }
      precision: TIME_PRECISION_SECOND
      offset_known: true
      raw: "Tue, 15 Feb 2022 09:30:00 +0500"
      offset_minutes: 300
    }
    authors: "Ada Marsh"
    authors: "Bo Lind"
    section: "Business"
    keywords: "Business"
    keywords: "Ports"
    language: "en-GB"
    description: "The strike\302\240is over."
  )pb");
  EXPECT_EQ(feed.items[1].url, "http://news.example/2");
  ExpectHints(feed.items[1].hints, R"pb(authors: "Desk" language: "en-GB")pb");
}

TEST(FeedTest, ReadsRss1) {
  const Feed feed = Parse(R"(<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
         xmlns="http://purl.org/rss/1.0/"
         xmlns:dc="http://purl.org/dc/elements/1.1/">
  <channel rdf:about="http://news.example/"><title>Old News</title></channel>
  <item rdf:about="http://news.example/1">
    <title>First</title><link>http://news.example/1</link>
    <dc:date>2022-02-15</dc:date><dc:subject>World</dc:subject>
  </item>
</rdf:RDF>)");
  EXPECT_EQ(feed.title, "Old News");
  ASSERT_THAT(feed.items, SizeIs(1));
  EXPECT_EQ(feed.items[0].url, "http://news.example/1");
  ExpectHints(feed.items[0].hints, R"pb(
    title: "First"
    publish_time {
      time { seconds: 1644883200 }
      precision: TIME_PRECISION_DAY
      raw: "2022-02-15"
    }
    section: "World"
    keywords: "World"
  )pb");
}

TEST(FeedTest, ReadsAtom) {
  const Feed feed = Parse(R"(<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fi"
      xml:base="http://news.example/uutiset/">
  <title>Uutiset</title>
  <author><name>Toimitus</name></author>
  <entry>
    <title type="html">Sää &amp;amp; tuuli</title>
    <link rel="enclosure" href="http://news.example/a.mp3" type="audio/mpeg"/>
    <link rel="alternate" type="text/html" href="1.html"/>
    <published>2022-02-15T09:30:00Z</published>
    <updated>2022-02-15T10:00:00Z</updated>
    <category term="saa" label="Sää"/>
    <summary>1 &lt; 2</summary>
  </entry>
</feed>)");
  ASSERT_THAT(feed.items, SizeIs(1));
  EXPECT_EQ(feed.items[0].url, "http://news.example/uutiset/1.html");
  ExpectHints(feed.items[0].hints, R"pb(
    title: "Sää & tuuli"
    publish_time {
      time { seconds: 1644917400 }
      precision: TIME_PRECISION_SECOND
      offset_known: true
      raw: "2022-02-15T09:30:00Z"
    }
    modified_time {
      time { seconds: 1644919200 }
      precision: TIME_PRECISION_SECOND
      offset_known: true
      raw: "2022-02-15T10:00:00Z"
    }
    authors: "Toimitus"
    section: "Sää"
    keywords: "Sää"
    language: "fi"
    description: "1 < 2"
  )pb");
}

TEST(FeedTest, ReadsBrokenXmlAsFarAsItGoes) {
  const Feed feed = Parse(
      "<rss><channel><item><title>A & B</title>"
      "<link>http://news.example/1</link></item>"
      "<item><link>http://news.example/2</link></item><item><lin");
  ASSERT_THAT(feed.items, SizeIs(2));
  EXPECT_EQ(feed.items[1].url, "http://news.example/2");
}

TEST(FeedTest, ReadsUndeclaredHtmlEntities) {
  const Feed feed = Parse(
      "<rss><channel><item><title>Caf&eacute; &mdash; open</title>"
      "<link>http://news.example/1</link></item></channel></rss>");
  ASSERT_THAT(feed.items, SizeIs(1));
  EXPECT_EQ(feed.items[0].hints.title(), "Café — open");
}

TEST(FeedTest, TakesCharsetOfTheAnswerWhereTheXmlDeclaresNone) {
  const std::string body =
      "<rss><channel><item><title>Caf\xE9</title>"
      "<link>http://news.example/1</link></item></channel></rss>";
  const Feed feed =
      ParseFeed(body, "http://news.example/", "iso-8859-1").value();
  EXPECT_EQ(feed.items.at(0).hints.title(), "Café");
}

TEST(FeedTest, ExpandsNoEntities) {
  std::string xml = "<!DOCTYPE rss [<!ENTITY l0 \"lol\">";
  for (int i = 1; i < 10; ++i) {
    absl::StrAppend(&xml, "<!ENTITY l", i, " \"");
    for (int j = 0; j < 10; ++j) absl::StrAppend(&xml, "&l", i - 1, ";");
    absl::StrAppend(&xml, "\">");
  }
  absl::StrAppend(&xml,
                  "<!ENTITY file SYSTEM \"file:///etc/passwd\">]>"
                  "<rss><channel><item><title>a&l9;b&file;c</title>"
                  "<link>http://news.example/1</link></item></channel></rss>");
  const absl::StatusOr<Feed> feed = ParseFeed(xml, "http://news.example/", "");
  if (!feed.ok()) return;
  for (const FeedItem& item : feed->items) {
    EXPECT_THAT(item.hints.title(), testing::AnyOf("", "a", "abc"));
  }
}

TEST(FeedTest, SurvivesDeepNesting) {
  std::string xml = "<rss><channel><item><title>";
  for (int i = 0; i < 100'000; ++i) xml += "<b>";
  const absl::StatusOr<Feed> feed = ParseFeed(xml, "http://news.example/", "");
  if (!feed.ok()) return;
  EXPECT_THAT(feed->items, SizeIs(testing::Le(1)));
}

TEST(FeedTest, KeepsAmpersandsBehindErrors) {
  const Feed feed = Parse(
      "<rss><channel><title>A &nothing; &amp; B</wrong></title>"
      "<item><link>http://news.example/&oops;?a=1&amp;b=2</link>"
      "<title>C &amp;amp; D</title></item></channel></rss>");
  EXPECT_EQ(feed.title, "A & B");
  ASSERT_THAT(feed.items, SizeIs(1));
  EXPECT_EQ(feed.items[0].url, "http://news.example/?a=1&b=2");
  EXPECT_EQ(feed.items[0].hints.title(), "C & D");
}

TEST(FeedTest, LetsNoInvalidUtf8Through) {
  const Feed feed = Parse(
      "<rss xml:lang='e\xF9'><channel><title>Ba\xF9</title>"
      "<item><link>http://news.example/1</link><title>Ba\xF9 a</title>"
      "<category>\xE2\x82</category></item></channel></rss>");
  for (const FeedItem& item : feed.items) {
    v1::SourceHints back;
    EXPECT_TRUE(back.ParseFromString(item.hints.SerializeAsString()));
  }
  const auto page = ParseFeed("<a\xF9z/>", "http://news.example/", "");
  ASSERT_FALSE(page.ok());
  v1::SourceHints back;
  back.set_title(std::string(page.status().message()));
  EXPECT_TRUE(v1::SourceHints().ParseFromString(back.SerializeAsString()));
}

TEST(FeedTest, CutsTextsBetweenCharacters) {
  const Feed feed = Parse(absl::StrCat(
      "<rss><channel><item><link>http://news.example/1</link><category>a",
      std::string(1022, ' '), "é</category></item></channel></rss>"));
  ASSERT_THAT(feed.items, SizeIs(1));
  EXPECT_EQ(feed.items[0].hints.section(), "a é");
}

TEST(FeedTest, BoundsItemsAndTexts) {
  std::string xml = "<rss><channel>";
  for (int i = 0; i < 10'050; ++i) {
    absl::StrAppend(&xml, "<item><link>http://news.example/", i,
                    "</link></item>");
  }
  EXPECT_THAT(Parse(xml).items, SizeIs(10'000));
  const std::string title(100'000, 'x');
  const Feed feed =
      Parse(absl::StrCat("<rss><channel><item><title>", title,
                         "</title><link>http://news.example/</link></item>"));
  EXPECT_THAT(feed.items.at(0).hints.title(), SizeIs(1024));
}

TEST(FeedTest, RefusesWhatIsNoFeed) {
  for (const char* body : {"", "no xml", "{\"items\":[]}"}) {
    EXPECT_FALSE(ParseFeed(body, "http://news.example/", "").ok()) << body;
  }
  const auto page =
      ParseFeed("<html><body/></html>", "http://news.example/", "");
  ASSERT_FALSE(page.ok());
  EXPECT_THAT(std::string(page.status().message()), HasSubstr("\"html\""));
}

TEST(FeedTest, AnEmptyFeedIsAFeed) {
  EXPECT_THAT(Parse("<rss><channel><title>x</title></channel></rss>").items,
              SizeIs(0));
}

}  // namespace
}  // namespace dateline::fetcher

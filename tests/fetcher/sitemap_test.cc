#include "fetcher/core/sitemap/sitemap.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "tests/support/coded.h"

namespace dateline::fetcher {
namespace {

using ::google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr absl::string_view kBase = "https://news.example/sitemaps/news.xml";

v1::SourceHints Hints(const char* text) {
  v1::SourceHints hints;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &hints));
  return hints;
}

Sitemap Parsed(absl::string_view body) {
  absl::StatusOr<Sitemap> sitemap = ParseSitemap(body, kBase);
  EXPECT_TRUE(sitemap.ok()) << sitemap.status();
  return sitemap.ok() ? *std::move(sitemap) : Sitemap();
}

std::vector<std::string> UrlsOf(const Sitemap& sitemap) {
  std::vector<std::string> urls;
  for (const SitemapEntry& entry : sitemap.entries) urls.push_back(entry.url);
  return urls;
}

constexpr absl::string_view kNews = R"(<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
        xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
        xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
  <url>
    <loc>
      https://news.example/2026/03/ferry?a=1&amp;b=2
    </loc>
    <lastmod>2026-03-09T08:30:00+05:00</lastmod>
    <changefreq>never</changefreq>
    <news:news>
      <news:publication>
        <news:name>The Harbour &amp; Bay</news:name>
        <news:language>en</news:language>
      </news:publication>
      <news:publication_date>2026-03-09</news:publication_date>
      <news:title><![CDATA[Ferry vote &quot;delayed&quot; again]]></news:title>
      <news:keywords>ferries, council , ferries,,Bay</news:keywords>
      <news:stock_tickers>NASDAQ:X</news:stock_tickers>
    </news:news>
    <image:image>
      <image:loc>https://img.example/ferry.jpg</image:loc>
      <image:title>A ferry</image:title>
    </image:image>
  </url>
</urlset>)";

TEST(SitemapTest, ReadsTheNewsExtension) {
  const Sitemap sitemap = Parsed(kNews);
  ASSERT_THAT(UrlsOf(sitemap),
              ElementsAre("https://news.example/2026/03/ferry?a=1&b=2"));
  const v1::SourceHints expected = Hints(R"(
    title: 'Ferry vote "delayed" again'
    publisher: "The Harbour & Bay"
    language: "en"
    publish_time {
      time { seconds: 1773014400 }
      precision: TIME_PRECISION_DAY
      raw: "2026-03-09"
    }
    modified_time {
      time { seconds: 1773027000 }
      precision: TIME_PRECISION_SECOND
      offset_known: true
      offset_minutes: 300
      raw: "2026-03-09T08:30:00+05:00"
    }
    keywords: "ferries"
    keywords: "council"
    keywords: "Bay")");
  EXPECT_TRUE(MessageDifferencer::Equals(sitemap.entries[0].hints, expected))
      << sitemap.entries[0].hints.DebugString();
  EXPECT_TRUE(sitemap.complete);
  EXPECT_EQ(sitemap.invalid_entries, 0);
}

TEST(SitemapTest, ReadsAnIndex) {
  const Sitemap sitemap = Parsed(
      "<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
      "<sitemap><loc>https://news.example/1.xml.gz</loc>"
      "<lastmod>2026-03-09</lastmod></sitemap>"
      "<sitemap><loc>https://news.example/2.xml</loc></sitemap>"
      "</sitemapindex>");
  ASSERT_EQ(sitemap.sitemaps.size(), 2);
  EXPECT_EQ(sitemap.sitemaps[0].url, "https://news.example/1.xml.gz");
  EXPECT_EQ(sitemap.sitemaps[0].modified_time->raw(), "2026-03-09");
  EXPECT_EQ(sitemap.sitemaps[1].url, "https://news.example/2.xml");
  EXPECT_FALSE(sitemap.sitemaps[1].modified_time.has_value());
  EXPECT_TRUE(sitemap.entries.empty());
}

TEST(SitemapTest, ReadsPrefixedAndNamespacelessElements) {
  EXPECT_THAT(UrlsOf(Parsed("<s:urlset xmlns:s='http://www.google.com/schemas/"
                            "sitemap/0.84'><s:url><s:loc>https://a.example/1"
                            "</s:loc></s:url></s:urlset>")),
              ElementsAre("https://a.example/1"));
  EXPECT_THAT(UrlsOf(Parsed("<urlset><url><loc>https://a.example/1</loc></url>"
                            "</urlset>")),
              ElementsAre("https://a.example/1"));
}

TEST(SitemapTest, ResolvesRelativeUrlsAndCountsWhatIsNone) {
  const Sitemap sitemap = Parsed(
      "<urlset><url><loc>/a</loc></url><url><loc>b</loc></url>"
      "<url><loc>javascript:x()</loc></url><url><loc/></url><url/>"
      "</urlset>");
  EXPECT_THAT(UrlsOf(sitemap), ElementsAre("https://news.example/a",
                                           "https://news.example/sitemaps/b"));
  EXPECT_EQ(sitemap.invalid_entries, 3);
}

TEST(SitemapTest, LeavesHalfAnEntryOut) {
  const std::string whole(kNews);
  const std::string start = whole.substr(0, whole.find("</urlset>"));
  const Sitemap sitemap =
      Parsed(start + "<url><loc>https://news.example/cut-of");
  EXPECT_EQ(sitemap.entries.size(), 1);
  EXPECT_FALSE(sitemap.complete);
}

TEST(SitemapTest, GoesOnBehindBrokenMarkup) {
  const Sitemap sitemap = Parsed(
      "<urlset><url><loc>https://a.example/1?x&y</loc></url>"
      "<url><loc>https://a.example/2?x=1&amp;y=2</url>"
      "<url><loc>https://a.example/3?x=1&amp;y=2</loc></url>"
      "<url><loc>https://a.example/4</loc></url></urlset>");
  const std::vector<std::string> urls = UrlsOf(sitemap);
  EXPECT_THAT(urls, ::testing::Contains("https://a.example/3?x=1&y=2"));
  EXPECT_THAT(urls, ::testing::Contains("https://a.example/4"));
}

TEST(SitemapTest, ExpandsNoEntities) {
  std::string xml = "<?xml version='1.0'?><!DOCTYPE urlset [<!ENTITY a 'ha'>";
  for (char c = 'b'; c <= 'z'; ++c) {
    absl::StrAppend(&xml, "<!ENTITY ", std::string(1, c), " '");
    for (int i = 0; i < 10; ++i) {
      absl::StrAppend(&xml, "&", std::string(1, static_cast<char>(c - 1)), ";");
    }
    absl::StrAppend(&xml, "'>");
  }
  absl::StrAppend(&xml,
                  "<!ENTITY f SYSTEM 'file:///etc/passwd'>]><urlset><url>"
                  "<loc>https://a.example/&z;&f;&amp;1</loc></url></urlset>");
  const absl::StatusOr<Sitemap> sitemap = ParseSitemap(xml, kBase);
  if (sitemap.ok()) {
    for (const std::string& url : UrlsOf(*sitemap)) {
      EXPECT_LE(url.size(), 64) << url;
      EXPECT_THAT(url, ::testing::Not(HasSubstr("ha")));
      EXPECT_THAT(url, ::testing::Not(HasSubstr("root")));
    }
  }
}

TEST(SitemapTest, RefusesALongDocumentType) {
  std::string xml = "<!DOCTYPE urlset [";
  for (int i = 0; i < 1'000'000; ++i) {
    absl::StrAppend(&xml, "<!ATTLIST a", i, " b CDATA ''>");
  }
  EXPECT_EQ(ParseSitemap(xml + "]><urlset/>", kBase).status().message(),
            "its document type is too long");
}

TEST(SitemapTest, ReadsOtherEncodings) {
  const Sitemap latin = Parsed(
      "<?xml version='1.0' encoding='ISO-8859-1'?><urlset xmlns:n='x'><url>"
      "<loc>https://a.example/1</loc><n:news><n:title>Caf\xE9</n:title>"
      "</n:news></url></urlset>");
  ASSERT_EQ(latin.entries.size(), 1);
  EXPECT_EQ(latin.entries[0].hints.title(), "Café");

  std::string utf16 = "\xFF\xFE";
  for (const char c :
       absl::string_view("<urlset><url><loc>https://a.example/2</loc></url>"
                         "</urlset>")) {
    utf16.push_back(c);
    utf16.push_back('\0');
  }
  EXPECT_THAT(UrlsOf(Parsed(utf16)), ElementsAre("https://a.example/2"));
}

TEST(SitemapTest, KeepsAmpersandsBehindErrors) {
  EXPECT_THAT(UrlsOf(Parsed("<urlset><url><loc>https://a.example/&oops;?a=1"
                            "&amp;b=2</loc></url></urlset>")),
              ElementsAre("https://a.example/?a=1&b=2"));
}

TEST(SitemapTest, LetsNoInvalidUtf8Through) {
  const Sitemap sitemap = Parsed(
      "<urlset><url><loc>https://a.example/1</loc><news><title>Ba\xF9 a"
      "</title></news></url></urlset>");
  for (const SitemapEntry& entry : sitemap.entries) {
    v1::SourceHints back;
    EXPECT_TRUE(back.ParseFromString(entry.hints.SerializeAsString()));
  }
}

TEST(SitemapTest, ReadsTextFiles) {
  const Sitemap sitemap = Parsed(
      "\xEF\xBB\xBFhttps://a.example/1\r\n\r\n HTTPS://A.example/2 \n"
      "/relative\nhttps://a.example/3");
  EXPECT_THAT(UrlsOf(sitemap),
              ElementsAre("https://a.example/1", "https://a.example/2",
                          "https://a.example/3"));
  EXPECT_EQ(sitemap.invalid_entries, 1);
}

TEST(SitemapTest, ReadsGzip) {
  EXPECT_EQ(Parsed(Gzip(kNews)).entries.size(), 1);
  EXPECT_THAT(UrlsOf(Parsed(Gzip("https://a.example/1\n"))),
              ElementsAre("https://a.example/1"));
  const std::string two =
      Gzip("https://a.example/1\n") + Gzip("https://a.example/2\n");
  EXPECT_EQ(Parsed(two).entries.size(), 2);
}

TEST(SitemapTest, ReadsCutOffGzipAsFarAsItGoes) {
  std::string text;
  for (int i = 0; i < 5'000; ++i) {
    absl::StrAppend(&text, "https://a.example/", i * 7919 % 10007, "\n");
  }
  const std::string gzip = Gzip(text);
  const Sitemap sitemap = Parsed(gzip.substr(0, gzip.size() / 2));
  EXPECT_FALSE(sitemap.complete);
  EXPECT_GT(sitemap.entries.size(), 100);
  EXPECT_EQ(sitemap.invalid_entries, 0);
  EXPECT_THAT(text, HasSubstr(absl::StrCat(sitemap.entries.back().url, "\n")));
}

TEST(SitemapTest, RefusesMoreThanFiftyMegabytes) {
  const std::string bomb = Gzip(std::string(kMaxSitemapBytes + 1, ' '));
  EXPECT_LT(bomb.size(), 100'000);
  const absl::Status refused = ParseSitemap(bomb, kBase).status();
  EXPECT_EQ(refused.code(), absl::StatusCode::kResourceExhausted);
  EXPECT_THAT(std::string(refused.message()), HasSubstr("52428800"));
  EXPECT_EQ(ParseSitemap(std::string(kMaxSitemapBytes + 1, ' '), kBase)
                .status()
                .code(),
            absl::StatusCode::kResourceExhausted);
}

TEST(SitemapTest, KeepsFiftyThousandEntries) {
  std::string xml = "<urlset>";
  for (size_t i = 0; i <= kMaxSitemapEntries; ++i) {
    absl::StrAppend(&xml, "<url><loc>https://a.example/", i, "</loc></url>");
  }
  const Sitemap sitemap = Parsed(xml + "</urlset>");
  EXPECT_EQ(sitemap.entries.size(), kMaxSitemapEntries);
  EXPECT_FALSE(sitemap.complete);
}

TEST(SitemapTest, DeepNestingEndsInBoundedTime) {
  std::string xml = "<urlset><url><loc>https://a.example/1</loc></url>";
  for (int i = 0; i < 1'000'000; ++i) xml += "<a>";
  EXPECT_THAT(UrlsOf(Parsed(xml)), ElementsAre("https://a.example/1"));
}

TEST(SitemapTest, SaysWhatItIsInstead) {
  const auto error = [](absl::string_view body) {
    return std::string(ParseSitemap(body, kBase).status().message());
  };
  EXPECT_THAT(error("<html><body>Not found</body></html>"), HasSubstr("html"));
  EXPECT_THAT(error("<rss version='2.0'/>"), HasSubstr("\"rss\""));
  EXPECT_EQ(error("Not found"), "it is neither XML nor a list of URLs");
  EXPECT_EQ(error(""), "it is neither XML nor a list of URLs");
  EXPECT_EQ(error("<"), "it is not XML");
  EXPECT_THAT(error("\x1F\x8B nonsense"), HasSubstr("gzip"));
}

TEST(SitemapTest, AnEmptySitemapIsOne) {
  EXPECT_TRUE(Parsed("<urlset/>").entries.empty());
  EXPECT_TRUE(Parsed("<urlset/>").complete);
}

}  // namespace
}  // namespace dateline::fetcher

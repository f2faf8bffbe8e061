#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "fetcher/core/robots/robots_cache.h"
#include "fetcher/core/robots/robots_rules.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

bool AllowsUnder(absl::string_view robots, absl::string_view path,
                 absl::string_view token = "ExampleBot") {
  return Allows(ParseRobots(robots, token), path);
}

bool DisallowMatches(absl::string_view pattern, absl::string_view path) {
  return !AllowsUnder(absl::StrCat("User-agent: *\nDisallow: ", pattern), path);
}

// The arrangement of RFC 9309 §5.1, in words of our own.
constexpr absl::string_view kSimple = R"(
User-agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-agent: barbot
User-agent: bazbot
Disallow: /example/page.html

User-agent: quxbot
)";

TEST(RobotsTest, EachCrawlerGoesByItsOwnGroup) {
  EXPECT_TRUE(AllowsUnder(kSimple, "/publications/a"));
  EXPECT_FALSE(AllowsUnder(kSimple, "/publications.gif"));
  EXPECT_FALSE(AllowsUnder(kSimple, "/example/"));
  EXPECT_TRUE(AllowsUnder(kSimple, "/example/page.html", "FooBot"));
  EXPECT_TRUE(AllowsUnder(kSimple, "/example/allowed.gif", "FooBot"));
  EXPECT_FALSE(AllowsUnder(kSimple, "/publications/a", "FooBot"));
  EXPECT_FALSE(AllowsUnder(kSimple, "/example/page.html", "BarBot"));
  EXPECT_FALSE(AllowsUnder(kSimple, "/example/page.html", "BazBot"));
  EXPECT_TRUE(AllowsUnder(kSimple, "/example/other.gif", "BazBot"));
}

TEST(RobotsTest, AGroupWithoutRulesAllowsEverything) {
  EXPECT_TRUE(AllowsUnder(kSimple, "/example/", "QuxBot"));
}

TEST(RobotsTest, TheLongestMatchWins) {
  constexpr absl::string_view robots =
      "User-agent: foobot\n"
      "Allow: /example/page/\n"
      "Disallow: /example/page/disallowed.gif\n";
  EXPECT_FALSE(AllowsUnder(robots, "/example/page/disallowed.gif", "foobot"));
  EXPECT_TRUE(AllowsUnder(robots, "/example/page/x", "foobot"));
}

TEST(RobotsTest, AllowWinsOverDisallowOfTheSameLength) {
  EXPECT_TRUE(AllowsUnder("User-agent: *\nDisallow: /a\nAllow: /a\n", "/a"));
  EXPECT_TRUE(AllowsUnder("User-agent: *\nAllow: /a\nDisallow: /a\n", "/a"));
  EXPECT_TRUE(AllowsUnder("User-agent: *\nDisallow: /*b\nAllow: /ab\n", "/ab"));
}

TEST(RobotsTest, GroupsOfTheSameCrawlerAreMerged) {
  constexpr absl::string_view robots =
      "User-agent: ExampleBot\nDisallow: /foo\n"
      "User-agent: other\nDisallow: /\n"
      "User-agent: EXAMPLEBOT\nDisallow: /baz\n";
  EXPECT_FALSE(AllowsUnder(robots, "/foo"));
  EXPECT_FALSE(AllowsUnder(robots, "/baz"));
  EXPECT_TRUE(AllowsUnder(robots, "/bar"));
}

TEST(RobotsTest, NamesAreComparedAsTokensAndWhole) {
  constexpr absl::string_view robots =
      "User-agent: Example\nDisallow: /a\n"
      "User-agent: ExampleBot/2.1 (news)\nDisallow: /b\n"
      "User-agent: ExampleBot-News\nDisallow: /c\n";
  EXPECT_TRUE(AllowsUnder(robots, "/a", "examplebot/9"));
  EXPECT_FALSE(AllowsUnder(robots, "/b", "examplebot/9"));
  EXPECT_TRUE(AllowsUnder(robots, "/c", "examplebot/9"));
  EXPECT_FALSE(AllowsUnder(robots, "/c", "ExampleBot-News"));
}

TEST(RobotsTest, ANamelessCrawlerGoesByTheRulesForEveryone) {
  EXPECT_FALSE(
      AllowsUnder("User-agent: 1\nAllow: /\n"
                  "User-agent: *\nDisallow: /\n",
                  "/x", ""));
}

TEST(RobotsTest, RulesBeforeAnyUserAgentHoldForNobody) {
  EXPECT_TRUE(AllowsUnder("Disallow: /\nUser-agent: *\nAllow: /x\n", "/y"));
}

TEST(RobotsTest, OtherLinesDoNotSplitAGroup) {
  constexpr absl::string_view robots =
      "User-agent: a\nSitemap: https://news.example/s.xml\nHost: x\n\n"
      "User-agent: ExampleBot\nDisallow: /\n";
  EXPECT_FALSE(AllowsUnder(robots, "/x"));
  EXPECT_FALSE(AllowsUnder(robots, "/x", "a"));
}

TEST(RobotsTest, AllLineEndingsAreRead) {
  for (const absl::string_view end : {"\n", "\r", "\r\n"}) {
    const std::string robots =
        absl::StrCat("User-agent: *", end, "Disallow: /a", end, end,
                     "Disallow: /b # why", end, "#Disallow: /c");
    EXPECT_FALSE(AllowsUnder(robots, "/a"));
    EXPECT_FALSE(AllowsUnder(robots, "/b"));
    EXPECT_TRUE(AllowsUnder(robots, "/c"));
  }
}

TEST(RobotsTest, ReadsWhatPeopleReallyWrite) {
  EXPECT_FALSE(
      AllowsUnder("\xEF\xBB\xBFuser-AGENT : *\nDISALLOW\t:\t/a ", "/a"));
  EXPECT_FALSE(AllowsUnder("User-agent *\nDisallow /a\n", "/a"));
  EXPECT_FALSE(AllowsUnder("User-agent: * # all\nDisallow: /a\n", "/a"));
  EXPECT_TRUE(AllowsUnder("User-agent: *\nDisallow: # nothing\n", "/a"));
  EXPECT_TRUE(AllowsUnder("User-agent: *bot\nDisallow: /\n", "/a"));
  EXPECT_TRUE(AllowsUnder("User-agent: *\nDisallow: a\n", "/a"));
}

TEST(RobotsTest, ReadsNoRulesFromAnHtmlPage) {
  EXPECT_TRUE(AllowsUnder("<!doctype html>\n<a href='/'>Not found</a>", "/"));
  EXPECT_TRUE(AllowsUnder(std::string("\0\xFF\xFE:\n:::\n", 9), "/"));
  EXPECT_TRUE(AllowsUnder("", "/"));
}

TEST(RobotsTest, TheFileItselfIsAlwaysAllowed) {
  constexpr absl::string_view robots = "User-agent: *\nDisallow: /\n";
  EXPECT_TRUE(AllowsUnder(robots, "/robots.txt"));
  EXPECT_FALSE(AllowsUnder(robots, "/robots.txt.bak"));
  EXPECT_FALSE(AllowsUnder(robots, ""));
}

TEST(RobotsTest, PatternsMatchPrefixesCaseSensitively) {
  EXPECT_TRUE(DisallowMatches("/fish", "/fish"));
  EXPECT_TRUE(DisallowMatches("/fish", "/fishheads/yummy.html"));
  EXPECT_TRUE(DisallowMatches("/fish", "/fish.php?id=anything"));
  EXPECT_FALSE(DisallowMatches("/fish", "/Fish.asp"));
  EXPECT_FALSE(DisallowMatches("/fish", "/catfish"));
  EXPECT_FALSE(DisallowMatches("/fish/", "/fish"));
}

TEST(RobotsTest, StarStandsForAnyOctets) {
  EXPECT_TRUE(DisallowMatches("/fish*", "/fish"));
  EXPECT_TRUE(DisallowMatches("/*.php", "/folder/any.php.file.html"));
  EXPECT_FALSE(DisallowMatches("/*.php", "/windows.PHP"));
  EXPECT_TRUE(DisallowMatches("/fish*.php", "/fishheads/catfish.php?id=7"));
  EXPECT_TRUE(DisallowMatches("*", "/"));
  EXPECT_TRUE(DisallowMatches("/this/*/exactly", "/this/is/not/exactly"));
}

TEST(RobotsTest, DollarEndsThePattern) {
  EXPECT_TRUE(DisallowMatches("/*.php$", "/folder/a.php"));
  EXPECT_FALSE(DisallowMatches("/*.php$", "/a.php?x"));
  EXPECT_FALSE(DisallowMatches("/*.php$", "/a.php/"));
  EXPECT_TRUE(DisallowMatches("/*ab*ab$", "/ab-ab-ab"));
  EXPECT_FALSE(DisallowMatches("/ab*ab$", "/ab"));
  EXPECT_TRUE(DisallowMatches("/$", "/"));
  EXPECT_FALSE(DisallowMatches("/$", "/a"));
  EXPECT_TRUE(DisallowMatches("/a$b", "/a$bc"));
  EXPECT_TRUE(DisallowMatches("/*$", "/a"));
}

// RFC 9309 §2.2.2, table of encodings.
TEST(RobotsTest, ComparesPercentEncoded) {
  constexpr absl::string_view kTwo = "/foo/bar/\xE3\x83\x84";
  EXPECT_TRUE(DisallowMatches("/foo/bar?baz=quz", "/foo/bar?baz=quz"));
  EXPECT_TRUE(DisallowMatches("/foo/bar?baz=https://foo.bar",
                              "/foo/bar?baz=https%3A%2F%2Ffoo.bar"));
  EXPECT_TRUE(DisallowMatches("/foo/bar?baz=https%3A%2F%2Ffoo.bar",
                              "/foo/bar?baz=https://foo.bar"));
  EXPECT_TRUE(DisallowMatches(kTwo, "/foo/bar/%E3%83%84"));
  EXPECT_TRUE(DisallowMatches("/foo/bar/%e3%83%84", kTwo));
  EXPECT_TRUE(DisallowMatches("/foo/bar/%62%61%7A", "/foo/bar/baz"));
  EXPECT_TRUE(DisallowMatches("/foo/bar/baz", "/foo/bar/%62%61%7a"));
}

TEST(RobotsTest, ReservedCharactersDifferFromTheirEncodingInThePath) {
  EXPECT_FALSE(DisallowMatches("/a%2Fb", "/a/b"));
  EXPECT_TRUE(DisallowMatches("/a%2fb", "/a%2Fb"));
  EXPECT_TRUE(DisallowMatches("/*=http://", "/go?to=http://x"));
  EXPECT_TRUE(DisallowMatches("/100%", "/100%"));
}

// RFC 9309 §2.2.3.
TEST(RobotsTest, EncodedStarAndDollarNameThemselves) {
  EXPECT_TRUE(DisallowMatches("/path/file-with-a-%2A.html",
                              "/path/file-with-a-*.html"));
  EXPECT_FALSE(DisallowMatches("/path/file-with-a-%2A.html",
                               "/path/file-with-a-b.html"));
  EXPECT_TRUE(DisallowMatches("/path/foo-%24", "/path/foo-$"));
  EXPECT_FALSE(DisallowMatches("/path/foo-%24", "/path/foo-"));
}

TEST(RobotsTest, GathersSitemapsOfTheWholeFile) {
  EXPECT_THAT(
      ParseRobots("Sitemap: https://a.example/1.xml\n"
                  "User-agent: other\nDisallow: /\n"
                  "SITEMAP:https://a.example/2.xml # news\nSitemap:\n",
                  "ExampleBot")
          .sitemaps,
      ElementsAre("https://a.example/1.xml", "https://a.example/2.xml"));
}

TEST(RobotsTest, CrawlDelayHoldsForTheNamesAboveIt) {
  constexpr absl::string_view robots =
      "User-agent: slurp\nCrawl-delay: 5\n"
      "User-agent: ExampleBot\nCrawl-delay: 2.5\n"
      "User-agent: *\nDisallow: /x\n";
  EXPECT_EQ(ParseRobots(robots, "slurp").crawl_delay, absl::Seconds(5));
  EXPECT_EQ(ParseRobots(robots, "ExampleBot").crawl_delay, absl::Seconds(2.5));
  EXPECT_EQ(ParseRobots(robots, "none").crawl_delay, std::nullopt);
  EXPECT_FALSE(AllowsUnder(robots, "/x"));
}

TEST(RobotsTest, CrawlDelayIsReadWithinBounds) {
  const auto delay = [](absl::string_view value) {
    return ParseRobots(absl::StrCat("User-agent: *\nCrawl-delay: ", value), "a")
        .crawl_delay;
  };
  EXPECT_EQ(delay("10 seconds"), absl::Seconds(10));
  EXPECT_EQ(delay("99999999999999999999"), absl::Hours(24));
  EXPECT_EQ(delay("-1"), std::nullopt);
  EXPECT_EQ(delay("nan"), std::nullopt);
  EXPECT_EQ(delay("1.2.3"), std::nullopt);
}

TEST(RobotsTest, ReadsFiveHundredKibibytesInWholeLines) {
  std::string robots = "User-agent: *\n";
  while (robots.size() < kMaxRobotsBytes - 40) robots += "Disallow: /pad\n";
  robots += absl::StrCat("Disallow: /within\n", std::string(40, '#'), "\n");
  const std::string cut = robots.substr(0, kMaxRobotsBytes - 12);
  EXPECT_FALSE(AllowsUnder(robots + "Disallow: /beyond\n", "/within"));
  EXPECT_TRUE(AllowsUnder(robots + "Disallow: /beyond\n", "/beyond"));
  EXPECT_TRUE(AllowsUnder(cut + "\nDisallow: /cut-off-here\n", "/cut"));
}

TEST(RobotsTest, HostilePatternsTakeNoLongerThanOthers) {
  std::string pattern = "/";
  for (int i = 0; i < 4'000; ++i) pattern += "*a";
  const std::string robots =
      absl::StrCat("User-agent: *\nDisallow: ", pattern, "*b$\n");
  const RobotsRules rules = ParseRobots(robots, "x");
  const std::string path = "/" + std::string(8'000, 'a');
  const absl::Time start = absl::Now();
  EXPECT_TRUE(Allows(rules, path));
  EXPECT_FALSE(Allows(rules, path + "b"));
  EXPECT_LT(absl::Now() - start, absl::Seconds(20));
}

TEST(RobotsTest, RepeatedRulesAreKeptOnce) {
  EXPECT_EQ(ParseRobots("User-agent: *\nDisallow: /a\nDisallow: /%61\n"
                        "Allow: /a\nDisallow: /b\n",
                        "x")
                .rules.size(),
            3);
  EXPECT_THAT(ParseRobots("User-agent: y\nDisallow: /a\n", "x").rules,
              IsEmpty());
}

TEST(RobotsCacheTest, AnAnswerDecidesUntilTheNext) {
  using V = RobotsVerdict;
  const auto judge = [](int status, bool has_cached) {
    return JudgeRobotsAnswer({status, false}, has_cached).verdict;
  };
  EXPECT_EQ(judge(200, true), V::kUseReceived);
  EXPECT_EQ(judge(204, false), V::kUseReceived);
  EXPECT_EQ(judge(304, true), V::kKeepCached);
  EXPECT_EQ(judge(304, false), V::kAllowAll);
  EXPECT_EQ(judge(401, true), V::kAllowAll);
  EXPECT_EQ(judge(404, false), V::kAllowAll);
  EXPECT_EQ(judge(429, false), V::kDisallowAll);
  EXPECT_EQ(judge(429, true), V::kKeepCached);
  EXPECT_EQ(judge(503, false), V::kDisallowAll);
  EXPECT_EQ(judge(503, true), V::kKeepCached);
  EXPECT_EQ(judge(0, false), V::kDisallowAll);
  EXPECT_EQ(judge(0, true), V::kKeepCached);
}

TEST(RobotsCacheTest, TooManyRedirectsAllow) {
  EXPECT_EQ(JudgeRobotsAnswer({302, true}, true),
            (RobotsDecision{RobotsVerdict::kAllowAll, absl::Hours(24)}));
}

TEST(RobotsCacheTest, AFailedAnswerIsAskedForSoonerThanAGoodOne) {
  EXPECT_EQ(JudgeRobotsAnswer({200, false}, false).lifetime, absl::Hours(24));
  EXPECT_EQ(JudgeRobotsAnswer({0, false}, true).lifetime, absl::Minutes(30));
  EXPECT_EQ(JudgeRobotsAnswer({0, false}, false).lifetime, absl::Minutes(1));
}

TEST(RobotsCacheTest, ACopyIsFreshForADay) {
  EXPECT_TRUE(IsRobotsFresh(absl::ZeroDuration()));
  EXPECT_TRUE(IsRobotsFresh(absl::Hours(24) - absl::Seconds(1)));
  EXPECT_FALSE(IsRobotsFresh(absl::Hours(24)));
  EXPECT_FALSE(IsRobotsFresh(-absl::Hours(1)));
}

}  // namespace
}  // namespace dateline::fetcher

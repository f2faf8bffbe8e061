#include "common/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace dateline {
namespace {

using ::testing::HasSubstr;

TEST(ParseUrl, LowersHostsThatAreEscaped) {
  EXPECT_EQ(ParseUrl("http://B%7Ea/%e4")->host, "b~a");
  EXPECT_EQ(ParseUrl("http://NEWS%2Eexample/")->host, "news.example");
  EXPECT_EQ(*ResolveUrl("http://NEWS%2Eexample/a/", "b"),
            "http://news.example/a/b");
}

TEST(CanonicalUrl, FoldsWhatLeadsToTheSamePage) {
  const std::pair<const char*, const char*> cases[] = {
      {"HTTP://News.Example.COM", "http://news.example.com/"},
      {"https://a.example:443/x", "https://a.example/x"},
      {"http://a.example:8080/x", "http://a.example:8080/x"},
      {"https://a.example/x#part", "https://a.example/x"},
      {"https://a.example/a/./b/../c", "https://a.example/a/c"},
      {"https://a.example/%7euser/%e4%bd%a0",
       "https://a.example/~user/%E4%BD%A0"},
      {"https://a.example/x?", "https://a.example/x"},
      {"https://a.example/x?utm_source=f&id=3&fbclid=z",
       "https://a.example/x?id=3"},
      {"https://a.example/x?utm_source=f", "https://a.example/x"},
      {"https://a.example/x?b=2&a=1", "https://a.example/x?b=2&a=1"},
      {"https://b\xc3\xbc"
       "cher.example/",
       "https://xn--bcher-kva.example/"},
      {"  https://a.example/x  ", "https://a.example/x"},
      {"https://a.example/100%", "https://a.example/100%"},
      {"https://a.example/a%2", "https://a.example/a%2"},
      {"https://a.example/a/%2e%2E/c", "https://a.example/c"},
      {"https://a.example/a%2fb%3F%25", "https://a.example/a%2Fb%3F%25"},
      {"https://a.example/x?UTM_Medium=y&GCLID=z&id=3",
       "https://a.example/x?id=3"},
      {"https://a.example/x?%75tm_source=f", "https://a.example/x"},
      {"https://a.example/x?&a=1&&b", "https://a.example/x?a=1&b"},
      {"https://a.example/x?utm_sourcery=1", "https://a.example/x"},
      {"http://[::0:1]:80/", "http://[::1]/"},
      {"http://0x7f.1/", "http://127.0.0.1/"},
      {"http://a.example:0080/", "http://a.example/"},
      {"https://a.example:/x", "https://a.example/x"},
      {"https://B\xc3\x9c"
       "CHER.example/",
       "https://xn--bcher-kva.example/"},
      {"https://XN--BCHER-KVA.example/", "https://xn--bcher-kva.example/"},
      {"https://b%C3%BCcher.example/", "https://xn--bcher-kva.example/"},
      {"https://fa\xc3\x9f.example/", "https://xn--fa-hia.example/"},
      // Full-width letters and an ideographic full stop.
      {"https://\xef\xbd\x81\xe3\x80\x82"
       "example/",
       "https://a.example/"},
      {"https://a.example\\x", "https://a.example/x"},
      {"https://a.example/x#!part?utm_source=f", "https://a.example/x"},
      {"https://a.example/x?mtm_campaign=m&pk_kwd=p&_hsenc=h&srsltid=s&id=3",
       "https://a.example/x?id=3"},
      {"https://a.example/x?utm_id", "https://a.example/x"},
      {"https://a.example/x?page=2&ref=home&source=x",
       "https://a.example/x?page=2&ref=home&source=x"},
  };
  for (const auto& [text, canonical] : cases) {
    const auto result = CanonicalUrl(text);
    ASSERT_TRUE(result.ok()) << text << ": " << result.status();
    EXPECT_EQ(*result, canonical) << text;
    EXPECT_EQ(*CanonicalUrl(*result), *result) << text;
  }
}

// A sequence that decoding would make of its neighbours is no encoding.
TEST(CanonicalUrl, IsTheSameWhenCanonicalisedTwice) {
  for (const char* text :
       {"https://a.example/%4%31", "https://a.example/%%34%31",
        "https://a.example/x/%2%65%2%65/y", "https://a.example/x?%4%31=%2%35",
        "https://a.example/x?%7%35tm_source=f", "https://a.example//x//",
        "https://a.example/x?a=%23#%23", "https://a.example/\xff\xc3\xbc",
        "https://a.example/a b?c d", "https://a.example/%00%80"}) {
    const auto once = CanonicalUrl(text);
    ASSERT_TRUE(once.ok()) << text << ": " << once.status();
    const auto twice = CanonicalUrl(*once);
    ASSERT_TRUE(twice.ok()) << text << ": " << twice.status();
    EXPECT_EQ(*once, *twice) << text;
  }
}

TEST(CanonicalUrl, TakesAsManyBytesAsItSays) {
  const std::string head = "https://a.example/";
  const std::string longest = head + std::string(8192 - head.size(), 'x');
  EXPECT_EQ(*CanonicalUrl(longest), longest);
  EXPECT_FALSE(CanonicalUrl(longest + "x").ok());
  // Encoded, each of these has three times as many bytes.
  EXPECT_THAT(
      std::string(
          CanonicalUrl(head + std::string(4000, ' ') + "x").status().message()),
      HasSubstr("at most 8192"));
}

TEST(CanonicalUrl, RefusesWhatIsNoPageAddressAndSaysWhy) {
  const std::pair<std::string, const char*> cases[] = {
      {"not a url", "not an absolute URL"},
      {"", "not an absolute URL"},
      {"/relative", "not an absolute URL"},
      {"ftp://a.example/x", "not http or https but ftp"},
      {"javascript:alert(1)", "not http or https but javascript"},
      {"https://user:secret@a.example/", "user name or password"},
      {"https://a.example/" + std::string(9000, 'x'), "at most 8192"},
  };
  for (const auto& [text, reason] : cases) {
    const auto result = CanonicalUrl(text);
    ASSERT_EQ(result.status().code(), absl::StatusCode::kInvalidArgument)
        << text;
    EXPECT_THAT(std::string(result.status().message()), HasSubstr(reason));
  }
}

TEST(CanonicalUrl, KeepsCredentialsOutOfItsMessage) {
  const auto result = CanonicalUrl("https://user:secret@a.example/");
  EXPECT_THAT(std::string(result.status().message()),
              ::testing::Not(HasSubstr("secret")));
}

TEST(ParseUrl, GivesTheParts) {
  const auto url = ParseUrl("https://a.example:8443/x/y?q=1#f");
  ASSERT_TRUE(url.ok());
  EXPECT_EQ(url->scheme, "https");
  EXPECT_EQ(url->host, "a.example");
  EXPECT_EQ(url->port, "8443");
  EXPECT_EQ(url->path, "/x/y");
  EXPECT_EQ(url->query, "q=1");
  EXPECT_EQ(url->HostPort(), "a.example:8443");
  EXPECT_EQ(url->ToString(), "https://a.example:8443/x/y?q=1");
}

TEST(HostOf, IsTheHostWithoutPortOrNothing) {
  EXPECT_EQ(HostOf("http://News.Example:8080/a?b#c"), "news.example");
  EXPECT_EQ(HostOf("news.example/a"), "");
  EXPECT_EQ(HostOf(""), "");
}

TEST(ResolveUrl, FollowsReferencesAsABrowserDoes) {
  const std::pair<const char*, const char*> cases[] = {
      {"y", "https://a.example/d/y"},
      {"../y", "https://a.example/y"},
      {"/y", "https://a.example/y"},
      {"//b.example/y", "https://b.example/y"},
      {"?q", "https://a.example/d/x?q"},
      {"https://c.example/", "https://c.example/"},
  };
  for (const auto& [reference, resolved] : cases) {
    EXPECT_EQ(*ResolveUrl("https://a.example/d/x", reference), resolved);
  }
  EXPECT_FALSE(ResolveUrl("https://a.example/", "mailto:x@a.example").ok());
}

TEST(PageUid, IsTheHeadOfTheSha256) {
  // printf %s https://a.example/ | sha256sum | cut -c1-32
  EXPECT_EQ(PageUid("https://a.example/"), "befde498a45b6c82084a07709548fe6f");
}

TEST(RegistrableDomain, FollowsThePublicSuffixList) {
  EXPECT_EQ(RegistrableDomain("news.bbc.co.uk"), "bbc.co.uk");
  EXPECT_EQ(RegistrableDomain("www.dawn.com"), "dawn.com");
  EXPECT_EQ(RegistrableDomain("localhost"), "localhost");
  EXPECT_EQ(RegistrableDomain("co.uk"), "co.uk");
  EXPECT_EQ(RegistrableDomain("127.0.0.1"), "127.0.0.1");
  EXPECT_EQ(RegistrableDomain("[::1]"), "[::1]");
}

}  // namespace
}  // namespace dateline

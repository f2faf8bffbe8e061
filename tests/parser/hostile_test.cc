// Pages made to cost more than they are worth: each must end within 2 s of CPU
// with an article or a reason.

#include <time.h>

#include <functional>
#include <string>

#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "parser/core/extract.h"
#include "parser/core/text.h"
#include "tests/parser/pages.h"

namespace dateline {
namespace {

double CpuSeconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) +
         static_cast<double>(now.tv_nsec) / 1e9;
}

std::string Repeat(absl::string_view piece, size_t count) {
  std::string all;
  all.reserve(piece.size() * count);
  for (size_t i = 0; i < count; ++i) all.append(piece.data(), piece.size());
  return all;
}

std::string RepeatNumbered(absl::string_view before, absl::string_view after,
                           int count) {
  std::string all;
  for (int i = 0; i < count; ++i) absl::StrAppend(&all, before, i, after);
  return all;
}

void ExpectEndsInTime(absl::string_view media_type, absl::string_view body) {
  // Sanitizers cost a factor of about eight.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr double kBudget = 20;
#else
  constexpr double kBudget = 2;
#endif
  const double before = CpuSeconds();
  const absl::StatusOr<Extraction> extraction = ExtractArticle(
      PageOf("https://news.example/hostile", media_type, body), {});
  EXPECT_LT(CpuSeconds() - before, kBudget);
  if (!extraction.ok()) {
    EXPECT_FALSE(extraction.status().message().empty());
    return;
  }
  EXPECT_TRUE(IsValidUtf8(extraction->article.SerializeAsString().empty()
                              ? ""
                              : extraction->article.headline()));
  EXPECT_GT(
      extraction->article.body_size() + extraction->article.live_updates_size(),
      0);
}

TEST(HostileTest, MillionNestedElements) {
  ExpectEndsInTime("text/html", Paragraphs(5) + Repeat("<div>", 1000000));
  ExpectEndsInTime("text/html", Repeat("<div><p>a", 500000));
  ExpectEndsInTime("text/html", Repeat("<table><tr><td>", 300000));
  ExpectEndsInTime("text/html", Repeat("<ul><li>a", 500000));
}

TEST(HostileTest, NestingKeptJustBelowTheLimit) {
  std::string page = Repeat("<div>", 990);
  page += Repeat("<p>word word word word word word word.</p>", 200000);
  ExpectEndsInTime("text/html", page);
}

TEST(HostileTest, HugeAttribute) {
  ExpectEndsInTime(
      "text/html",
      absl::StrCat("<p class='", Repeat("x ", 4 << 20), "'>", Paragraphs(5)));
  ExpectEndsInTime("text/html",
                   absl::StrCat("<a href='", Repeat("x", 9 << 20), "'>"));
}

TEST(HostileTest, AttributesByTheHundredThousand) {
  ExpectEndsInTime("text/html",
                   absl::StrCat("<p ", RepeatNumbered("a", " ", 900000), ">",
                                Paragraphs(5)));
}

TEST(HostileTest, FormattingFlood) {
  ExpectEndsInTime("text/html", RepeatNumbered("<b a", ">", 5000) +
                                    Repeat("<p>x</p>", 100000));
  ExpectEndsInTime("text/html", Repeat("<a><b><i><p></a>", 400000));
}

TEST(HostileTest, EntityFlood) {
  ExpectEndsInTime("text/html", "<p>" + Repeat("&amp;", 1500000));
  ExpectEndsInTime("text/html",
                   "<p>" + Repeat("&CounterClockwiseContourIntegral", 250000));
}

TEST(HostileTest, TenThousandArticles) {
  ExpectEndsInTime(
      "text/html",
      RepeatNumbered("<article class='post'><h2><a href='/a'>Story</a></h2><p>",
                     " was the number, and nobody could say, in all the "
                     "town, why it had been chosen.</p></article>",
                     10000));
}

TEST(HostileTest, TenThousandEntriesOfALiveBlog) {
  const std::string entries = RepeatNumbered(
      "<div class='live-post'><time>10:0",
      "</time><time>x</time><time>y</time><p>Nobody could say, in all the "
      "town, why it had been chosen.</p></div>",
      10000);
  ExpectEndsInTime("text/html", "<div class='live-blog'>" + entries);
  ExpectEndsInTime("text/html",
                   "<div class='live-blog'>" + Repeat("<div>", 900) + entries);
  ExpectEndsInTime(
      "text/html",
      Repeat("<div class='live-post'><time>10:01</time>Some words.", 900) +
          entries);
  ExpectEndsInTime(
      "text/html",
      Repeat("<div class='live-post'>" + Repeat("<time>May</time>", 300) +
                 "<p>Nobody could say why it was chosen.</p></div>",
             1500));
}

TEST(HostileTest, DataInScripts) {
  const std::string shown = "<p>The ferry runs again, says the board.</p>";
  const std::string open = shown + "<script type='application/json'>";
  ExpectEndsInTime("text/html", open + "[" +
                                    Repeat("{\"body\":\"<p>Some words of "
                                           "no great use.</p>\"},",
                                           100000) +
                                    "1]</script>");
  ExpectEndsInTime(
      "text/html",
      open + "{\"body\":\"" + Repeat("<p>word ", 500000) + "\"}</script>");
  ExpectEndsInTime(
      "text/html",
      open + Repeat("{\"content\":[", 500) +
          Repeat("{\"type\":\"paragraph\",\"content\":\"word word\"},", 50000) +
          "1" + Repeat("]}", 500) + "</script>");
  ExpectEndsInTime(
      "text/html",
      shown + "<script type='application/json' id='__NUXT_DATA__'>[" +
          Repeat("{\"body\":1,\"content\":30000,\"text\":30000},", 30000) +
          "\"" + Repeat("word ", 150000) + "\"]</script>");
  ExpectEndsInTime("text/html",
                   shown + "<script>" + Repeat("={\"a\":[", 1000000));
  ExpectEndsInTime("text/html",
                   shown + Repeat("<script>x=[\"aaaaaaaaaaaaa", 300000));
}

TEST(HostileTest, LinksAndPicturesByTheHundredThousand) {
  ExpectEndsInTime("text/html",
                   Paragraphs(5) + RepeatNumbered("<p>Some words before <a "
                                                  "href='/",
                                                  "'>a link</a>.</p>", 100000));
  ExpectEndsInTime(
      "text/html",
      Paragraphs(5) + RepeatNumbered("<p>Some words before it.<img "
                                     "src='/",
                                     ".jpg'></p>", 100000));
}

TEST(HostileTest, TablesAndLists) {
  ExpectEndsInTime("text/html",
                   Paragraphs(5) + "<table>" +
                       Repeat("<tr><td>one</td><td>two</td></tr>", 200000));
  ExpectEndsInTime("text/html", Paragraphs(5) + "<ul>" +
                                    Repeat("<li>one two three four.", 300000));
}

TEST(HostileTest, TextWithoutMarkup) {
  ExpectEndsInTime("text/plain", Repeat("word ", 2000000));
  ExpectEndsInTime("text/plain",
                   Repeat("A line of text, which ends.\n\n", 300000));
  ExpectEndsInTime("text/html", "<p>" + Repeat("word, ", 1600000));
  ExpectEndsInTime("text/html", "<p>" + Repeat("\xe6\x9d\xb1", 3000000));
}

TEST(HostileTest, BytesThatAreNoText) {
  ExpectEndsInTime("text/html", std::string(5 << 20, '\0'));
  ExpectEndsInTime("text/html", std::string(5 << 20, '\xff'));
  ExpectEndsInTime("text/html",
                   absl::StrCat(absl::string_view("\xff\xfe<\0p\0>\0a", 9),
                                std::string(1 << 20, '\xd8')));
  ExpectEndsInTime("text/plain", std::string(5 << 20, '\x80'));
}

TEST(HostileTest, CommentsAndScriptsWithoutEnd) {
  ExpectEndsInTime("text/html", Paragraphs(5) + Repeat("<!-- ", 1500000));
  ExpectEndsInTime("text/html", Repeat("<script>", 1000000));
  ExpectEndsInTime("text/html", "<script type='application/ld+json'>" +
                                    Repeat("[{\"@graph\":", 500000) +
                                    "</script>" + Paragraphs(5));
}

}  // namespace
}  // namespace dateline

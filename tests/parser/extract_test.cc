#include "parser/core/extract.h"

#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/parser/pages.h"
#include "tests/support/coded.h"

namespace dateline {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

constexpr char kData[] = DATELINE_SOURCE_DIR "/tests/data/extract/";
constexpr char kSeed[] =
    DATELINE_SOURCE_DIR "/../shared/seed/dawn-2022-02-15.txt";

v1::Article Extract(const v1::RawPage& page) {
  const absl::StatusOr<Extraction> extraction = ExtractArticle(page, {});
  EXPECT_TRUE(extraction.ok()) << extraction.status();
  return extraction.ok() ? extraction->article : v1::Article();
}

// The lines an article should have that is all paragraphs but for one pulled
// line and one heading: the chunks of `text` before its "Published in" line.
std::vector<std::string> ExpectedLines(absl::string_view text,
                                       absl::string_view pulled,
                                       absl::string_view heading) {
  std::vector<std::string> lines;
  for (absl::string_view chunk : absl::StrSplit(text, "\n\n")) {
    if (absl::StartsWith(chunk, "Published in")) break;
    const char* kind = chunk == pulled    ? "pull_quote: "
                       : chunk == heading ? "heading 2: "
                                          : "paragraph: ";
    lines.push_back(absl::StrCat(kind, chunk));
  }
  return lines;
}

std::vector<std::string> WithoutImages(std::vector<std::string> lines) {
  lines.erase(std::remove_if(lines.begin(), lines.end(),
                             [](const std::string& line) {
                               return absl::StartsWith(line, "image: ");
                             }),
              lines.end());
  return lines;
}

int64_t Day(absl::CivilDay day) {
  return absl::ToUnixSeconds(absl::FromCivil(day, absl::UTCTimeZone()));
}

// Rebuilds the seed's page as the site serves it.
std::string SeedAsHtml(absl::string_view text) {
  std::string content;
  std::string after;
  bool ended = false;
  for (absl::string_view chunk : absl::StrSplit(text, "\n\n")) {
    if (chunk == "Must Read") ended = true;
    if (ended) {
      absl::StrAppend(&after, "<div class=\"box\"><h3><a href=\"/news/9\">",
                      chunk.substr(0, 40), "</a></h3><div>", chunk,
                      "</div></div>");
    } else if (chunk == "Border markets" ||
               absl::StartsWith(chunk, "Published in")) {
      absl::StrAppend(&content, "<p><strong>", chunk, "</strong></p>");
    } else if (absl::StartsWith(chunk, "Iranian interior minister meets")) {
      absl::StrAppend(&content, "<blockquote><p>", chunk, "</p></blockquote>");
    } else {
      absl::StrAppend(&content, "<p>", chunk, "</p>");
    }
  }
  return absl::StrCat(
      "<!DOCTYPE html><title>Tehran, Islamabad form joint group on border - "
      "Newspaper - DAWN.COM</title><body><article class=\"story\"><h2 "
      "class=\"story__title\">"
      "<a href=\"/news/1675237\">Tehran, Islamabad form joint group on "
      "border</a></h2><div><span class=\"story__byline\"><a "
      "href=\"/authors/1\">Baqir Sajjad Syed</a></span> <span "
      "class=\"timestamp--date\">February 15, 2022</span></div>"
      "<div class=\"story__content\">",
      content, "</div></article><div class=\"sidebar\">", after, "</div>");
}

TEST(ExtractPlainTextTest, ReadsSeedExactly) {
  const std::string text = ReadFileOrEmpty(kSeed);
  if (text.empty()) GTEST_SKIP() << "no " << kSeed;
  const v1::Article article =
      Extract(PageOf("https://www.dawn.com/news/1675237", "text/plain", text));
  EXPECT_THAT(
      Lines(article),
      ElementsAreArray(ExpectedLines(
          text,
          "Iranian interior minister meets his Pakistani counterpart, PM, COAS",
          "Border markets")));
  EXPECT_EQ(article.dateline(), "ISLAMABAD");
  EXPECT_EQ(article.publish_time().time().seconds(),
            Day(absl::CivilDay(2022, 2, 15)));
  EXPECT_EQ(article.publish_time().precision(), v1::TIME_PRECISION_DAY);
  EXPECT_EQ(article.publisher().name(), "Dawn");
}

TEST(ExtractHtmlTest, ReadsSeedAsPageExactly) {
  const std::string text = ReadFileOrEmpty(kSeed);
  if (text.empty()) GTEST_SKIP() << "no " << kSeed;
  const v1::Article article = Extract(PageOf(
      "https://www.dawn.com/news/1675237", "text/html", SeedAsHtml(text)));
  EXPECT_THAT(
      Lines(article),
      ElementsAreArray(ExpectedLines(
          text,
          "Iranian interior minister meets his Pakistani counterpart, PM, COAS",
          "Border markets")));
  EXPECT_EQ(article.headline(), "Tehran, Islamabad form joint group on border");
  ASSERT_EQ(article.authors_size(), 1);
  EXPECT_EQ(article.authors(0).name(), "Baqir Sajjad Syed");
  EXPECT_EQ(article.dateline(), "ISLAMABAD");
  EXPECT_EQ(article.publish_time().time().seconds(),
            Day(absl::CivilDay(2022, 2, 15)));
}

TEST(ExtractPlainTextTest, ReadsWireCopyWithTeasersBehind) {
  const std::string text =
      ReadFileOrEmpty(absl::StrCat(kData, "harbour-talks.txt"));
  const v1::Article article =
      Extract(PageOf("https://courier.example/news/100", "text/plain", text));
  EXPECT_THAT(
      Lines(article),
      ElementsAreArray(ExpectedLines(
          text, "Visiting mayor meets harbour master, pilots and fishermen",
          "Ferry tickets")));
  EXPECT_EQ(article.dateline(), "PORT ELLERY");
  EXPECT_EQ(article.publisher().name(), "The Ellery Courier");
  EXPECT_EQ(article.publish_time().time().seconds(),
            Day(absl::CivilDay(2021, 3, 4)));
  EXPECT_EQ(article.publish_time().precision(), v1::TIME_PRECISION_DAY);
}

TEST(ExtractHtmlTest, ReadsSameStoryAsPage) {
  const std::string text =
      ReadFileOrEmpty(absl::StrCat(kData, "harbour-talks.txt"));
  const v1::Article article = Extract(
      PageOf("https://courier.example/news/100", "text/html",
             ReadFileOrEmpty(absl::StrCat(kData, "harbour-talks.html"))));
  EXPECT_THAT(
      WithoutImages(Lines(article)),
      ElementsAreArray(ExpectedLines(
          text, "Visiting mayor meets harbour master, pilots and fishermen",
          "Ferry tickets")));
  EXPECT_EQ(article.headline(), "Ellery, Vantry to share ferry safety office");
  ASSERT_EQ(article.authors_size(), 1);
  EXPECT_EQ(article.authors(0).name(), "Nora Quill");
  EXPECT_EQ(article.dateline(), "PORT ELLERY");
}

TEST(ExtractTest, FillsIdentityAndProvenance) {
  v1::RawPage page =
      PageOf("https://news.example/story?utm_source=x", "text/html",
             Html(absl::StrCat("<article>", Paragraphs(4), "</article>")));
  page.mutable_fetch_time()->set_nanos(123456789);
  const v1::Article article = Extract(page);
  EXPECT_EQ(article.uid().size(), 32u);
  EXPECT_EQ(article.url(), "https://news.example/story?utm_source=x");
  EXPECT_EQ(article.version(), 1700000000123);
  EXPECT_EQ(article.content_sha256().size(), 32u);
  EXPECT_EQ(article.minhash_size(), 64);
  EXPECT_EQ(article.provenance().charset(), "UTF-8");
  EXPECT_EQ(article.provenance().charset_source(), "meta");
  EXPECT_EQ(article.provenance().status(), 200);
}

TEST(ExtractTest, GivesTheSameAnswerTwice) {
  const v1::RawPage page =
      PageOf("https://news.example/story", "text/html", Html(Paragraphs(6)));
  EXPECT_EQ(Extract(page).SerializeAsString(),
            Extract(page).SerializeAsString());
}

TEST(ExtractTest, ReadsTheSameFromAnyContentCoding) {
  v1::RawPage page =
      PageOf("https://news.example/story", "", Html(Paragraphs(6)));
  const std::string expected = Extract(page).SerializeAsString();
  const std::string html = page.body();
  const auto extract = [&](std::vector<std::string> codings,
                           const std::string& body) {
    page.mutable_content_codings()->Assign(codings.begin(), codings.end());
    page.set_body(body);
    return Extract(page).SerializeAsString();
  };
  EXPECT_EQ(extract({"gzip"}, Gzip(html)), expected);
  EXPECT_EQ(extract({"deflate"}, Gzip(html, 15)), expected);
  EXPECT_EQ(extract({"br"}, Brotli(html)), expected);
  EXPECT_EQ(extract({"zstd"}, Zstd(html)), expected);
  EXPECT_EQ(extract({"gzip", "br"}, Brotli(Gzip(html))), expected);
}

TEST(ExtractTest, SetsAsideCodingsThatCanNotBeUndone) {
  const auto code = [](const char* coding, const std::string& body) {
    v1::RawPage page = PageOf("https://news.example/", "text/html", body);
    page.add_content_codings(coding);
    return ExtractArticle(page, {}).status().code();
  };
  const std::string bomb(kMaxPageBytes + 1, 'x');
  EXPECT_EQ(code("gzip", "no gzip"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code("gzip", Gzip("<p>").substr(0, 12)),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code("rot13", "<c>"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code("gzip", Gzip(bomb)), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(code("br", Brotli(bomb)), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(code("zstd", Zstd(bomb)), absl::StatusCode::kResourceExhausted);
}

TEST(ExtractTest, TellsErrorsApart) {
  const auto code = [](absl::string_view type, absl::string_view body) {
    return ExtractArticle(PageOf("https://news.example/", type, body), {})
        .status()
        .code();
  };
  EXPECT_EQ(code("application/pdf", "%PDF-1.4"),
            absl::StatusCode::kUnimplemented);
  EXPECT_EQ(code("", "\x89PNG\r\n\x1a\n"), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(code("text/html", ""), absl::StatusCode::kNotFound);
  EXPECT_EQ(code("text/html", "<p>Hello"), absl::StatusCode::kNotFound);
  EXPECT_EQ(code("text/plain", " \n "), absl::StatusCode::kNotFound);
  EXPECT_EQ(code("text/html", std::string(50 << 20, 'x')),
            absl::StatusCode::kResourceExhausted);
}

TEST(ExtractTest, NamesDeadLettersReasons) {
  EXPECT_EQ(DeadLetterReasonOf(absl::NotFoundError("")),
            v1::DEAD_LETTER_REASON_NO_ARTICLE);
  EXPECT_EQ(DeadLetterReasonOf(absl::UnimplementedError("")),
            v1::DEAD_LETTER_REASON_UNSUPPORTED_MEDIA_TYPE);
  EXPECT_EQ(DeadLetterReasonOf(absl::ResourceExhaustedError("")),
            v1::DEAD_LETTER_REASON_TOO_LARGE);
  EXPECT_EQ(DeadLetterReasonOf(absl::InvalidArgumentError("")),
            v1::DEAD_LETTER_REASON_UNPARSABLE);
}

TEST(ExtractTest, SniffsWhereTheServerSaidNothing) {
  const std::string html = Html(Paragraphs(4));
  EXPECT_EQ(Lines(Extract(PageOf("https://news.example/a", "", html))).size(),
            4u);
  EXPECT_EQ(
      Lines(
          Extract(PageOf(
              "https://news.example/a", "",
              "A first paragraph of plain text that has some length.\n\nAnd a "
              "second one, which is a sentence as well.\n")))
          .size(),
      2u);
}

TEST(ExtractTest, ExplainsEveryBlock) {
  ExtractOptions options;
  options.explain = true;
  const std::string html = Html(absl::StrCat(
      "<nav>Home and away</nav><article>", Paragraphs(4), "</article>"));
  const absl::StatusOr<Extraction> extraction = ExtractArticle(
      PageOf("https://news.example/a", "text/html", html), options);
  ASSERT_TRUE(extraction.ok());
  ASSERT_EQ(extraction->explanation.blocks_size(), 5);
  EXPECT_FALSE(extraction->explanation.blocks(0).kept());
  EXPECT_EQ(extraction->explanation.blocks(0).rule(), "navigation");
  EXPECT_EQ(extraction->explanation.blocks(0).block_index(), -1);
  EXPECT_TRUE(extraction->explanation.blocks(1).kept());
  EXPECT_EQ(extraction->explanation.blocks(1).block_index(), 0);
  EXPECT_THAT(extraction->explanation.blocks(1).path(), HasSubstr("article"));
  EXPECT_EQ(extraction->explanation.blocks(0).score(), 0);
  EXPECT_EQ(extraction->explanation.blocks(1).score(), 1);
}

TEST(ExtractTest, ScoresWhatOfABlockCountsAsText) {
  ExtractOptions options;
  options.explain = true;
  const absl::StatusOr<Extraction> extraction = ExtractArticle(
      PageOf("https://news.example/a", "text/html",
             Html(absl::StrCat(
                 "<article><h2>A heading of the text</h2>", Paragraphs(4),
                 "<p>Half of this is <a href=/x>a link to words "
                 "elsewhere</a> and half is not.</p></article>"))),
      options);
  ASSERT_TRUE(extraction.ok());
  const auto& blocks = extraction->explanation.blocks();
  ASSERT_EQ(blocks.size(), 6);
  EXPECT_EQ(blocks[0].score(), 0);
  EXPECT_EQ(blocks[1].score(), 1);
  EXPECT_GT(blocks[5].score(), 0.4);
  EXPECT_LT(blocks[5].score(), 0.7);
}

TEST(ExtractTest, ExplainsPagesWithoutArticle) {
  const v1::RawPage page =
      PageOf("https://news.example/", "text/html",
             Html("<nav><a href=/a>Home</a></nav><div>Just a "
                  "moment</div><div>Checking your browser</div>"));
  Extraction extraction;
  const absl::Status status = ExplainArticle(page, {}, &extraction);
  EXPECT_EQ(status, ExtractArticle(page, {}).status());
  EXPECT_EQ(status.code(), absl::StatusCode::kNotFound);
  ASSERT_EQ(extraction.explanation.blocks_size(), 3);
  for (const v1::BlockExplanation& block : extraction.explanation.blocks()) {
    EXPECT_FALSE(block.kept());
    EXPECT_NE(block.rule(), "");
    EXPECT_NE(block.reason(), "");
    EXPECT_EQ(block.block_index(), -1);
  }
  EXPECT_GT(extraction.explanation.evidence_size(), 0);
  EXPECT_EQ(extraction.article.headline(), "The mill reopens");
}

TEST(ExtractTest, ExplainsAnArticleAsItExtractsIt) {
  const v1::RawPage page =
      PageOf("https://news.example/a", "text/html",
             Html(absl::StrCat("<article>", Paragraphs(4), "</article>")));
  ExtractOptions options;
  options.explain = true;
  Extraction explained;
  ASSERT_TRUE(ExplainArticle(page, {}, &explained).ok());
  const absl::StatusOr<Extraction> extracted = ExtractArticle(page, options);
  EXPECT_EQ(explained.article.SerializeAsString(),
            extracted->article.SerializeAsString());
  EXPECT_EQ(explained.explanation.SerializeAsString(),
            extracted->explanation.SerializeAsString());
}

}  // namespace
}  // namespace dateline

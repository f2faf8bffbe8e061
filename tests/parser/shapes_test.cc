// Pages in the shapes that content systems of many languages give them: each
// .html in tests/data/extract/shapes has a .txt with what is in it.

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/parser/pages.h"

namespace dateline {
namespace {

using ::testing::ElementsAreArray;

constexpr char kShapes[] = DATELINE_SOURCE_DIR "/tests/data/extract/shapes/";

// After all of them were published: 1 January 2025.
constexpr int64_t kFetched = 1735689600;

// "headline: …", "authors: A; B" and "published: RFC 3339", an empty line, and
// the body's lines as Lines() gives them, without images.
struct Expected {
  std::string headline;
  std::string authors;
  std::string published;
  std::vector<std::string> lines;
};

Expected ReadExpected(const std::string& name) {
  Expected expected;
  const std::string text = ReadFileOrEmpty(absl::StrCat(kShapes, name, ".txt"));
  bool in_body = false;
  for (absl::string_view line :
       absl::StrSplit(absl::StripSuffix(text, "\n"), '\n')) {
    if (in_body) {
      expected.lines.emplace_back(line);
    } else if (line.empty()) {
      in_body = true;
    } else if (absl::ConsumePrefix(&line, "headline: ")) {
      expected.headline = std::string(line);
    } else if (absl::ConsumePrefix(&line, "authors: ")) {
      expected.authors = std::string(line);
    } else if (absl::ConsumePrefix(&line, "published: ")) {
      expected.published = std::string(line);
    }
  }
  return expected;
}

std::vector<std::string> LinesOfText(const v1::Article& article) {
  std::vector<std::string> lines;
  for (const std::string& block : Lines(article)) {
    if (absl::StartsWith(block, "image: ")) continue;
    for (absl::string_view line : absl::StrSplit(block, '\n')) {
      lines.emplace_back(line);
    }
  }
  return lines;
}

std::vector<std::string> Names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kShapes)) {
    if (entry.path().extension() == ".html") {
      names.push_back(entry.path().stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

class ShapeTest : public ::testing::TestWithParam<std::string> {};

TEST_P(ShapeTest, GivesWhatAReaderSees) {
  const Expected expected = ReadExpected(GetParam());
  v1::RawPage page =
      PageOf("https://news.example/story", "text/html",
             ReadFileOrEmpty(absl::StrCat(kShapes, GetParam(), ".html")));
  page.mutable_fetch_time()->set_seconds(kFetched);
  const absl::StatusOr<Extraction> extraction = ExtractArticle(page, {});
  ASSERT_TRUE(extraction.ok()) << extraction.status();
  const v1::Article& article = extraction->article;
  EXPECT_EQ(article.headline(), expected.headline);
  EXPECT_EQ(absl::StrJoin(article.authors(), "; ",
                          [](std::string* out, const v1::Author& author) {
                            out->append(author.name());
                          }),
            expected.authors);
  EXPECT_EQ(absl::FormatTime(
                "%Y-%m-%dT%H:%M:%SZ",
                absl::FromUnixSeconds(article.publish_time().time().seconds()),
                absl::UTCTimeZone()),
            expected.published);
  EXPECT_THAT(LinesOfText(article), ElementsAreArray(expected.lines));
}

std::string NameOf(const ::testing::TestParamInfo<std::string>& shape) {
  return absl::StrReplaceAll(shape.param, {{"-", "_"}});
}

INSTANTIATE_TEST_SUITE_P(Pages, ShapeTest, ::testing::ValuesIn(Names()),
                         NameOf);

}  // namespace
}  // namespace dateline

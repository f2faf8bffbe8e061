// dateline-extract's lines: one in, one out.
#include "parser/core/extract_line.h"

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/parser/pages.h"

namespace dateline {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

using Json = nlohmann::ordered_json;

Json Answer(absl::string_view html, bool explain = false,
            absl::string_view id = "7") {
  return Json::parse(ExtractLine(
      absl::StrCat("{\"id\":", id, ",\"url\":\"https://news.example/story\",",
                   "\"html_base64\":\"", absl::Base64Escape(html), "\"}"),
      explain));
}

std::string LiveBlog(absl::string_view updates) {
  return absl::StrCat(
      "<script type=application/ld+json>{\"@type\":\"LiveBlogPosting\","
      "\"headline\":\"Storm\",\"liveBlogUpdate\":[",
      updates, "]}</script><h1>Storm</h1>");
}

TEST(ExtractLineTest, AnswersWithTheQuestionsId) {
  for (const char* id : {"7", "-3", "\"a\"", "null", "[1,{\"b\":2}]", "1.5",
                         "18446744073709551616", "99999999999999999999999",
                         "{\"n\":18446744073709551616}"}) {
    const std::string line = ExtractLine(
        absl::StrCat("{\"id\":", id, ",\"url\":\"https://news.example/story\",",
                     "\"html_base64\":\"",
                     absl::Base64Escape(Html(Paragraphs(3))), "\"}"),
        false);
    EXPECT_THAT(line, HasSubstr("\"body\":")) << id;
    EXPECT_EQ(Json::parse(line)["id"], Json::parse(id)) << line;
  }
  EXPECT_THAT(ExtractLine("no JSON", false), HasSubstr("\"error\":"));
}

TEST(ExtractLineTest, ExplainsPagesWithoutArticle) {
  const Json answer = Answer(
      Html("<nav><a href=/a>Politics</a><a href=/b>Sport</a></nav>"), true);
  EXPECT_TRUE(answer.contains("error"));
  ASSERT_TRUE(answer.contains("blocks"));
  ASSERT_FALSE(answer["blocks"].empty());
  for (const Json& block : answer["blocks"]) {
    EXPECT_EQ(block["kept"], false);
  }
}

TEST(ExtractLineTest, JoinsUpdatesWithoutEmptyLines) {
  const Json answer = Answer(LiveBlog(
      R"({"headline":"The gate is shut"},{"headline":"The bridge is up",)"
      R"("articleBody":"Lorries wait on the quay."},{"articleBody":"It )"
      R"(rains."},{"headline":"The gate is open"})"));
  EXPECT_EQ(answer["body"],
            "The gate is shut\n\nThe bridge is up\n\nLorries wait on the "
            "quay.\n\nIt rains.\n\nThe gate is open");
}

}  // namespace
}  // namespace dateline

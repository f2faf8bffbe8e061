#include "tests/parser/pages.h"

#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"
#include "parser/core/article_text.h"

namespace dateline {

v1::RawPage PageOf(absl::string_view url, absl::string_view media_type,
                   absl::string_view body) {
  v1::RawPage page;
  page.set_url(std::string(url));
  page.set_requested_url(std::string(url));
  page.set_media_type(std::string(media_type));
  page.set_body(std::string(body));
  page.set_status(200);
  page.mutable_fetch_time()->set_seconds(1700000000);
  return page;
}

v1::Article ArticleOf(absl::string_view html) {
  const absl::StatusOr<Extraction> extraction = ExtractArticle(
      PageOf("https://news.example/story", "text/html", html), {});
  EXPECT_TRUE(extraction.ok()) << extraction.status();
  return extraction.ok() ? extraction->article : v1::Article();
}

std::string Html(absl::string_view body) {
  return absl::StrCat(
      "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<title>The mill reopens</title></head><body>",
      body, "</body></html>");
}

std::string Paragraphs(int count) {
  static constexpr const char* kSentences[] = {
      "The old mill by the river opened its doors again on Friday, after two "
      "years of repairs and a long quarrel over who would pay.",
      "Its owner, a cooperative of forty bakers, said the first flour would be "
      "sold in the square, under the same clock, before the end of the month.",
      "Neighbours had feared the noise, but the new wheel turns on rubber, and "
      "from the bridge one hears the water rather than the stones.",
      "The town paid a third of the costs, the state another, and the rest "
      "came "
      "from small sums that people left in a jar at the station.",
      "On Friday evening the band played until the lamps went out, and the "
      "miller, who had not spoken all day, asked for one more waltz."};
  std::string all;
  for (int i = 0; i < count; ++i) {
    absl::StrAppend(&all, "<p>", kSentences[i % 5],
                    i < 5 ? "" : absl::StrCat(" (", i, ")"), "</p>\n");
  }
  return all;
}

std::vector<std::string> Lines(const v1::Article& article) {
  std::vector<std::string> lines;
  for (const v1::Block& block : article.body()) {
    switch (block.content_case()) {
      case v1::Block::kParagraph:
        lines.push_back(absl::StrCat("paragraph: ", BlockText(block)));
        break;
      case v1::Block::kHeading:
        lines.push_back(absl::StrCat("heading ", block.heading().level(), ": ",
                                     BlockText(block)));
        break;
      case v1::Block::kListItem:
        lines.push_back(absl::StrCat("list_item: ", BlockText(block)));
        break;
      case v1::Block::kQuote:
        lines.push_back(absl::StrCat("quote: ", BlockText(block)));
        break;
      case v1::Block::kPullQuote:
        lines.push_back(absl::StrCat("pull_quote: ", BlockText(block)));
        break;
      case v1::Block::kTable:
        lines.push_back(absl::StrCat("table: ", BlockText(block)));
        break;
      case v1::Block::kImage:
        lines.push_back(absl::StrCat("image: ", block.image().url()));
        break;
      case v1::Block::kEmbed:
        lines.push_back(absl::StrCat("embed: ", block.embed().url()));
        break;
      case v1::Block::CONTENT_NOT_SET:
        lines.push_back("empty");
        break;
    }
  }
  return lines;
}

std::string ReadFileOrEmpty(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return in ? out.str() : "";
}

}  // namespace dateline

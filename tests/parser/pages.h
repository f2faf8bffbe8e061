#ifndef DATELINE_TESTS_PARSER_PAGES_H_
#define DATELINE_TESTS_PARSER_PAGES_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dateline/v1/article.pb.h"
#include "dateline/v1/page.pb.h"
#include "parser/core/extract.h"

namespace dateline {

// A page as the fetcher would have received it.
v1::RawPage PageOf(absl::string_view url, absl::string_view media_type,
                   absl::string_view body);

// The article of an HTML page at https://news.example/story; the test fails
// where there is none.
v1::Article ArticleOf(absl::string_view html);

// An HTML page around `body`.
std::string Html(absl::string_view body);

// `count` paragraphs of running text in <p>, each different.
std::string Paragraphs(int count);

// "paragraph: text", "heading 2: text", "list_item: text", "quote: text",
// "pull_quote: text", "table: text", "image: url", "embed: url".
std::vector<std::string> Lines(const v1::Article& article);

// The bytes of a file; empty where there is none.
std::string ReadFileOrEmpty(const std::string& path);

}  // namespace dateline

#endif  // DATELINE_TESTS_PARSER_PAGES_H_

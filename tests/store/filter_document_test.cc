// What docs/query.md shows is so.
#include <fstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "store/core/filter/checker.h"

namespace dateline::store::filter {
namespace {

// The lines of the chapter's section of that name.
std::vector<std::string> Section(absl::string_view heading) {
  std::ifstream file(DATELINE_SOURCE_DIR "/docs/query.md");
  std::vector<std::string> lines;
  bool within = false;
  for (std::string line; std::getline(file, line);) {
    if (absl::StartsWith(line, "#")) within = line == heading;
    if (within) lines.push_back(line);
  }
  return lines;
}

// What stands between the first two of `mark`.
std::string Between(const std::string& line, char mark) {
  const size_t begin = line.find(mark) + 1;
  return line.substr(begin, line.find(mark, begin) - begin);
}

TEST(FilterDocument, ExamplesAreFilters) {
  int examples = 0;
  for (const std::string& line : Section("### Examples")) {
    if (!absl::StartsWith(line, "| `")) continue;
    const std::string filter = Between(line, '`');
    EXPECT_TRUE(Compile(filter).ok()) << Compile(filter).status();
    ++examples;
  }
  EXPECT_EQ(examples, 8);
}

TEST(FilterDocument, TableOfFieldsIsComplete) {
  std::vector<std::string> documented;
  for (const std::string& line : Section("### Fields and operators")) {
    if (!absl::StartsWith(line, "| `")) continue;
    const std::string name = Between(line, '`');
    if (FindField(name) == nullptr) continue;
    documented.push_back(name);
    const bool ordered = absl::StrContains(line, "`<`");
    EXPECT_EQ(Compile(name + " < 2026-01-01").ok(), ordered) << name;
    EXPECT_TRUE(Compile(name + ":*").ok()) << name;
  }
  EXPECT_THAT(documented, ::testing::UnorderedElementsAre(
                              "publisher", "domain", "section", "headline",
                              "language", "author", "keyword", "access",
                              "article_type", "publish_time", "fetch_time"));
}

}  // namespace
}  // namespace dateline::store::filter

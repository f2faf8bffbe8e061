#include <gtest/gtest.h>

#include <string>

#include "parser/explain/block_shape.h"

namespace dateline::explain {
namespace {

TEST(ShapeOf, TellsAHeadingAndThePartItStandsIn) {
  const BlockShape shape =
      ShapeOf("body > main#m > div.a > article.story > header > h2.title");
  EXPECT_EQ(shape.kind, BlockKind::kHeading);
  EXPECT_EQ(shape.heading_level, 2);
  EXPECT_EQ(shape.depth, 3);
  EXPECT_EQ(shape.list_level, 0);
  EXPECT_EQ(shape.region, "body > main#m > div.a > article.story > header");
  EXPECT_EQ(shape.region_name, "header");
}

TEST(ShapeOf, CountsNestedLists) {
  const BlockShape shape = ShapeOf("body > ul > li > ol.x > li");
  EXPECT_EQ(shape.kind, BlockKind::kListItem);
  EXPECT_EQ(shape.list_level, 2);
  EXPECT_EQ(shape.region, "");
}

TEST(ShapeOf, TakesTheInnermostKind) {
  EXPECT_EQ(ShapeOf("body > table > tr > td > blockquote > p").kind,
            BlockKind::kQuote);
  EXPECT_EQ(ShapeOf("body > blockquote > h3 > pre").heading_level, 0);
  EXPECT_EQ(ShapeOf("body > blockquote > h3 > pre").kind,
            BlockKind::kPreformatted);
}

TEST(ShapeOf, TakesAnyText) {
  for (const std::string& path :
       {std::string(), std::string(" > "), std::string(" >  > >"),
        std::string("h1h2"), std::string("nav<script>"), std::string("h9"),
        std::string(1000, '>')}) {
    EXPECT_EQ(ShapeOf(path).kind, BlockKind::kText) << path;
    EXPECT_EQ(ShapeOf(path).region, "") << path;
  }
}

}  // namespace
}  // namespace dateline::explain

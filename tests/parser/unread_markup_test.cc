#include "parser/core/unread_markup.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "parser/core/document.h"
#include "parser/core/node.h"

namespace dateline {
namespace {

// The text of a page's body, elements between square brackets.
std::string Outline(absl::string_view html) {
  const absl::StatusOr<Document> document =
      Document::Parse(html, "utf-8", "https://news.example/1");
  if (!document.ok()) return std::string(document.status().message());
  std::string outline;
  Node* body = document->body();
  for (Node* node = NextNode(body, body); node != nullptr;
       node = NextNode(node, body)) {
    if (IsText(node)) {
      absl::StrAppend(&outline, std::string(DataOf(node)));
    } else if (IsElement(node)) {
      absl::StrAppend(&outline, "[", std::string(TagName(node)), "]");
    }
  }
  return outline;
}

TEST(UnreadMarkupTest, LeavesDrawingsOut) {
  EXPECT_EQ(Outline("<p>One <svg viewBox=\"0 0 1 1\"><path d='M0 > 0'/></svg>"
                    "two</p><SVG\n><g><svg/></g></SVG><p>three"),
            "[p]One two[p]three");
}

TEST(UnreadMarkupTest, LeavesOutDrawingsThatHoldTheirOwnEndAsText) {
  EXPECT_EQ(Outline("<p>a<svg><!-- </svg> --><image href=\"</svg>\"/>"
                    "<style>p > q</style></svg>b"),
            "[p]ab");
}

TEST(UnreadMarkupTest, ParsesDrawingThatHoldsHtml) {
  EXPECT_EQ(Outline("<svg><g></g><p>A paragraph ends a drawing.</p></svg>"),
            "[svg][g][p]A paragraph ends a drawing.");
}

TEST(UnreadMarkupTest, ParsesDrawingWithoutEnd) {
  EXPECT_EQ(Outline("<p>a<svg><path d=\"M0\"><p>b</p>"), "[p]a[svg][path][p]b");
  EXPECT_EQ(Outline("<p>a<svg><path d=\"M0><p>b</p>"), "[p]a[svg]");
}

TEST(UnreadMarkupTest, EndsTagsWhereTheStandardDoes) {
  // A slash within an unquoted value closes nothing.
  EXPECT_EQ(Outline("<p>a<svg class=icon/><title>Menu</title></svg>b"),
            "[p]ab");
  EXPECT_EQ(Outline("<p>a<svg class=icon />b</p>"), "[p]ab");
  EXPECT_EQ(Outline("<p>a<svg class='icon'/>b</p>"), "[p]ab");
  EXPECT_EQ(Outline("<p>a<svg hidden/>b</p>"), "[p]ab");
  // White space may stand around the equals sign.
  EXPECT_EQ(Outline("<p>a<svg><path d= \"M0 ></svg>\"/></svg>b"), "[p]ab");
  EXPECT_EQ(Outline("<p>a<svg><path d\n=\n'M0 ></svg>'/></svg>b"), "[p]ab");
  EXPECT_EQ(Outline("<p>a<svg><path d='M0'e='></svg>'/></svg>b"), "[p]ab");
  // A quotation mark within an unquoted value, or a name, holds nothing.
  EXPECT_EQ(Outline("<p>a<svg><path a=b=\" /></svg>b<i title=\"x\">c</i>"),
            "[p]ab[i]c");
  EXPECT_EQ(Outline("<p>a<svg><path a\"=b\" /></svg>b<i title=\"x\">c</i>"),
            "[p]ab[i]c");
  EXPECT_EQ(Outline("<p>a<svg><path =\"></path></svg>b<i title=\"x\">c</i>"),
            "[p]ab[i]c");
  EXPECT_EQ(Outline("<p>a<svg/ ></svg>b"), "[p]ab");
}

TEST(UnreadMarkupTest, ParsesDrawingThatHoldsTagsWhereHtmlMayStand) {
  EXPECT_EQ(Outline("<p>a<svg><desc>One<a>two</svg>three</a></desc></svg>b"),
            "[p]a[svg][desc]One[a]twothreeb");
  EXPECT_EQ(Outline("<p>a<svg><title><style></svg></style>t</title></svg>b"),
            "[p]a[svg][title][style]</svg>tb");
  EXPECT_EQ(Outline("<p>a<svg><foreignObject><a>t</a></foreignObject></svg>b"),
            "[p]a[svg][foreignobject][a]tb");
  EXPECT_EQ(Outline("<p>a<svg><title>t</title><desc>d</desc><a></a></svg>b"),
            "[p]ab");
}

TEST(UnreadMarkupTest, KnowsDrawingsOnlyWhereMarkupIsRead) {
  EXPECT_EQ(Outline("<p title='<svg>'>a</p><textarea><svg></svg></textarea>"
                    "<!-- <svg> --><p>b<svgs></svgs>"),
            "[p]a[textarea]<svg></svg>[p]b[svgs]");
}

TEST(UnreadMarkupTest, LeavesOutTextOfProgramsAndStyleSheets) {
  EXPECT_EQ(Outline("<p><script>if (a < b) { \"<p>\" }</script>a"
                    "<style>p { color: red }</style>"
                    "<script type='application/ld+json'>{\"a\": 1}</script>b"),
            "[p][script]ia[style]p[script]{\"a\": 1}b");
}

TEST(UnreadMarkupTest, ReadsSameWhereverPiecesEnd) {
  for (size_t padding = 8150; padding < 8200; ++padding) {
    const std::string html =
        absl::StrCat("<p>", std::string(padding, 'x'),
                     "<svg a=\"b\"><path/></svg><script>y</script>z");
    EXPECT_EQ(Outline(html),
              absl::StrCat("[p]", std::string(padding, 'x'), "[script]yz"));
  }
}

}  // namespace
}  // namespace dateline

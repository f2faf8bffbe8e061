#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "parser/core/text.h"
#include "parser/explain/html_writer.h"

namespace dateline::explain {
namespace {

std::string Text(absl::string_view text, size_t max_bytes = 1000) {
  HtmlWriter out;
  out.Text(text, max_bytes);
  return std::move(out).Take();
}

std::string Link(absl::string_view url, absl::string_view text) {
  HtmlWriter out;
  out.Link(url, text);
  return std::move(out).Take();
}

TEST(HtmlWriter, EscapesWhatMeansSomethingInContentAndAttributes) {
  EXPECT_EQ(Text("<script>alert(\"1\")</script> & '"),
            "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;");
  EXPECT_EQ(Text("&lt;b&gt;"), "&amp;lt;b&amp;gt;");
}

TEST(HtmlWriter, KeepsTextOfAnyScriptAndItsLines) {
  EXPECT_EQ(Text("“Ferry”\tمدرسة\n東京 👍"), "“Ferry”\tمدرسة\n東京 👍");
}

TEST(HtmlWriter, DropsControlsAndMendsBadUtf8) {
  EXPECT_EQ(Text(absl::string_view("a\0b\x1b\x7f\xc2\x85z", 8)), "abz");
  EXPECT_EQ(Text("a\xff\xc3<"), "a\xef\xbf\xbd\xef\xbf\xbd&lt;");
}

TEST(HtmlWriter, CutsBetweenCodePointsAndSaysSo) {
  EXPECT_EQ(Text("aé<b", 3), "aé…");
  EXPECT_EQ(Text("aé<b", 2), "a…");
  EXPECT_EQ(Text("aé", 3), "aé");
}

TEST(HtmlWriter, GivesValidUtf8ForAnyBytes) {
  std::string bytes;
  for (uint32_t i = 0; i < 65536; ++i) {
    bytes.push_back(static_cast<char>(i * i / 7));
  }
  EXPECT_TRUE(IsValidUtf8(Text(bytes, bytes.size())));
}

TEST(HtmlWriter, LinksToAbsoluteHttpAddressesOnly) {
  EXPECT_EQ(Link("https://news.example/?a=1&b=\"2\"", "x<y"),
            "<a rel=\"noreferrer noopener nofollow\" "
            "href=\"https://news.example/?a=1&amp;b=%222%22\">x&lt;y</a>");
  for (const char* url :
       {"javascript:alert(1)", "JaVaScRiPt:alert(1)", " java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>", "vbscript:x",
        "file:///etc/passwd", "blob:https://news.example/1", "//news.example/",
        "/path", ""}) {
    EXPECT_EQ(Link(url, "x<y"), "x&lt;y") << url;
  }
}

}  // namespace
}  // namespace dateline::explain

#include "common/utf8.h"

#include "gtest/gtest.h"

namespace dateline {
namespace {

TEST(ValidUtf8Test, ReplacesWhatIsNotWellFormed) {
  EXPECT_EQ(ValidUtf8("aé€😀"), "aé€😀");
  EXPECT_EQ(ValidUtf8("a\xF9z"), "a\xEF\xBF\xBDz");
  EXPECT_EQ(ValidUtf8("\xC0\x80"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(ValidUtf8("\xE2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(ValidUtf8("\xED\xA0\x80").size(), 9);
  EXPECT_EQ(ValidUtf8("\xF4\x90\x80\x80").size(), 12);
}

}  // namespace
}  // namespace dateline

#include "common/framing/value_frame.h"

#include <gtest/gtest.h>

#include <string>

#include "dateline/v1/article.pb.h"

namespace dateline {
namespace {

using std::string_literals::operator""s;

TEST(ConfluentFrameTest, IsAsTheRegistrysClientsReadIt) {
  EXPECT_EQ(ConfluentFrame(1, {0}), "\x00\x00\x00\x00\x01\x00"s);
  EXPECT_EQ(ConfluentFrame(0x01020304, {0}), "\x00\x01\x02\x03\x04\x00"s);
  // Two indexes, 1 and 0.
  EXPECT_EQ(ConfluentFrame(100'000, {1, 0}),
            "\x00\x00\x01\x86\xa0\x04\x02\x00"s);
  // One index, 70, of two bytes.
  EXPECT_EQ(ConfluentFrame(7, {70}), "\x00\x00\x00\x00\x07\x02\x8c\x01"s);
}

TEST(MessageIndexesTest, SayWhereAMessageStandsInItsFile) {
  EXPECT_EQ(MessageIndexes(*v1::Article::descriptor()), std::vector<int>{0});
  EXPECT_EQ(MessageIndexes(*v1::Publisher::descriptor()), std::vector<int>{1});
}

TEST(WithoutFrameTest, TakesAFrameOffAndLeavesTheRestAlone) {
  v1::Article article;
  article.set_uid("a");
  const std::string plain = article.SerializeAsString();
  EXPECT_EQ(WithoutFrame(plain), plain);
  EXPECT_EQ(WithoutFrame(""), "");
  for (const std::vector<int>& indexes :
       {std::vector<int>{0}, {1}, {0, 3}, {300, 2, 1}}) {
    EXPECT_EQ(WithoutFrame(ConfluentFrame(9, indexes) + plain), plain);
  }
  EXPECT_EQ(WithoutFrame(ConfluentFrame(9, {0})), "");
}

TEST(WithoutFrameTest, LeavesABrokenFrameWhichIsNoMessageEither) {
  for (const std::string& broken :
       {"\x00"s, "\x00\x00\x00\x00\x01"s, "\x00\x00\x00\x00\x01\x04\x02"s,
        "\x00\x00\x00\x00\x01\x01"s, "\x00\x00\x00\x00\x01\x80"s,
        "\x00\x00\x00\x00\x01\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"s,
        "\x00\x00\x00\x00\x01\xfe\xff\xff\xff\x0f"s}) {
    EXPECT_EQ(WithoutFrame(broken), broken);
    v1::Article article;
    EXPECT_FALSE(ParseValue(broken, &article));
  }
}

TEST(ParseValueTest, ReadsAMessageFramedOrNot) {
  v1::Article article;
  article.set_uid("a");
  article.set_headline("News");
  for (const std::string& value :
       {article.SerializeAsString(),
        ConfluentFrame(3, {0}) + article.SerializeAsString()}) {
    v1::Article read;
    ASSERT_TRUE(ParseValue(value, &read));
    EXPECT_EQ(read.SerializeAsString(), article.SerializeAsString());
  }
}

}  // namespace
}  // namespace dateline

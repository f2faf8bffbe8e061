#include "store/core/read_mask.h"

#include <gtest/gtest.h>

#include "store/core/indexed_text.h"
#include "tests/store/test_articles.h"

namespace dateline::store {
namespace {

using ::testing::HasSubstr;

google::protobuf::FieldMask Mask(std::initializer_list<const char*> paths) {
  google::protobuf::FieldMask mask;
  for (const char* path : paths) mask.add_paths(path);
  return mask;
}

v1::Article Masked(const google::protobuf::FieldMask& mask) {
  v1::Article article = MakeDatedArticle("u", 7);
  ApplyReadMask(mask, article);
  return article;
}

TEST(ReadMask, LeavesWhatIsNamed) {
  v1::Article expected;
  expected.set_headline("Headline of u");
  expected.mutable_publish_time()->mutable_time()->set_seconds(7);
  EXPECT_THAT(Masked(Mask({"headline", "publish_time.time"})),
              EqualsProto(expected));
}

TEST(ReadMask, LeavesAllWhereEmptyOrAStar) {
  EXPECT_THAT(Masked(Mask({})), EqualsProto(MakeDatedArticle("u", 7)));
  EXPECT_THAT(Masked(Mask({"*"})), EqualsProto(MakeDatedArticle("u", 7)));
}

TEST(ReadMask, MasksASerializedArticleAsAParsedOne) {
  const std::string bytes = MakeDatedArticle("u", 7).SerializeAsString();
  for (const auto& mask :
       {Mask({}), Mask({"*"}), Mask({"headline", "publish_time"}),
        Mask({"publish_time.time", "uid"})}) {
    const auto masked = MaskSerialized(bytes, mask);
    ASSERT_TRUE(masked.ok()) << masked.status();
    v1::Article article;
    ASSERT_TRUE(article.ParseFromString(*masked));
    EXPECT_THAT(article, EqualsProto(Masked(mask)));
  }
}

TEST(ReadMask, RefusesAPathThatIsNoField) {
  EXPECT_TRUE(CheckReadMask(Mask({"headline", "publisher.name", "*"})).ok());
  for (const char* path : {"title", "headline.x", "", "body.paragraph", "."}) {
    const absl::Status status = CheckReadMask(Mask({path}));
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << path;
    EXPECT_THAT(std::string(status.message()), HasSubstr("read_mask"));
  }
}

TEST(IndexedText, HoldsDeckBodyTablesAndLiveUpdates) {
  v1::Article article = MakeArticle("u", 1, "Headline", "Paragraph");
  article.set_alternative_headline("Deck");
  v1::Table* table = article.add_body()->mutable_table();
  table->set_caption("Caption");
  table->add_rows()->add_cells()->set_text("Cell");
  article.add_body();
  v1::LiveUpdate* update = article.add_live_updates();
  update->set_headline("Update");
  update->add_body()->mutable_quote()->set_text("Quote");
  EXPECT_EQ(IndexedText(article),
            "Deck\nParagraph\nCaption\nCell\nUpdate\nQuote");
}

TEST(ParseMasked, GivesWhatApplyReadMaskLeaves) {
  v1::Article article = MakeDatedArticle("u", 7);
  article.mutable_publisher()->set_name("Dawn");
  article.mutable_publisher()->set_country("PK");
  article.add_keywords("a");
  article.add_minhash(3);
  const std::string bytes = article.SerializeAsString();
  for (const std::vector<const char*>& paths :
       std::vector<std::vector<const char*>>{{},
                                             {"*"},
                                             {"uid"},
                                             {"publisher.name", "body"},
                                             {"minhash", "keywords"},
                                             {"publish_time.time.seconds"}}) {
    google::protobuf::FieldMask mask;
    for (const char* path : paths) mask.add_paths(path);
    v1::Article expected = article;
    ApplyReadMask(mask, expected);
    EXPECT_THAT(ParseMasked(bytes, mask).value(), EqualsProto(expected));
  }
}

TEST(ParseMasked, RefusesWhatIsNoArticle) {
  google::protobuf::FieldMask mask;
  for (const char* path : {"*", "uid"}) {
    mask.clear_paths();
    mask.add_paths(path);
    EXPECT_TRUE(absl::IsDataLoss(ParseMasked("\xff", mask).status()));
    EXPECT_TRUE(absl::IsDataLoss(ParseMasked("\x0a\x05u", mask).status()));
  }
}

}  // namespace
}  // namespace dateline::store

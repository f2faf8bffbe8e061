#include "store/core/serialized_article.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/store/test_articles.h"

namespace dateline::store {
namespace {

v1::Article ArticleOfAllKinds() {
  v1::Article article = MakeDatedArticle("u", 7);
  article.set_headline("Überschrift 北京");
  article.add_keywords("k");
  article.add_authors()->set_name("Ann");
  article.mutable_language()->set_tag("de");
  article.mutable_language()->set_confidence(0.5F);
  article.set_content_sha256("\xff\xfe");
  article.set_access(v1::ACCESS_FREE);
  v1::LiveUpdate& update = *article.add_live_updates();
  update.set_headline("h");
  update.mutable_time()->mutable_time()->set_seconds(1);
  update.add_body()->mutable_paragraph()->set_text("nested");
  article.add_links()->set_block_index(300);
  return article;
}

TEST(SerializedArticle, TakesWhatIsWhole) {
  EXPECT_TRUE(IsSerializedArticle(""));
  EXPECT_TRUE(IsSerializedArticle(ArticleOfAllKinds().SerializeAsString()));
}

TEST(SerializedArticle, AgreesWithTheParserOnEveryCut) {
  const std::string whole = ArticleOfAllKinds().SerializeAsString();
  for (size_t size = 0; size < whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    EXPECT_EQ(IsSerializedArticle(cut), v1::Article().ParseFromString(cut))
        << size;
  }
}

TEST(SerializedArticle, AgreesWithTheParserOnEveryByteInPlaceOfAnother) {
  const std::string whole = ArticleOfAllKinds().SerializeAsString();
  for (size_t at = 0; at < whole.size(); ++at) {
    std::string damaged = whole;
    for (int byte = 0; byte < 256; ++byte) {
      damaged[at] = static_cast<char>(byte);
      EXPECT_EQ(IsSerializedArticle(damaged),
                v1::Article().ParseFromString(damaged))
          << at << " " << byte;
    }
  }
}

TEST(SerializedArticle, NamesTheDamagedOne) {
  const absl::Status status = DamagedArticle("u");
  EXPECT_EQ(status.code(), absl::StatusCode::kDataLoss);
  EXPECT_NE(status.message().find("'u'"), std::string::npos);
}

}  // namespace
}  // namespace dateline::store

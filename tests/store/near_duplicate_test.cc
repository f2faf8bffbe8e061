#include "store/core/near_duplicate.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/store/test_articles.h"

namespace dateline::store {
namespace {

using ::testing::IsEmpty;

// A signature that differs from that of no changes in these values.
std::string Signature(size_t changed_from, size_t changed_to) {
  v1::Article article;
  for (size_t i = 0; i < kSignatureValues; ++i) {
    const bool changed = i >= changed_from && i < changed_to;
    article.add_minhash(static_cast<uint32_t>(changed ? i + 1000 : i));
  }
  return SignatureOf(article);
}

TEST(SignatureOf, IsEmptyWhereThereIsNoneOfTheRightLength) {
  v1::Article article;
  EXPECT_EQ(SignatureOf(article), "");
  article.add_minhash(1);
  EXPECT_EQ(SignatureOf(article), "");
  EXPECT_EQ(Signature(0, 0).size(), 4 * kSignatureValues);
  EXPECT_EQ(Signature(0, 0).substr(4, 4), std::string("\x01\0\0\0", 4));
}

TEST(BandsOf, KeepsTheBandsWhoseValuesAreKept) {
  const std::vector<int64_t> bands = BandsOf(Signature(0, 0));
  ASSERT_EQ(bands.size(), kBands);
  EXPECT_EQ(std::set<int64_t>(bands.begin(), bands.end()).size(), kBands);
  const std::vector<int64_t> other = BandsOf(Signature(4, 7));
  for (size_t band = 0; band < kBands; ++band) {
    EXPECT_EQ(bands[band] == other[band], band != 1 && band != 2) << band;
  }
  EXPECT_THAT(BandsOf(""), IsEmpty());
}

TEST(AreNearDuplicates, AsksForEnoughEqualValuesAndABand) {
  const std::string signature = Signature(0, 0);
  EXPECT_TRUE(AreNearDuplicates(signature, signature));
  EXPECT_TRUE(AreNearDuplicates(signature, Signature(36, 64)));
  EXPECT_FALSE(AreNearDuplicates(signature, Signature(35, 64)));
  // 40 equal values, but every band differs.
  EXPECT_FALSE(AreNearDuplicates(signature, Signature(0, 24)));
  EXPECT_FALSE(AreNearDuplicates("", ""));
  EXPECT_FALSE(AreNearDuplicates(signature, ""));
}

}  // namespace
}  // namespace dateline::store

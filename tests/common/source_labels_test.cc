#include "common/source_labels.h"

#include "gtest/gtest.h"

namespace dateline {
namespace {

TEST(SourceLabelsTest, SourcesHaveTheirNamesUpToABound) {
  SourceLabels labels(2);
  const auto yes = [] { return true; };
  const auto no = [] { return false; };
  EXPECT_EQ(labels.Of("", yes), "none");
  EXPECT_EQ(labels.Of("sources/made-up", no), "other");
  EXPECT_EQ(labels.Of("sources/a", yes), "sources/a");
  EXPECT_EQ(labels.Of("sources/b", yes), "sources/b");
  EXPECT_EQ(labels.Of("sources/c", yes), "other");
  // One that is gone keeps its label for what still ends.
  EXPECT_EQ(labels.Of("sources/a", no), "sources/a");
}

}  // namespace
}  // namespace dateline

#include "fetcher/core/metric_labels.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

TEST(MetricLabelsTest, StatusesThatHttpDoesNotKnowShareLabels) {
  EXPECT_EQ(ReasonLabel("ok"), "ok");
  EXPECT_EQ(ReasonLabel("same_digest"), "same_digest");
  EXPECT_EQ(ReasonLabel("http_404"), "http_404");
  EXPECT_EQ(ReasonLabel("http_503"), "http_503");
  EXPECT_EQ(ReasonLabel("http_499"), "http_4xx");
  EXPECT_EQ(ReasonLabel("http_599"), "http_5xx");
  EXPECT_EQ(ReasonLabel("http_999"), "http_other");
  std::set<std::string> labels;
  for (int status = 0; status < 2000; ++status) {
    labels.insert(ReasonLabel(absl::StrCat("http_", status)));
  }
  EXPECT_LT(labels.size(), 60U);
}

}  // namespace
}  // namespace dateline::fetcher

#include "parser/outcome_metrics.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace dateline {
namespace {

class OutcomeMetricsTest : public ::testing::Test {
 protected:
  void CountArticle(const std::string& source,
                    const std::vector<std::string>& missing = {}) {
    outcomes_.Count(page_, {{}, "article", source, missing}, now_);
  }
  double Articles(const std::string& source) {
    return metrics_
        .Counter("dateline_parser_articles_total", "", {{"source", source}})
        .Value();
  }
  double Without(const std::string& field, const std::string& source) {
    return metrics_
        .Counter("dateline_parser_articles_without_total", "",
                 {{"field", field}, {"source", source}})
        .Value();
  }

  const absl::Time now_ = absl::FromUnixSeconds(1'700'000'000);
  const kafka::Record page_ = [this] {
    kafka::Record page;
    page.partition = {"pages", 0};
    page.timestamp = now_ - absl::Milliseconds(300);
    return page;
  }();
  Metrics metrics_;
  OutcomeMetrics outcomes_{metrics_};
};

TEST_F(OutcomeMetricsTest, CountsWhatArticlesLackBySource) {
  CountArticle("dawn");
  CountArticle("dawn", {"authors", "section"});
  CountArticle("", {"authors"});
  EXPECT_EQ(Articles("dawn"), 2);
  EXPECT_EQ(Without("authors", "dawn"), 1);
  EXPECT_EQ(Without("section", "dawn"), 1);
  EXPECT_EQ(Articles("none"), 1);
  EXPECT_EQ(Without("authors", "none"), 1);
}

TEST_F(OutcomeMetricsTest, DeadLettersLackNothing) {
  outcomes_.Count(page_, {{}, "crashed", "dawn", {}}, now_);
  EXPECT_EQ(Articles("dawn"), 0);
  EXPECT_EQ(
      metrics_
          .Counter("dateline_parser_pages_total", "", {{"outcome", "crashed"}})
          .Value(),
      1);
}

TEST_F(OutcomeMetricsTest, TimesAPageFromItsArrival) {
  CountArticle("dawn");
  const prometheus::Histogram& timed = metrics_.Latency(
      "dateline_parser_outcome_seconds", "", {{"topic", "pages"}});
  EXPECT_EQ(timed.Collect().histogram.sample_count, 1u);
  EXPECT_NEAR(timed.Collect().histogram.sample_sum, 0.3, 1e-6);
}

TEST_F(OutcomeMetricsTest, AThousandSourcesHaveLabelsOfTheirOwn) {
  for (int i = 0; i < 1003; ++i) CountArticle(absl::StrCat("s", i));
  CountArticle("s5");
  EXPECT_EQ(Articles("s5"), 2);
  EXPECT_EQ(Articles("s1001"), 0);
  EXPECT_EQ(Articles("other"), 3);
}

}  // namespace
}  // namespace dateline

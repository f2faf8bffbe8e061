#include "store/core/order_by.h"

#include <gtest/gtest.h>

namespace dateline::store {
namespace {

using Field = ListOrder::Field;

TEST(ParseOrderBy, ReadsAFieldAndADirection) {
  EXPECT_EQ(ParseOrderBy("").value(), (ListOrder{Field::kPublishTime, true}));
  EXPECT_EQ(ParseOrderBy("publish_time").value(),
            (ListOrder{Field::kPublishTime, false}));
  EXPECT_EQ(ParseOrderBy(" publish_time  desc ").value(),
            (ListOrder{Field::kPublishTime, true}));
  EXPECT_EQ(ParseOrderBy("fetch_time asc").value(),
            (ListOrder{Field::kFetchTime, false}));
  EXPECT_EQ(ParseOrderBy("fetch_time desc").value(),
            (ListOrder{Field::kFetchTime, true}));
}

TEST(ParseOrderBy, RefusesWhatItDoesNotKnow) {
  for (const char* order_by :
       {"headline", "publish_time DESC", "publish_time desc x", "desc",
        "publish_time, fetch_time", "publish_time;"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ParseOrderBy(order_by).status()))
        << order_by;
  }
}

}  // namespace
}  // namespace dateline::store

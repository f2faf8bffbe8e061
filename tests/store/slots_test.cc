#include "store/slots.h"

#include <gtest/gtest.h>

namespace dateline::store {
namespace {

TEST(SlotsTest, GivesOutSoManyAndThoseThatCameBack) {
  Slots slots(2);
  EXPECT_TRUE(slots.TryTake());
  EXPECT_TRUE(slots.TryTake());
  EXPECT_FALSE(slots.TryTake());
  slots.GiveBack();
  EXPECT_TRUE(slots.TryTake());
  EXPECT_FALSE(slots.TryTake());
}

TEST(SlotsTest, GivesOutNoneWhileItIsClosed) {
  Slots slots(1);
  EXPECT_TRUE(slots.TryTake());
  slots.Close();
  slots.GiveBack();
  EXPECT_FALSE(slots.TryTake());
  slots.Open();
  EXPECT_TRUE(slots.TryTake());
}

}  // namespace
}  // namespace dateline::store

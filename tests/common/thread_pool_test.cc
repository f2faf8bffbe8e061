#include "common/thread_pool.h"

#include <gtest/gtest.h>

#include <atomic>

#include "absl/synchronization/notification.h"

namespace dateline {
namespace {

TEST(ThreadPool, RunsAllThatWasQueuedBeforeItEnds) {
  std::atomic<int> ran = 0;
  {
    ThreadPool pool(2, 100);
    for (int i = 0; i < 100; ++i) {
      ASSERT_TRUE(pool.TrySchedule([&] { ++ran; }));
    }
  }
  EXPECT_EQ(ran, 100);
}

TEST(ThreadPool, RefusesWorkBeyondItsQueue) {
  absl::Notification started;
  absl::Notification release;
  ThreadPool pool(1, 1);
  ASSERT_TRUE(pool.TrySchedule([&] {
    started.Notify();
    release.WaitForNotification();
  }));
  started.WaitForNotification();
  EXPECT_TRUE(pool.TrySchedule([] {}));
  EXPECT_FALSE(pool.TrySchedule([] {}));
  release.Notify();
}

}  // namespace
}  // namespace dateline

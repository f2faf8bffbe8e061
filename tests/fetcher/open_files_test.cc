#include "fetcher/open_files.h"

#include <sys/resource.h>

#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

TEST(OpenFilesTest, RaisesTheSoftLimitToTheHardOne) {
  rlimit limit = {};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  limit.rlim_cur = limit.rlim_max / 2;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(RaiseOpenFileLimit(), limit.rlim_max);
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  EXPECT_EQ(limit.rlim_cur, limit.rlim_max);
}

TEST(OpenFilesTest, KeepsAsManyConnectionsAsTheLimitLeaves) {
  EXPECT_EQ(IdleConnections(1'048'576, 256), 2048U);
  EXPECT_EQ(IdleConnections(1024, 256), 512U);
  EXPECT_EQ(IdleConnections(256, 256), 1U);
}

}  // namespace
}  // namespace dateline::fetcher

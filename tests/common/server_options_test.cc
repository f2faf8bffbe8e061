#include "common/rpc/server_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace dateline::rpc {
namespace {

using ::testing::HasSubstr;

TEST(IsLoopback, KnowsThisMachinesOwnAddresses) {
  for (const char* address : {"127.0.0.1:7401", "127.9.9.9:0", "[::1]:7401",
                              "localhost:7401", "unix:/run/dateline"}) {
    EXPECT_TRUE(IsLoopback(address)) << address;
  }
}

TEST(IsLoopback, TakesNoOtherForThem) {
  for (const char* address :
       {"0.0.0.0:7401", "[::]:7401", "10.0.0.1:7401", ":7401", "",
        "127.evil.example:7401", "localhost.evil.example:7401", "*:7401"}) {
    EXPECT_FALSE(IsLoopback(address)) << address;
  }
}

TEST(CheckExposure, LetsAnythingListenOnLoopback) {
  EXPECT_TRUE(CheckExposure({}, "127.0.0.1:1").ok());
  EXPECT_TRUE(CheckExposure({.tokens_file = "t"}, "127.0.0.1:1").ok());
}

TEST(CheckExposure, WantsCallersToBeKnownElsewhere) {
  const absl::Status status = CheckExposure({}, "0.0.0.0:1");
  EXPECT_EQ(status.code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("--allow_unauthenticated"));
  // TLS alone tells nothing of a caller.
  EXPECT_FALSE(
      CheckExposure({.tls = {.certificate = "c", .key = "k"}}, "0.0.0.0:1")
          .ok());
  EXPECT_TRUE(
      CheckExposure({.tls = {.certificate = "c", .key = "k", .client_ca = "a"}},
                    "0.0.0.0:1")
          .ok());
  EXPECT_TRUE(CheckExposure({.allow_unauthenticated = true}, "0.0.0.0:1").ok());
}

TEST(CheckExposure, LetsNoTokenGoInPlaintextUnlessTold) {
  EXPECT_FALSE(CheckExposure({.tokens_file = "t"}, "0.0.0.0:1").ok());
  EXPECT_TRUE(
      CheckExposure({.tokens_file = "t", .allow_tokens_over_plaintext = true},
                    "0.0.0.0:1")
          .ok());
  EXPECT_TRUE(CheckExposure(
                  {.tls = {.certificate = "c", .key = "k"}, .tokens_file = "t"},
                  "0.0.0.0:1")
                  .ok());
}

}  // namespace
}  // namespace dateline::rpc

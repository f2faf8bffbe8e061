#include "common/rpc/server_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
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

TEST(CheckLimits, TakesTheDefaultsAndWhatMeansNoBound) {
  EXPECT_TRUE(CheckLimits({}).ok());
  EXPECT_TRUE(
      CheckLimits({.client_limits = {.calls_per_second = 0, .calls_at_once = 0},
                   .min_ping_interval = absl::ZeroDuration(),
                   .max_connection_age = absl::InfiniteDuration()})
          .ok());
}

TEST(CheckLimits, NamesTheFlagThatIsNonsense) {
  const auto told = [](const ServerOptions& options) {
    return std::string(CheckLimits(options).message());
  };
  EXPECT_THAT(told({.client_limits = {.calls_per_second = std::nan("")}}),
              HasSubstr("--max_requests_per_second_per_client must be"));
  EXPECT_THAT(told({.client_limits = {.calls_at_once = -1}}),
              HasSubstr("--max_open_calls_per_client must be"));
  EXPECT_EQ(told({.max_request_bytes = 0}),
            "--max_request_bytes must be at least 1, not 0");
  EXPECT_EQ(told({.min_ping_interval = absl::Seconds(-1)}),
            "--min_ping_interval must be between 0 and 1h, not -1s");
  EXPECT_EQ(told({.min_ping_interval = absl::InfiniteDuration()}),
            "--min_ping_interval must be between 0 and 1h, not inf");
  EXPECT_EQ(told({.max_connection_age = absl::Milliseconds(1)}),
            "--max_connection_age must be at least 1s (inf for no bound), not "
            "1ms");
  EXPECT_THAT(told({.max_connection_age = -absl::InfiniteDuration()}),
              HasSubstr("--max_connection_age must be at least 1s"));
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

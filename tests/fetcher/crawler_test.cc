#include "fetcher/crawler.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "fetcher/core/proto_time.h"
#include "fetcher/core/record_key.h"
#include "gtest/gtest.h"
#include "tests/fetcher/fake_http_client.h"
#include "tests/support/fake_clock.h"

namespace dateline::fetcher {
namespace {

constexpr int64_t kLargeBytes = 10 << 20;

CrawlerOptions Options() {
  CrawlerOptions options;
  options.fetch_concurrency = 64;
  options.max_waiting_bytes = 1 << 20;
  options.max_in_flight_bytes = 4 * kLargeBytes;
  return options;
}

class CrawlerTest : public testing::Test {
 protected:
  CrawlerTest() {
    crawler_.AddPartition(0);
    for (int i = 0; i < 200; ++i) AddHost(absl::StrCat("127.0.1.", i));
    crawler_.FinishLoading(0);
    crawler_.SetSources({}, 1);
  }

  void Apply(const std::string& key, const v1::FrontierRecord& value) {
    kafka::Record record;
    record.partition = {"frontier", 0};
    record.key = key;
    record.value = value.SerializeAsString();
    ASSERT_TRUE(crawler_.Apply(record).ok());
  }
  // A host without robots.txt, of which one URL is due.
  void AddHost(const std::string& host) {
    v1::FrontierRecord record;
    record.mutable_host()->set_host(host);
    record.mutable_host()->set_revision(1);
    record.mutable_host()->set_robots_status(404);
    *record.mutable_host()->mutable_robots_fetch_time() = ToProto(clock_.Now());
    Apply(HostKey(host), record);
    const std::string url = absl::StrCat("http://", host, "/");
    record.mutable_submission()->set_url(url);
    *record.mutable_submission()->mutable_submit_time() = ToProto(clock_.Now());
    Apply(SubmissionKey(url), record);
  }

  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  FakeHttpClient http_{&clock_};
  Crawler crawler_{Options(), &http_, &clock_};
};

TEST_F(CrawlerTest, AsksForLessAtOnceWhereAnswersAreLarge) {
  for (int i = 0; i < 200; ++i) {
    FetchResult large;
    large.error = FetchError::kTooLarge;
    large.status = 200;
    large.body_bytes = kLargeBytes;
    http_.SetResult(absl::StrCat("http://127.0.1.", i, "/"), large);
  }
  crawler_.Pump();
  EXPECT_EQ(crawler_.InFlight(), 64U);
  ASSERT_TRUE(http_.AnswerAll());
  EXPECT_GE(crawler_.InFlight(), 1U);
  EXPECT_LE(crawler_.InFlight(), 5U);
}

TEST_F(CrawlerTest, HeadersCountAsBodiesDo) {
  for (int i = 0; i < 200; ++i) {
    FetchResult large;
    large.status = 204;
    large.headers.emplace_back().set_value(std::string(256 << 10, 'x'));
    http_.SetResult(absl::StrCat("http://127.0.1.", i, "/"), large);
  }
  crawler_.Pump();
  while (http_.AnswerAll()) {
  }
  EXPECT_LT(http_.requests().size(), 100U);
  // Not all at once either; and what is given back makes room.
  const std::vector<EndedFetch> ended = crawler_.TakeEnded({.bytes = 1 << 20});
  EXPECT_LE(ended.size(), 4U);
  EXPECT_FALSE(ended.empty());
}

TEST_F(CrawlerTest, WhatHasEndedWaitsForABatch) {
  FetchResult answer;
  answer.body = "x";
  answer.status = 200;
  for (int i = 0; i < 2; ++i) {
    http_.SetResult(absl::StrCat("http://127.0.1.", i, "/"), answer);
  }
  const BatchBounds bounds = {.wait = absl::Milliseconds(100)};
  EXPECT_FALSE(crawler_.HasBatch(bounds));
  crawler_.Pump();
  ASSERT_GT(crawler_.InFlight(), 1U);
  ASSERT_TRUE(http_.AnswerAll());
  EXPECT_TRUE(crawler_.HasEnded());
  ASSERT_GT(crawler_.InFlight(), 0U);
  EXPECT_FALSE(crawler_.HasBatch(bounds));
  EXPECT_TRUE(crawler_.HasBatch({.fetches = 1, .wait = bounds.wait}));
  EXPECT_TRUE(crawler_.HasBatch({.bytes = 1, .wait = bounds.wait}));
  clock_.Advance(bounds.wait);
  EXPECT_TRUE(crawler_.HasBatch(bounds));
}

TEST_F(CrawlerTest, NothingWaitsForABatchBehindTheLastRequest) {
  const BatchBounds bounds = {.wait = absl::Milliseconds(100)};
  crawler_.Pump();
  ASSERT_TRUE(http_.AnswerAll());
  ASSERT_GT(crawler_.InFlight(), 0U);
  EXPECT_FALSE(crawler_.HasBatch(bounds));
  crawler_.StopTaking();
  EXPECT_TRUE(crawler_.HasBatch(bounds));
}

}  // namespace
}  // namespace dateline::fetcher

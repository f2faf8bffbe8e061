#include "fetcher/core/partition_of.h"

#include <algorithm>
#include <vector>

#include "absl/strings/str_cat.h"
#include "fetcher/core/record_key.h"
#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

// These stand in topics: they must never change.
TEST(PartitionOfTest, IsStable) {
  EXPECT_EQ(PartitionOfHost("www.example.com", 12), 6);
  EXPECT_EQ(PartitionOfHost("news.example.org", 12), 3);
  EXPECT_EQ(PartitionOfHost("127.0.0.1:8080", 12), 6);
  EXPECT_EQ(PartitionOfHost("", 12), 2);
}

TEST(PartitionOfTest, UrlsOfAHostAreInOnePartition) {
  const int32_t partition = PartitionOfHost("news.example:8080", 64);
  EXPECT_EQ(PartitionOfUrl("http://news.example:8080/a?b", 64).value(),
            partition);
  EXPECT_EQ(PartitionOfUrl("https://NEWS.example:8080/", 64).value(),
            partition);
  EXPECT_FALSE(PartitionOfUrl("no url", 64).ok());
}

TEST(PartitionOfTest, SpreadsHostsEvenly) {
  std::vector<int> counts(12, 0);
  for (int i = 0; i < 12'000; ++i) {
    ++counts[static_cast<size_t>(
        PartitionOfHost(absl::StrCat("site-", i, ".example"), 12))];
  }
  EXPECT_GT(*std::min_element(counts.begin(), counts.end()), 850);
  EXPECT_LT(*std::max_element(counts.begin(), counts.end()), 1150);
}

TEST(RecordKeyTest, TellsKindsApart) {
  const std::string url = "http://news.example/host/submit/1";
  EXPECT_EQ(ParseRecordKey(UrlKey(url)).kind, RecordKind::kUrl);
  EXPECT_EQ(ParseRecordKey(UrlKey(url)).name, url);
  const std::string host = HostKey("news.example");
  EXPECT_EQ(ParseRecordKey(host).kind, RecordKind::kHost);
  EXPECT_EQ(ParseRecordKey(host).name, "news.example");
  const std::string submission = SubmissionKey(url);
  EXPECT_EQ(ParseRecordKey(submission).kind, RecordKind::kSubmission);
  EXPECT_EQ(ParseRecordKey(submission).name, url);
}

}  // namespace
}  // namespace dateline::fetcher

#include "fetcher/warc_archive.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/url.h"
#include "fetcher/core/warc/warc_page.h"
#include "fetcher/core/warc/warc_reader.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/store/temporary_directory.h"
#include "tests/support/fake_clock.h"

namespace dateline::fetcher {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

std::string UrlOf(int number) {
  return absl::StrCat("http://a.example/", number);
}

FetchResult Answer(int number) {
  FetchResult answer;
  answer.url = UrlOf(number);
  answer.status = 200;
  for (const auto& [name, value] : {std::pair{"Content-Type", "text/html"},
                                    std::pair{"Content-Encoding", "gzip"}}) {
    v1::HttpHeader& header = answer.headers.emplace_back();
    header.set_name(name);
    header.set_value(value);
  }
  // Not to be compressed to nothing.
  answer.body = absl::StrCat("<p>", number);
  uint32_t random = static_cast<uint32_t>(number) + 1;
  for (int i = 0; i < 1000; ++i) {
    random = random * 1664525 + 1013904223;
    answer.body += static_cast<char>('a' + (random >> 24) % 26);
  }
  answer.address = "192.0.2.1";
  v1::Redirect& redirect = answer.redirects.emplace_back();
  redirect.set_url("http://a.example/asked-for");
  redirect.set_status(301);
  answer.end_time = kNow;
  return answer;
}

v1::UrlEntry Entry() {
  v1::UrlEntry entry;
  entry.set_url("http://a.example/asked-for");
  entry.mutable_hints()->set_title("Hint");
  return entry;
}

std::string Bytes(const std::filesystem::path& path) {
  std::ostringstream bytes;
  bytes << std::ifstream(path, std::ios::binary).rdbuf();
  return bytes.str();
}

struct Reading {
  std::vector<WarcRecord> records;
  std::map<std::string, int64_t> skipped;
};

Reading Read(const std::filesystem::path& path) {
  WarcReader reader({});
  reader.Feed(Bytes(path));
  reader.Finish();
  Reading reading;
  while (auto record = reader.Next()) {
    reading.records.push_back(*std::move(record));
  }
  reading.skipped = reader.skipped();
  return reading;
}

class WarcArchiveTest : public testing::Test {
 protected:
  std::vector<std::string> Files() const {
    std::vector<std::string> names;
    for (const auto& file :
         std::filesystem::directory_iterator(folder_.path())) {
      names.push_back(file.path().filename().string());
    }
    std::sort(names.begin(), names.end());
    return names;
  }
  std::vector<std::string> Urls(const std::string& name) const {
    const Reading reading = Read(folder_.path() / name);
    EXPECT_THAT(reading.skipped, IsEmpty());
    std::vector<std::string> urls;
    for (const WarcRecord& record : reading.records) {
      if (record.Field("WARC-Type") != "response") continue;
      urls.emplace_back(record.Field("WARC-Target-URI"));
    }
    return urls;
  }
  double Count(const std::string& name) {
    return metrics_.Counter(absl::StrCat("dateline_fetcher_", name), "")
        .Value();
  }

  TemporaryDirectory folder_;
  WarcFileOptions options_ = {.directory = folder_.path().string(),
                              .replica = "fetcher/0",
                              .software = "Dateline/1",
                              .contact = "desk@a.example"};
  FakeClock clock_{kNow};
  Metrics metrics_;
};

TEST_F(WarcArchiveTest, WhatIsWrittenReadsBackAsThePage) {
  WarcFileWriter writer(options_);
  WarcArchive archive(&writer, &clock_, &metrics_);
  archive.Add(Entry(), Answer(1));
  EXPECT_TRUE(archive.Step(absl::ZeroDuration()));
  EXPECT_THAT(
      Files(),
      ElementsAre("dateline-20231114221320-00001-fetcher_0.warc.gz.open"));
  archive.Stop();
  EXPECT_FALSE(archive.Step(absl::ZeroDuration()));
  ASSERT_THAT(Files(),
              ElementsAre("dateline-20231114221320-00001-fetcher_0.warc.gz"));
  const Reading reading = Read(folder_.path() / Files()[0]);
  EXPECT_THAT(reading.skipped, IsEmpty());
  ASSERT_THAT(reading.records, SizeIs(2));
  const WarcRecord& info = reading.records[0];
  EXPECT_EQ(info.Field("WARC-Type"), "warcinfo");
  EXPECT_EQ(info.Field("WARC-Filename"), Files()[0]);
  EXPECT_THAT(info.block, testing::HasSubstr("software: Dateline/1\r\n"));
  EXPECT_THAT(info.block, testing::HasSubstr("operator: desk@a.example\r\n"));
  const WarcRecord& response = reading.records[1];
  EXPECT_EQ(response.Field("WARC-Warcinfo-ID"), info.Field("WARC-Record-ID"));
  EXPECT_EQ(response.Field("WARC-IP-Address"), "192.0.2.1");
  const WarcPage page = PageOfRecord(response, "f", 10'000);
  ASSERT_TRUE(page.page.has_value()) << page.reason;
  EXPECT_EQ(page.page->url(), UrlOf(1));
  EXPECT_EQ(page.page->body(), Answer(1).body);
  EXPECT_EQ(page.page->requested_url(), "http://a.example/asked-for");
  EXPECT_EQ(page.page->uid(), PageUid("http://a.example/asked-for"));
  EXPECT_THAT(page.page->redirects(), SizeIs(1));
  EXPECT_EQ(page.page->hints().title(), "Hint");
  EXPECT_EQ(page.page->media_type(), "text/html");
  EXPECT_EQ(Count("archived_pages_total"), 1);
}

TEST_F(WarcArchiveTest, BeginsAnotherFileBySize) {
  options_.max_bytes = 2000;
  {
    WarcFileWriter writer(options_);
    WarcArchive archive(&writer, &clock_, &metrics_);
    for (int i = 0; i < 4; ++i) archive.Add(Entry(), Answer(i));
    EXPECT_TRUE(archive.Step(absl::ZeroDuration()));
  }
  ASSERT_THAT(Files(), SizeIs(2));
  EXPECT_THAT(Urls(Files()[0]), ElementsAre(UrlOf(0), UrlOf(1)));
  EXPECT_THAT(Urls(Files()[1]), ElementsAre(UrlOf(2), UrlOf(3)));
}

TEST_F(WarcArchiveTest, ClosesAnOldFileThoughNothingComes) {
  WarcFileWriter writer(options_);
  WarcArchive archive(&writer, &clock_, &metrics_);
  archive.Add(Entry(), Answer(1));
  EXPECT_TRUE(archive.Step(absl::ZeroDuration()));
  clock_.Advance(absl::Minutes(59));
  EXPECT_TRUE(archive.Step(absl::ZeroDuration()));
  EXPECT_TRUE(absl::EndsWith(Files().at(0), ".open"));
  clock_.Advance(absl::Minutes(1));
  EXPECT_TRUE(archive.Step(absl::ZeroDuration()));
  EXPECT_THAT(Files(),
              ElementsAre("dateline-20231114221320-00001-fetcher_0.warc.gz"));
  archive.Add(Entry(), Answer(2));
  EXPECT_TRUE(archive.Step(absl::ZeroDuration()));
  EXPECT_THAT(Files(), SizeIs(2));
}

// A limit on the size of files fails writes half-way, as a full disk does.
TEST_F(WarcArchiveTest, AFullDiskLosesPagesForTheArchiveOnly) {
  signal(SIGXFSZ, SIG_IGN);
  rlimit before = {};
  ASSERT_EQ(getrlimit(RLIMIT_FSIZE, &before), 0);
  const auto limit = [&](rlim_t bytes) {
    const rlimit limited = {bytes, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_FSIZE, &limited), 0);
  };
  WarcFileWriter writer(options_);
  WarcArchive archive(&writer, &clock_, &metrics_);
  limit(100);
  archive.Add(Entry(), Answer(0));
  EXPECT_TRUE(archive.Step(absl::ZeroDuration()));
  EXPECT_THAT(Files(), IsEmpty());
  limit(2000);
  for (int i = 1; i < 5; ++i) archive.Add(Entry(), Answer(i));
  EXPECT_TRUE(archive.Step(absl::ZeroDuration()));
  limit(before.rlim_cur);
  EXPECT_EQ(Count("archive_lost_pages_total"), 4);
  EXPECT_EQ(Count("archived_pages_total"), 1);
  archive.Add(Entry(), Answer(5));
  archive.Stop();
  EXPECT_FALSE(archive.Step(absl::ZeroDuration()));
  ASSERT_THAT(Files(), SizeIs(1));
  EXPECT_THAT(Urls(Files()[0]), ElementsAre(UrlOf(1), UrlOf(5)));
}

TEST_F(WarcArchiveTest, AKilledWriterLeavesAReadableFile) {
  int ready[2];
  ASSERT_EQ(pipe(ready), 0);
  const pid_t child = fork();
  if (child == 0) {
    WarcFileWriter writer(options_);
    WarcArchive archive(&writer, &clock_, &metrics_);
    for (int i = 0;; ++i) {
      archive.Add(Entry(), Answer(i));
      archive.Step(absl::ZeroDuration());
      if (i == 50 && write(ready[1], "r", 1) != 1) _exit(1);
    }
  }
  char byte = 0;
  ASSERT_EQ(read(ready[0], &byte, 1), 1);
  close(ready[0]);
  close(ready[1]);
  ASSERT_EQ(kill(child, SIGKILL), 0);
  ASSERT_EQ(waitpid(child, nullptr, 0), child);
  ASSERT_THAT(Files(), SizeIs(1));
  EXPECT_TRUE(absl::EndsWith(Files()[0], ".warc.gz.open"));
  EXPECT_GT(Read(folder_.path() / Files()[0]).records.size(), 51U);

  ASSERT_TRUE(WarcFileWriter(options_).TakeUpLeftovers().ok());
  ASSERT_THAT(Files(),
              ElementsAre("dateline-20231114221320-00001-fetcher_0.warc.gz"));
  const std::vector<std::string> urls = Urls(Files()[0]);
  for (size_t i = 0; i < urls.size(); ++i) {
    EXPECT_EQ(urls[i], UrlOf(static_cast<int>(i)));
  }
}

TEST_F(WarcArchiveTest, CutsOffWhatACrashLeftHalfWritten) {
  const std::string name = "dateline-1-00001-fetcher_0.warc.gz";
  {
    WarcFileWriter writer(options_);
    WarcArchive archive(&writer, &clock_, &metrics_);
    archive.Add(Entry(), Answer(1));
    archive.Add(Entry(), Answer(2));
    EXPECT_TRUE(archive.Step(absl::ZeroDuration()));
  }
  const std::string whole = Bytes(folder_.path() / Files().at(0));
  std::filesystem::remove(folder_.path() / Files()[0]);
  std::ofstream(folder_.File(name + ".open"), std::ios::binary)
      << whole.substr(0, whole.size() - 10);
  std::ofstream(folder_.File("dateline-1-00002-fetcher_0.warc.gz.open"));
  std::ofstream(folder_.File("dateline-1-00001-fetcher_1.warc.gz.open"));
  ASSERT_TRUE(WarcFileWriter(options_).TakeUpLeftovers().ok());
  EXPECT_THAT(Files(),
              ElementsAre(name, "dateline-1-00001-fetcher_1.warc.gz.open"));
  EXPECT_THAT(Urls(name), ElementsAre(UrlOf(1)));
}

TEST_F(WarcArchiveTest, KeepsWholeRecordsOfAnySizeItMayWrite) {
  const std::string name = "dateline-1-00001-fetcher_0.warc.gz";
  FetchResult large = Answer(1);
  large.body.assign(65 << 20, 'x');
  {
    WarcFileWriter writer(options_);
    WarcArchive archive(&writer, &clock_, &metrics_);
    archive.Add(Entry(), Answer(0));
    archive.Add(Entry(), std::move(large));
    EXPECT_TRUE(archive.Step(absl::ZeroDuration()));
  }
  const auto bytes = std::filesystem::file_size(folder_.path() / Files().at(0));
  std::filesystem::rename(folder_.path() / Files()[0],
                          folder_.File(name + ".open"));
  options_.max_block_bytes = 66 << 20;
  ASSERT_TRUE(WarcFileWriter(options_).TakeUpLeftovers().ok());
  ASSERT_THAT(Files(), ElementsAre(name));
  EXPECT_EQ(std::filesystem::file_size(folder_.path() / name), bytes);
}

TEST_F(WarcArchiveTest, ADiskThatHangsLosesPagesForTheArchiveOnly) {
  WarcFileWriter writer(options_);
  WarcArchive archive(&writer, &clock_, &metrics_, absl::ZeroDuration());
  // Headers count as the body does.
  FetchResult large = Answer(1);
  large.headers[0].set_value(std::string(64 << 20, 'x'));
  archive.Add(Entry(), std::move(large));
  archive.Add(Entry(), Answer(2));
  archive.Add(Entry(), Answer(3));
  EXPECT_EQ(Count("archive_lost_pages_total"), 2);
  EXPECT_TRUE(archive.Step(absl::ZeroDuration()));
  archive.Add(Entry(), Answer(4));
  EXPECT_TRUE(archive.Step(absl::ZeroDuration()));
  EXPECT_EQ(Count("archive_lost_pages_total"), 2);
  EXPECT_EQ(Count("archived_pages_total"), 2);
}

TEST_F(WarcArchiveTest, LeavesAFileThatIsStillWrittenAlone) {
  WarcFileWriter writer(options_);
  WarcArchive archive(&writer, &clock_, &metrics_);
  archive.Add(Entry(), Answer(1));
  EXPECT_TRUE(archive.Step(absl::ZeroDuration()));
  EXPECT_TRUE(WarcFileWriter(options_).TakeUpLeftovers().ok());
  EXPECT_TRUE(absl::EndsWith(Files().at(0), ".open"));
}

}  // namespace
}  // namespace dateline::fetcher

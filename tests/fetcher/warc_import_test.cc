#include "fetcher/warc_import.h"

#include <sys/stat.h>
#include <zdict.h>
#include <zstd.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/url.h"
#include "fetcher/core/proto_time.h"
#include "fetcher/core/warc/warc_writer.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "tests/store/temporary_directory.h"
#include "tests/support/coded.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_kafka.h"

namespace dateline::fetcher {
namespace {

using ::google::protobuf::util::MessageDifferencer;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

constexpr absl::string_view kUuid = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

std::string UrlOf(int number) {
  return absl::StrCat("http://a.example/", number);
}

WarcDraft Response(int number, int status = 200) {
  v1::RawPage page;
  page.set_url(UrlOf(number));
  page.set_status(status);
  v1::HttpHeader& type = *page.add_headers();
  type.set_name("Content-Type");
  type.set_value("text/html");
  page.set_body(absl::StrCat("<p>Page ", number));
  *page.mutable_fetch_time() = ToProto(kNow + absl::Seconds(number));
  return ResponseDraft(kUuid, page, "");
}

enum class Packing { kPlain, kGzip, kZstd, kZstdDictionary, kOneGzip };
constexpr Packing kPackings[] = {Packing::kPlain, Packing::kGzip,
                                 Packing::kZstd, Packing::kZstdDictionary,
                                 Packing::kOneGzip};

std::string Zstd(const std::string& bytes, const std::string& dictionary) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1);
  ZSTD_CCtx_loadDictionary(context, dictionary.data(), dictionary.size());
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress2(context, out.data(), out.size(), bytes.data(),
                            bytes.size()));
  ZSTD_freeCCtx(context);
  return out;
}

std::string Dictionary() {
  std::string samples;
  std::vector<size_t> sizes;
  for (int i = 0; i < 200; ++i) {
    const std::string sample =
        SerializeWarcRecord(Response(i), WarcCompression::kNone);
    samples += sample;
    sizes.push_back(sample.size());
  }
  std::string dictionary(4096, '\0');
  dictionary.resize(ZDICT_trainFromBuffer(dictionary.data(), dictionary.size(),
                                          samples.data(), sizes.data(),
                                          static_cast<unsigned>(sizes.size())));
  return dictionary;
}

// As it stands at the start of a .warc.zst file.
std::string DictionaryFrame(const std::string& dictionary) {
  std::string frame("\x5D\x2A\x4D\x18", 4);
  for (int shift = 0; shift < 32; shift += 8) {
    frame.push_back(static_cast<char>(dictionary.size() >> shift & 0xFF));
  }
  return frame + dictionary;
}

// A warcinfo record, responses 0 to 5 with the request of 1 and status 404 for
// 4, and a damaged record in the middle, but for kOneGzip.
std::string Archive(Packing packing) {
  std::vector<WarcDraft> drafts = {WarcinfoDraft(kUuid, kNow, "f", {})};
  for (int i = 0; i < 6; ++i) {
    drafts.push_back(Response(i, i == 4 ? 404 : 200));
    if (i == 1) {
      drafts.push_back(RequestDraft(kUuid, kNow, UrlOf(i), {}, kUuid));
    }
  }
  const bool has_dictionary = packing == Packing::kZstdDictionary;
  const std::string dictionary = has_dictionary ? Dictionary() : "";
  std::string file = has_dictionary ? DictionaryFrame(dictionary) : "";
  for (size_t i = 0; i < drafts.size(); ++i) {
    std::string record = SerializeWarcRecord(drafts[i], WarcCompression::kNone);
    if (packing == Packing::kGzip) record = Gzip(record);
    if (packing == Packing::kZstd || has_dictionary) {
      record = Zstd(record, dictionary);
    }
    file += record;
    if (i != 4 || packing == Packing::kOneGzip) continue;
    if (packing == Packing::kPlain) {
      file += "WARC/1.0\r\nWARC-Type: response\r\nContent-Length: x\r\n\r\n";
    } else {
      record[record.size() / 2] = static_cast<char>(~record[record.size() / 2]);
      file += record;
    }
  }
  return packing == Packing::kOneGzip ? Gzip(file) : file;
}

std::map<std::string, int64_t> Skipped(const v1::ImportWarcResponse& progress) {
  std::map<std::string, int64_t> skipped;
  for (const auto& [code, count] : progress.skipped()) skipped[code] = count;
  return skipped;
}

// Leaves once it has heard of so many steps.
class Listener final : public ImportListener {
 public:
  explicit Listener(size_t most = 1'000'000) : most_(most) {}
  void OnProgress(const v1::ImportWarcResponse& progress) override {
    heard.push_back(progress);
    if (on_progress) on_progress();
  }
  void OnEnd(const absl::Status&) override {}
  bool IsGone() const override { return heard.size() >= most_; }

  std::vector<v1::ImportWarcResponse> heard;
  std::function<void()> on_progress;

 private:
  const size_t most_;
};

class WarcImportTest : public testing::Test {
 protected:
  WarcImportTest() { Wipe(); }

  // A broker without records.
  void Wipe() {
    broker_ = std::make_unique<kafka::FakeBroker>();
    broker_->CreateTopic(topics_.imports, 1);
    broker_->CreateTopic(topics_.pages_backfill, 3);
  }

  void WriteFile(const std::string& name, const std::string& bytes) {
    std::ofstream(folder_.File(name), std::ios::binary) << bytes;
  }

  absl::Status Import(const std::string& path, Listener& listener) {
    const WarcImportClients clients = {
        [this] { return std::make_unique<kafka::FakeConsumer>(broker_.get()); },
        [this](const std::string& id) {
          ids_.push_back(id);
          auto made =
              std::make_unique<kafka::FakeTransactionalProducer>(broker_.get());
          producer_ = made.get();
          return made;
        }};
    return WarcImport(options_, clients, topics_, &clock_, &metrics_)
        .Run(path, listener);
  }
  absl::Status Import(const std::string& path) {
    Listener listener;
    return Import(path, listener);
  }

  std::vector<v1::RawPage> Pages() {
    std::vector<v1::RawPage> pages;
    for (const kafka::Record& record :
         broker_->Records(topics_.pages_backfill)) {
      EXPECT_TRUE(pages.emplace_back().ParseFromString(*record.value));
    }
    return pages;
  }
  std::vector<std::string> Urls() {
    std::vector<std::string> urls;
    for (const v1::RawPage& page : Pages()) urls.push_back(page.url());
    return urls;
  }

  const TopicNames topics_{"dateline."};
  TemporaryDirectory folder_;
  FakeClock clock_{kNow};
  Metrics metrics_;
  std::unique_ptr<kafka::FakeBroker> broker_;
  kafka::FakeTransactionalProducer* producer_ = nullptr;
  std::vector<std::string> ids_;
  WarcImportOptions options_ = {.directory = folder_.path().string(),
                                .transaction_records = 1,
                                .progress_interval = absl::ZeroDuration(),
                                .retry_wait = absl::ZeroDuration()};
};

TEST_F(WarcImportTest, PublishesEveryPageWithItsPlace) {
  for (const Packing packing : kPackings) {
    SCOPED_TRACE(static_cast<int>(packing));
    Wipe();
    WriteFile("a.warc", Archive(packing));
    Listener listener;
    ASSERT_TRUE(Import("a.warc", listener).ok());
    EXPECT_THAT(Urls(), UnorderedElementsAre(UrlOf(0), UrlOf(1), UrlOf(2),
                                             UrlOf(3), UrlOf(5)));
    const v1::ImportWarcResponse& last = listener.heard.back();
    EXPECT_EQ(last.state(), v1::IMPORT_STATE_FINISHED);
    EXPECT_EQ(last.pages(), 5);
    EXPECT_EQ(last.bytes_read(), last.bytes_total());
    std::map<std::string, int64_t> skipped = {
        {"type_warcinfo", 1}, {"type_request", 1}, {"http_404", 1}};
    if (packing == Packing::kPlain) {
      skipped["bad_content_length"] = 1;
    } else if (packing != Packing::kOneGzip) {
      skipped["corrupt_compression"] = 1;
    }
    EXPECT_EQ(Skipped(last), skipped);
  }
}

TEST_F(WarcImportTest, AnImportedPageIsAsALiveOne) {
  const std::string first = SerializeWarcRecord(
      WarcinfoDraft(kUuid, kNow, "f", {}), WarcCompression::kGzip);
  std::filesystem::create_directory(folder_.path() / "2026");
  WriteFile("2026/a.warc.gz",
            first + SerializeWarcRecord(Response(1), WarcCompression::kGzip));
  ASSERT_TRUE(Import("2026/a.warc.gz").ok());
  const std::vector<kafka::Record> records =
      broker_->Records(topics_.pages_backfill);
  ASSERT_THAT(records, SizeIs(1));
  EXPECT_EQ(records[0].key, PageUid(UrlOf(1)));
  EXPECT_EQ(kafka::FindHeader(records[0].headers, "ce_type"),
            "dateline.v1.RawPage");
  const v1::RawPage page = Pages()[0];
  EXPECT_EQ(page.body(), "<p>Page 1");
  EXPECT_EQ(page.media_type(), "text/html");
  EXPECT_EQ(FromProto(page.fetch_time()), kNow + absl::Seconds(1));
  EXPECT_EQ(page.warc().file(), "2026/a.warc.gz");
  EXPECT_EQ(page.warc().offset(), static_cast<int64_t>(first.size()));
  EXPECT_EQ(page.warc().record_id(), absl::StrCat("<urn:uuid:", kUuid, ">"));
}

// At every record, in every packing: what was cut off and goes on ends as what
// was not.
TEST_F(WarcImportTest, GoesOnWhereItWasCutOff) {
  for (const Packing packing : kPackings) {
    WriteFile("a.warc", Archive(packing));
    Wipe();
    Listener whole;
    ASSERT_TRUE(Import("a.warc", whole).ok());
    ASSERT_GT(whole.heard.size(), 8U);
    const v1::ImportWarcResponse& expected = whole.heard.back();
    for (size_t cut = 1; cut + 1 < whole.heard.size(); ++cut) {
      SCOPED_TRACE(absl::StrCat("packing ", packing, ", cut ", cut));
      Wipe();
      Listener cut_off(cut);
      EXPECT_TRUE(absl::IsCancelled(Import("a.warc", cut_off)));
      Listener rest;
      ASSERT_TRUE(Import("a.warc", rest).ok());
      EXPECT_THAT(Urls(), UnorderedElementsAre(UrlOf(0), UrlOf(1), UrlOf(2),
                                               UrlOf(3), UrlOf(5)));
      v1::ImportWarcResponse last = rest.heard.back();
      last.clear_resumed_at();
      EXPECT_TRUE(MessageDifferencer::Equals(last, expected))
          << last.DebugString() << expected.DebugString();
    }
  }
}

TEST_F(WarcImportTest, AFinishedFilePublishesNothingAndSaysSo) {
  WriteFile("a.warc", Archive(Packing::kGzip));
  ASSERT_TRUE(Import("a.warc").ok());
  Listener again;
  ASSERT_TRUE(Import("./a.warc", again).ok());
  EXPECT_THAT(Pages(), SizeIs(5));
  ASSERT_THAT(again.heard, SizeIs(1));
  EXPECT_EQ(again.heard[0].state(), v1::IMPORT_STATE_ALREADY_FINISHED);
  EXPECT_EQ(again.heard[0].pages(), 5);

  WriteFile("a.warc", Archive(Packing::kZstd));
  ASSERT_TRUE(Import("a.warc").ok());
  EXPECT_THAT(Pages(), SizeIs(10));
}

TEST_F(WarcImportTest, AnAbortedTransactionIsWrittenAgain) {
  WriteFile("a.warc", Archive(Packing::kGzip));
  Listener listener;
  int steps = 0;
  listener.on_progress = [&] {
    if (++steps == 3) {
      producer_->FailNext("Commit", absl::AbortedError("a broker went away"));
    }
  };
  ASSERT_TRUE(Import("a.warc", listener).ok());
  EXPECT_THAT(Pages(), SizeIs(5));
  EXPECT_EQ(listener.heard.back().pages(), 5);
  ASSERT_THAT(ids_, SizeIs(2));
  EXPECT_EQ(ids_[0], ids_[1]);
}

TEST_F(WarcImportTest, GivesUpABrokerThatStaysAway) {
  WriteFile("a.warc", Archive(Packing::kGzip));
  Listener listener;
  listener.on_progress = [&] {
    producer_->FailNext("Commit", absl::AbortedError("a broker went away"));
  };
  const absl::Status status = Import("a.warc", listener);
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(Pages(), IsEmpty());
  EXPECT_THAT(ids_, SizeIs(5));
}

TEST_F(WarcImportTest, TheOlderOfTwoCallsEndsAsAborted) {
  WriteFile("a.warc", Archive(Packing::kGzip));
  for (const bool is_seen_late : {false, true}) {
    Wipe();
    ids_.clear();
    Listener listener;
    listener.on_progress = [&] {
      if (listener.heard.size() != 3) return;
      const absl::Status fenced = absl::FailedPreconditionError("fenced");
      producer_->FailNext(
          "Commit", is_seen_late ? absl::AbortedError("old epoch") : fenced);
      producer_->FailNext("Abort", fenced);
    };
    const absl::Status status = Import("a.warc", listener);
    EXPECT_TRUE(absl::IsAborted(status)) << status;
    EXPECT_THAT(std::string(status.message()),
                testing::HasSubstr("Another call has taken over"));
    EXPECT_THAT(ids_, SizeIs(1));
    EXPECT_THAT(Pages(), SizeIs(1));
  }
}

TEST_F(WarcImportTest, FilesHaveTransactionalIdsOfTheirOwn) {
  WriteFile("a.warc", Archive(Packing::kGzip));
  WriteFile("b.warc", Archive(Packing::kGzip));
  ASSERT_TRUE(Import("a.warc").ok());
  ASSERT_TRUE(Import("b.warc").ok());
  ASSERT_THAT(ids_, SizeIs(2));
  EXPECT_NE(ids_[0], ids_[1]);
  EXPECT_THAT(Pages(), SizeIs(10));
}

TEST_F(WarcImportTest, APageTooLargeForTheTopicIsSkipped) {
  WriteFile("a.warc", Archive(Packing::kGzip));
  Listener listener;
  listener.on_progress = [&] {
    if (listener.heard.size() == 2) {
      producer_->FailNext("Produce", absl::InvalidArgumentError("too large"));
    }
  };
  ASSERT_TRUE(Import("a.warc", listener).ok());
  EXPECT_THAT(Pages(), SizeIs(4));
  EXPECT_EQ(listener.heard.back().skipped().at("too_large_for_topic"), 1);
}

TEST_F(WarcImportTest, TellsABoundedSetOfStatusesApart) {
  std::string archive;
  for (const int status : {404, 499, 498, 777, 999}) {
    archive +=
        SerializeWarcRecord(Response(status, status), WarcCompression::kNone);
  }
  WriteFile("a.warc", archive);
  Listener listener;
  ASSERT_TRUE(Import("a.warc", listener).ok());
  const std::map<std::string, int64_t> skipped = {
      {"http_404", 1}, {"http_4xx", 2}, {"http_other", 2}};
  EXPECT_EQ(Skipped(listener.heard.back()), skipped);
}

TEST_F(WarcImportTest, SaysWhatIsWrongWithAPath) {
  const TemporaryDirectory outside;
  std::ofstream(outside.File("x.warc")) << Archive(Packing::kPlain);
  WriteFile("text.warc", "WARCs are files");
  WriteFile("empty.warc", "");
  WriteFile("tar.gz", Gzip("no record in here"));
  std::filesystem::create_directory(folder_.path() / "2026");
  std::filesystem::create_symlink(outside.path(), folder_.path() / "link");
  std::filesystem::create_symlink("nowhere", folder_.path() / "dangling");
  ASSERT_EQ(mkfifo(folder_.File("pipe").c_str(), 0600), 0);
  const auto code = [&](const std::string& path) {
    const absl::Status status = Import(path);
    EXPECT_TRUE(absl::EndsWith(status.message(), ".")) << status;
    return status.code();
  };
  EXPECT_EQ(code("none.warc"), absl::StatusCode::kNotFound);
  EXPECT_EQ(code("dangling"), absl::StatusCode::kNotFound);
  EXPECT_EQ(code("text.warc/x"), absl::StatusCode::kNotFound);
  EXPECT_EQ(code("2026/../../x"), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(code("/etc/passwd"), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(code("/etc/none"), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(code(outside.File("x.warc")), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(code("link/x.warc"), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(code("2026"), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code("."), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code(""), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code("pipe"), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code("text.warc"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code("empty.warc"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code("tar.gz"), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(Pages(), IsEmpty());
  options_.directory = "";
  EXPECT_EQ(code("x.warc"), absl::StatusCode::kFailedPrecondition);
}

TEST_F(WarcImportTest, TakesAPathFromTheRootAndLinksWithinTheFolder) {
  WriteFile("a.warc", Archive(Packing::kPlain));
  std::filesystem::create_symlink("a.warc", folder_.path() / "b.warc");
  ASSERT_TRUE(Import(folder_.File("b.warc")).ok());
  EXPECT_EQ(Pages().at(0).warc().file(), "a.warc");
  Listener again;
  ASSERT_TRUE(Import("b.warc", again).ok());
  EXPECT_EQ(again.heard[0].state(), v1::IMPORT_STATE_ALREADY_FINISHED);
}

}  // namespace
}  // namespace dateline::fetcher

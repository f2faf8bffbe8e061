#include <zdict.h>
#include <zstd.h>

#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/sha256.h"
#include "common/url.h"
#include "fetcher/core/proto_time.h"
#include "fetcher/core/warc/base32.h"
#include "fetcher/core/warc/http_response.h"
#include "fetcher/core/warc/warc_page.h"
#include "fetcher/core/warc/warc_reader.h"
#include "fetcher/core/warc/warc_writer.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "tests/support/coded.h"

namespace dateline::fetcher {
namespace {

using ::google::protobuf::util::MessageDifferencer;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Pair;

constexpr absl::string_view kUuid = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6";
constexpr size_t kMaxBody = 10 * 1024 * 1024;

std::string ZstdWith(absl::string_view dictionary, absl::string_view bytes) {
  ZSTD_CCtx* context = ZSTD_createCCtx();
  std::string out(ZSTD_compressBound(bytes.size()), '\0');
  out.resize(ZSTD_compress_usingDict(context, out.data(), out.size(),
                                     bytes.data(), bytes.size(),
                                     dictionary.data(), dictionary.size(), 3));
  ZSTD_freeCCtx(context);
  return out;
}

// A record whose URL and block say which one it is.
std::string Record(int number, absl::string_view end = "\r\n\r\n") {
  const std::string block =
      absl::StrCat("block ", number, " ", std::string(200, 'x'));
  return absl::StrCat("WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: u",
                      number, "\r\nContent-Length: ", block.size(), "\r\n\r\n",
                      block, end);
}

struct Reading {
  std::vector<std::string> urls;
  std::vector<WarcRecord> records;
  std::map<std::string, int64_t> skipped;
  int64_t position = 0;
};

Reading Read(absl::string_view file, WarcReaderOptions options = {},
             size_t chunk = 100'000) {
  WarcReader reader(std::move(options));
  Reading reading;
  const auto take = [&] {
    while (std::optional<WarcRecord> record = reader.Next()) {
      reading.urls.emplace_back(record->Field("warc-target-uri"));
      reading.records.push_back(*std::move(record));
    }
  };
  for (size_t at = 0; at < file.size(); at += chunk) {
    reader.Feed(file.substr(at, chunk));
    take();
  }
  reader.Finish();
  take();
  reading.skipped = reader.skipped();
  reading.position = reader.position();
  return reading;
}

std::vector<std::string> Members(int count, bool compressed = true) {
  std::vector<std::string> members;
  for (int i = 0; i < count; ++i) {
    members.push_back(compressed ? Gzip(Record(i)) : Record(i));
  }
  return members;
}

std::string Join(const std::vector<std::string>& members) {
  std::string file;
  for (const std::string& member : members) file += member;
  return file;
}

TEST(WarcReaderTest, ReadsEveryPackaging) {
  const std::vector<std::string> files = {
      Record(0) + Record(1) + Record(2),
      Gzip(Record(0)) + Gzip(Record(1)) + Gzip(Record(2)),
      Gzip(Record(0) + Record(1) + Record(2)),
      Zstd(Record(0)) + Zstd(Record(1)) + Zstd(Record(2)),
  };
  for (const std::string& file : files) {
    for (const size_t chunk : {size_t{1}, size_t{7}, size_t{100'000}}) {
      const Reading reading = Read(file, {}, chunk);
      EXPECT_THAT(reading.urls, ElementsAre("u0", "u1", "u2"));
      EXPECT_THAT(reading.skipped, IsEmpty());
      EXPECT_EQ(reading.records[2].block, "block 2 " + std::string(200, 'x'));
      EXPECT_EQ(reading.records[2].end_offset,
                static_cast<int64_t>(file.size()));
    }
  }
}

TEST(WarcReaderTest, GoesOnAtTheEndOffsetOfAnyRecord) {
  for (const bool compressed : {true, false}) {
    const std::string file = Join(Members(5, compressed));
    const Reading whole = Read(file);
    ASSERT_EQ(whole.records.size(), 5);
    EXPECT_EQ(whole.records[0].offset, 0);
    for (size_t i = 0; i < 4; ++i) {
      EXPECT_EQ(whole.records[i].end_offset, whole.records[i + 1].offset);
      WarcReaderOptions options;
      options.start_offset = whole.records[i].end_offset;
      const Reading rest = Read(absl::string_view(file).substr(
                                    static_cast<size_t>(options.start_offset)),
                                options, 11);
      EXPECT_EQ(rest.records.size(), 4 - i);
      EXPECT_EQ(rest.records[0].offset, whole.records[i + 1].offset);
      EXPECT_EQ(rest.urls[0], whole.urls[i + 1]);
    }
  }
}

TEST(WarcReaderTest, RecordsOfOneMemberAreNumbered) {
  const std::string file = Gzip(Record(0) + Record(1)) + Gzip(Record(2));
  const Reading reading = Read(file);
  ASSERT_EQ(reading.records.size(), 3);
  EXPECT_EQ(reading.records[0].end_offset, 0);
  EXPECT_EQ(reading.records[1].index_in_member, 1);
  EXPECT_EQ(reading.records[1].end_offset, reading.records[2].offset);
  EXPECT_EQ(reading.records[2].index_in_member, 0);
}

TEST(WarcReaderTest, UnfoldsFieldsAndFindsThemInAnyCase) {
  const Reading reading = Read(
      "WARC/1.1\r\nwarc-type: resource\r\nX-Long: one\r\n  two\r\n"
      "\tthree\r\nX-Empty:\r\ncontent-LENGTH: 2\r\n\r\nhi\r\n\r\n");
  ASSERT_EQ(reading.records.size(), 1);
  const WarcRecord& record = reading.records[0];
  EXPECT_EQ(record.version, "1.1");
  EXPECT_EQ(record.Field("x-long"), "one two three");
  EXPECT_EQ(record.Field("X-EMPTY"), "");
  EXPECT_EQ(record.block, "hi");
}

TEST(WarcReaderTest, LetsMissingLineEndsPass) {
  EXPECT_THAT(Read(Record(0, "\r\n") + Record(1, "") + Record(2, "")).urls,
              ElementsAre("u0", "u1", "u2"));
  EXPECT_THAT(Read("WARC/1.0\nWARC-Target-URI: u\nContent-Length: 0\n\n").urls,
              ElementsAre("u"));
}

TEST(WarcReaderTest, ReadsTheDictionaryOfAZstdFile) {
  std::string samples;
  std::vector<size_t> sizes;
  for (int i = 0; i < 2'000; ++i) {
    const std::string sample = Record(i);
    samples += sample;
    sizes.push_back(sample.size());
  }
  std::string dictionary(4096, '\0');
  const size_t size = ZDICT_trainFromBuffer(
      dictionary.data(), dictionary.size(), samples.data(), sizes.data(),
      static_cast<unsigned>(sizes.size()));
  ASSERT_FALSE(ZDICT_isError(size)) << ZDICT_getErrorName(size);
  dictionary.resize(size);
  const std::string first = ZstdWith(dictionary, Record(0));
  const std::string second = ZstdWith(dictionary, Record(1));
  for (const std::string& content : {dictionary, Zstd(dictionary)}) {
    std::string file("\x5D\x2A\x4D\x18", 4);
    for (int shift = 0; shift < 32; shift += 8) {
      file.push_back(static_cast<char>(content.size() >> shift & 0xFF));
    }
    file += content;
    const auto start = static_cast<int64_t>(file.size());
    file += first + second;
    const Reading whole = Read(file, {}, 13);
    EXPECT_THAT(whole.urls, ElementsAre("u0", "u1"));
    EXPECT_EQ(whole.records[0].offset, start);
    EXPECT_THAT(whole.skipped, IsEmpty());

    WarcReader reader({});
    reader.Feed(file);
    ASSERT_TRUE(reader.Next().has_value());
    WarcReaderOptions resumed;
    resumed.start_offset = whole.records[0].end_offset;
    resumed.zstd_dictionary = reader.zstd_dictionary();
    EXPECT_THAT(Read(second, resumed).urls, ElementsAre("u1"));
  }
}

TEST(WarcReaderTest, GoesOnBehindACorruptMember) {
  const std::vector<std::string> members = Members(4);
  for (size_t at = 3; at < members[1].size(); ++at) {
    if (at > 3 && at < 10)
      continue;  // time, flags and system: nobody reads them
    std::vector<std::string> corrupt = members;
    corrupt[1][at] = static_cast<char>(corrupt[1][at] ^ 0x55);
    const Reading reading = Read(Join(corrupt), {}, 10);
    EXPECT_THAT(reading.urls, ElementsAre("u0", "u2", "u3")) << at;
    EXPECT_THAT(reading.skipped, ElementsAre(Pair("corrupt_compression", 1)))
        << at;
  }
}

TEST(WarcReaderTest, DropsAMemberWhoseCheckSumIsWrong) {
  std::vector<std::string> members = Members(3);
  members[1][members[1].size() - 6] ^= 1;
  const Reading reading = Read(Join(members));
  EXPECT_THAT(reading.urls, ElementsAre("u0", "u2"));
  EXPECT_THAT(reading.skipped, ElementsAre(Pair("corrupt_compression", 1)));
}

TEST(WarcReaderTest, GoesOnBehindACutMember) {
  for (size_t cut = 5; cut < 100; cut += 9) {
    std::vector<std::string> members = Members(4);
    members[1].resize(members[1].size() - std::min(cut, members[1].size() - 4));
    const Reading reading = Read(Join(members));
    EXPECT_THAT(reading.urls, ElementsAre("u0", "u2", "u3")) << cut;
    EXPECT_THAT(reading.skipped, ElementsAre(Pair("corrupt_compression", 1)));
  }
}

TEST(WarcReaderTest, PassesGarbageBetweenMembersOver) {
  const std::vector<std::string> members = Members(3);
  const std::string file = members[0] + "garbage\x1F\x8B\x08 and more" +
                           members[1] + std::string(100, '\0') + members[2];
  const Reading reading = Read(file);
  EXPECT_THAT(reading.urls, ElementsAre("u0", "u1", "u2"));
  EXPECT_THAT(reading.skipped, ElementsAre(Pair("corrupt_compression", 2)));
}

TEST(WarcReaderTest, GoesOnBehindACorruptPlainRecord) {
  std::string wrong_length = Record(1);
  wrong_length.replace(wrong_length.find("Content-Length: 2"), 17,
                       "Content-Length: 9");
  const Reading reading = Read(Record(0) + wrong_length + Record(2) +
                               Record(3) + Record(4) + Record(5) + Record(6));
  EXPECT_THAT(reading.urls, ElementsAre("u0", "u2", "u3", "u4", "u5", "u6"));
  EXPECT_THAT(reading.skipped, ElementsAre(Pair("bad_record_end", 1)));
}

TEST(WarcReaderTest, NamesWhatIsWrongWithAHead) {
  const auto reason = [](absl::string_view head) {
    const Reading reading =
        Read(Gzip(absl::StrCat(head, "\r\n\r\nhi\r\n\r\n")) + Gzip(Record(9)));
    EXPECT_THAT(reading.urls, ElementsAre("u9"));
    EXPECT_EQ(reading.skipped.size(), 1);
    return reading.skipped.empty() ? "" : reading.skipped.begin()->first;
  };
  EXPECT_EQ(reason("WARC/2.0\r\nContent-Length: 2"), "bad_version");
  EXPECT_EQ(reason("WARC/1.0\r\nContent-Length: -2"), "bad_content_length");
  EXPECT_EQ(reason("WARC/1.0\r\nWARC-Type: x"), "bad_content_length");
  EXPECT_EQ(reason("WARC/1.0\r\nContent-Length: 99999999999999999999"),
            "bad_content_length");
  EXPECT_EQ(reason("WARC/1.0\r\nno colon\r\nContent-Length: 2"), "bad_head");
  EXPECT_EQ(reason("HTTP/1.1 200 OK"), "bad_record_start");
  EXPECT_EQ(reason("WARC/1.0\r\nContent-Length: 1"), "bad_record_end");
  EXPECT_EQ(reason("WARC/1.0\r\nContent-Length: 99"), "truncated_record");
  EXPECT_EQ(reason("WARC/1.0\r\nX: " + std::string(70'000, 'x')),
            "head_too_large");
}

TEST(WarcReaderTest, LeavesLargeBlocksOutWithoutHoldingThem) {
  const std::string large =
      absl::StrCat("WARC/1.0\r\nContent-Length: 50000000\r\n\r\n",
                   std::string(50'000'000, 'x'), "\r\n\r\n");
  WarcReaderOptions options;
  options.max_block_bytes = 1000;
  for (const std::string& file :
       {Record(0) + large + Record(1),
        Gzip(Record(0)) + Gzip(large) + Gzip(Record(1))}) {
    const Reading reading = Read(file, options);
    EXPECT_THAT(reading.urls, ElementsAre("u0", "u1"));
    EXPECT_THAT(reading.skipped, ElementsAre(Pair("block_too_large", 1)));
  }
}

TEST(WarcReaderTest, CountsACutFile) {
  const std::string gzip = Gzip(Record(0)) + Gzip(Record(1));
  Reading reading = Read(gzip.substr(0, gzip.size() - 3));
  EXPECT_THAT(reading.urls, ElementsAre("u0"));
  EXPECT_THAT(reading.skipped, ElementsAre(Pair("corrupt_compression", 1)));
  const std::string plain = Record(0) + Record(1);
  reading = Read(plain.substr(0, plain.size() - 30));
  EXPECT_THAT(reading.urls, ElementsAre("u0"));
  EXPECT_THAT(reading.skipped, ElementsAre(Pair("truncated_record", 1)));
}

TEST(WarcReaderTest, NothingIsNoRecord) {
  EXPECT_THAT(Read("").skipped, IsEmpty());
  EXPECT_THAT(Read("not an archive at all").urls, IsEmpty());
}

HttpResponse Response(absl::string_view message) {
  absl::StatusOr<HttpResponse> response = ParseHttpResponse(message, kMaxBody);
  EXPECT_TRUE(response.ok()) << response.status();
  return response.ok() ? *std::move(response) : HttpResponse();
}

TEST(HttpResponseTest, ReadsStatusHeadersAndBody) {
  const HttpResponse response = Response(
      "HTTP/1.1 100 Continue\r\n\r\nHTTP/2 404 \r\nServer: a\r\n"
      "X-Folded: b\r\n c\r\nnonsense\r\n\r\nbody\r\n");
  EXPECT_EQ(response.status, 404);
  ASSERT_EQ(response.headers.size(), 2);
  EXPECT_EQ(response.headers[1].name(), "X-Folded");
  EXPECT_EQ(response.headers[1].value(), "b c");
  EXPECT_EQ(response.body, "body\r\n");
}

TEST(HttpResponseTest, UndoesChunksAndCodings) {
  const std::vector<std::pair<std::string, std::string>> coded = {
      {"Content-Encoding: gzip", Gzip("<p>hi</p>")},
      {"Content-Encoding: deflate", Gzip("<p>hi</p>", 15)},
      {"Content-Encoding: deflate", Gzip("<p>hi</p>", -15)},
      {"Content-Encoding: zstd", Zstd("<p>hi</p>")},
      {"Content-Encoding: gzip, zstd", Zstd(Gzip("<p>hi</p>"))},
      {"Transfer-Encoding: chunked",
       "4;x=y\r\n<p>h\r\n005\r\ni</p>\r\n0\r\n\r\n"},
  };
  for (const auto& [header, body] : coded) {
    EXPECT_EQ(
        Response(absl::StrCat("HTTP/1.1 200 OK\r\n", header, "\r\n\r\n", body))
            .body,
        "<p>hi</p>")
        << header;
  }
}

TEST(HttpResponseTest, UndoesBrotliOrSaysThatItCannot) {
  const absl::StatusOr<HttpResponse> response = ParseHttpResponse(
      absl::StrCat("HTTP/1.1 200 OK\r\nContent-Encoding: br\r\n\r\n",
                   absl::HexStringToBytes("0b04803c703e68693c2f703e03")),
      kMaxBody);
  if (response.ok()) {
    EXPECT_EQ(response->body, "<p>hi</p>");
  } else {
    EXPECT_EQ(response.status().code(), absl::StatusCode::kUnimplemented);
  }
}

TEST(HttpResponseTest, SaysInUtf8WhatIsUnknown) {
  const absl::StatusOr<HttpResponse> response = ParseHttpResponse(
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: ch\xF5nked\r\n\r\n0\r\n\r\n",
      kMaxBody);
  ASSERT_EQ(response.status().code(), absl::StatusCode::kUnimplemented);
  EXPECT_EQ(response.status().message(),
            "its coding \"ch\xEF\xBF\xBDnked\" is unknown");
}

TEST(HttpResponseTest, TakesBodiesThatWereDecodedAlready) {
  for (const absl::string_view header :
       {"Content-Encoding: gzip", "Content-Encoding: br",
        "Content-Encoding: deflate", "Content-Encoding: zstd",
        "Transfer-Encoding: chunked"}) {
    EXPECT_EQ(
        Response(absl::StrCat("HTTP/1.1 200 OK\r\n", header,
                              "\r\nContent-Length: 5\r\n\r\n<p>decoded</p>"))
            .body,
        "<p>decoded</p>")
        << header;
  }
}

TEST(HttpResponseTest, RefusesPartsOfABody) {
  const std::string gzip = Gzip(std::string(5000, 'x') + "end");
  for (const std::string& message :
       {std::string("Content-Length: 9\r\n\r\nshort"),
        std::string("Transfer-Encoding: chunked\r\n\r\n5\r\nab"),
        std::string("Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n"),
        "Content-Encoding: gzip\r\n\r\n" + gzip.substr(0, gzip.size() - 4)}) {
    EXPECT_EQ(ParseHttpResponse("HTTP/1.1 200 OK\r\n" + message, kMaxBody)
                  .status()
                  .code(),
              absl::StatusCode::kDataLoss)
        << message;
  }
}

TEST(HttpResponseTest, BoundsTheBody) {
  const std::string bomb = Gzip(std::string(20'000'000, ' '));
  EXPECT_EQ(ParseHttpResponse(
                absl::StrCat(
                    "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", bomb),
                kMaxBody)
                .status()
                .code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(
      ParseHttpResponse("HTTP/1.1 200 OK\r\n\r\n12345", 4).status().code(),
      absl::StatusCode::kResourceExhausted);
}

TEST(HttpResponseTest, RefusesWhatIsNoAnswer) {
  for (const absl::string_view message :
       {"", "GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "HTTP/"}) {
    EXPECT_EQ(ParseHttpResponse(message, kMaxBody).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

WarcRecord ResponseRecord() {
  WarcRecord record;
  record.version = "1.0";
  record.fields = {
      {"WARC-Type", "response"},
      {"WARC-Record-ID", "<urn:uuid:1>"},
      {"WARC-Date", "2026-03-09T10:11:12Z"},
      {"WARC-Target-URI", "http://News.example/a?utm_source=x&b=1"},
      {"Content-Type", "application/http; msgtype=response"}};
  record.block =
      "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"
      "<p>hi</p>";
  record.offset = 77;
  return record;
}

std::string CodeOf(const WarcRecord& record) {
  const WarcPage page = PageOfRecord(record, "f.warc.gz", 1000);
  EXPECT_NE(page.page.has_value(), page.code != "ok");
  EXPECT_FALSE(page.reason.empty());
  return page.code;
}

TEST(WarcPageTest, MakesAPageOfAResponse) {
  const WarcPage page = PageOfRecord(ResponseRecord(), "f.warc.gz", 1000);
  ASSERT_TRUE(page.page.has_value()) << page.code;
  v1::RawPage expected;
  expected.set_requested_url("http://news.example/a?b=1");
  expected.set_uid(PageUid(expected.requested_url()));
  expected.set_url("http://news.example/a?utm_source=x&b=1");
  expected.set_status(200);
  v1::HttpHeader& header = *expected.add_headers();
  header.set_name("Content-Type");
  header.set_value("text/html; charset=utf-8");
  expected.set_body("<p>hi</p>");
  expected.set_body_sha256(Sha256("<p>hi</p>"));
  expected.set_media_type("text/html");
  expected.set_charset("utf-8");
  expected.mutable_fetch_time()->set_seconds(1773051072);
  expected.mutable_hints();
  expected.mutable_warc()->set_file("f.warc.gz");
  expected.mutable_warc()->set_offset(77);
  expected.mutable_warc()->set_record_id("<urn:uuid:1>");
  EXPECT_TRUE(MessageDifferencer::Equals(*page.page, expected))
      << page.page->DebugString();
}

TEST(WarcPageTest, SaysWhyThereIsNone) {
  const auto with = [](absl::string_view name, absl::string_view value) {
    WarcRecord record = ResponseRecord();
    for (WarcField& field : record.fields) {
      if (field.name == name) field.name = "X-Replaced";
    }
    record.fields.push_back({std::string(name), std::string(value)});
    return CodeOf(record);
  };
  EXPECT_EQ(with("WARC-Type", "request"), "type_request");
  EXPECT_EQ(with("WARC-Type", "Revisit"), "type_revisit");
  EXPECT_EQ(with("WARC-Type", "made-up"), "type_other");
  EXPECT_EQ(with("Content-Type", "text/dns"), "not_http");
  EXPECT_EQ(with("WARC-Target-URI", "ftp://a.example/"), "bad_url");
  EXPECT_EQ(with("WARC-Target-URI", "http://a.example/robots.txt"), "robots");
  EXPECT_EQ(with("WARC-Target-URI", "<http://a.example/b>"), "ok");
  EXPECT_EQ(with("WARC-Date", "yesterday"), "bad_date");
  EXPECT_EQ(with("WARC-Date", "2026-03-09T10:11:12.123456Z"), "ok");
  EXPECT_EQ(with("WARC-Truncated", "length"), "truncated");
  EXPECT_EQ(with("WARC-Segment-Number", "1"), "segmented");
}

TEST(WarcPageTest, JudgesAnAnswerAsALiveOne) {
  const auto with = [](absl::string_view block) {
    WarcRecord record = ResponseRecord();
    record.block = std::string(block);
    return CodeOf(record);
  };
  EXPECT_EQ(with("nonsense"), "bad_http");
  EXPECT_EQ(with("HTTP/1.1 404 Not Found\r\n\r\nx"), "http_404");
  EXPECT_EQ(with("HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\nx"),
            "media_type");
  EXPECT_EQ(with("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"),
            "empty_body");
  EXPECT_EQ(with("HTTP/1.1 200 OK\r\nContent-Encoding: secret\r\n\r\nx"),
            "encoding");
  EXPECT_EQ(with("HTTP/1.1 200 OK\r\n\r\n" + std::string(1001, 'x')),
            "too_large");
  EXPECT_EQ(with("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nx"), "cut_off");
}

v1::RawPage PageToArchive() {
  v1::RawPage page;
  page.set_requested_url("https://news.example/a");
  page.set_url("https://news.example/a");
  page.set_status(200);
  for (const auto& [name, value] :
       std::vector<std::pair<std::string, std::string>>{
           {"Content-Type", "text/html"},
           {"content-encoding", "br"},
           {"Content-Length", "4711"},
           {"X-Bad", "one\r\ntwo"}}) {
    v1::HttpHeader& header = *page.add_headers();
    header.set_name(name);
    header.set_value(value);
  }
  page.set_body("<p>decoded</p>");
  page.mutable_fetch_time()->set_seconds(1773051072);
  page.mutable_fetch_time()->set_nanos(345'000'000);
  return page;
}

TEST(WarcWriterTest, WritesAResponseByTheStandard) {
  EXPECT_EQ(
      SerializeWarcRecord(ResponseDraft(kUuid, PageToArchive(), "192.0.2.1"),
                          WarcCompression::kNone),
      absl::StrCat(
          "WARC/1.1\r\n"
          "WARC-Type: response\r\n"
          "WARC-Record-ID: <urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6>\r\n"
          "WARC-Date: 2026-03-09T10:11:12.345Z\r\n"
          "WARC-Target-URI: https://news.example/a\r\n"
          "WARC-IP-Address: 192.0.2.1\r\n"
          "WARC-Block-Digest: ",
          WarcDigest("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
                     "X-Crawl-content-encoding: br\r\n"
                     "X-Crawl-Content-Length: 4711\r\nX-Bad: one  two\r\n"
                     "Content-Length: 14\r\n\r\n<p>decoded</p>"),
          "\r\nWARC-Payload-Digest: ", WarcDigest("<p>decoded</p>"),
          "\r\n"
          "Content-Type: application/http; msgtype=response\r\n"
          "Content-Length: 155\r\n\r\n"
          "HTTP/1.1 200 OK\r\n"
          "Content-Type: text/html\r\n"
          "X-Crawl-content-encoding: br\r\n"
          "X-Crawl-Content-Length: 4711\r\n"
          "X-Bad: one  two\r\n"
          "Content-Length: 14\r\n\r\n"
          "<p>decoded</p>\r\n\r\n"));
}

TEST(WarcWriterTest, WritesABodyInItsCodingsUnderTheHeadersReceived) {
  const std::string html = "<p>gzip within zstd</p>";
  v1::RawPage page = PageToArchive();
  page.mutable_headers(0)->set_value("text/html; charset=utf-8");
  page.mutable_headers(1)->set_value("x-gzip, zstd");
  page.set_body(Zstd(Gzip(html)));
  page.add_content_codings("gzip");
  page.add_content_codings("zstd");
  const WarcDraft draft = ResponseDraft(kUuid, page, "");
  EXPECT_EQ(
      draft.block,
      absl::StrCat("HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8"
                   "\r\ncontent-encoding: x-gzip, zstd\r\n"
                   "X-Crawl-Content-Length: 4711\r\nX-Bad: one  two\r\n"
                   "Content-Length: ",
                   page.body().size(), "\r\n\r\n", page.body()));
  const Reading reading =
      Read(SerializeWarcRecord(draft, WarcCompression::kGzip));
  ASSERT_EQ(reading.records.size(), 1);
  const WarcPage back = PageOfRecord(reading.records[0], "f.warc.gz", 1000);
  ASSERT_TRUE(back.page.has_value()) << back.code;
  EXPECT_EQ(back.page->body(), html);
  EXPECT_THAT(back.page->content_codings(), IsEmpty());
}

TEST(WarcWriterTest, WhatItWritesIsReadBack) {
  const v1::RawPage page = PageToArchive();
  const absl::Time date = FromProto(page.fetch_time());
  const std::vector<WarcDraft> drafts = {
      WarcinfoDraft(kUuid, date, "f.warc.gz", {{"software", "Dateline"}}),
      RequestDraft(kUuid, date, page.url(), {}, kUuid),
      ResponseDraft(kUuid, page, ""),
      MetadataDraft(kUuid, date, page.url(), {{"via", "feed\r\nX: y"}}, kUuid)};
  for (const WarcCompression compression :
       {WarcCompression::kNone, WarcCompression::kGzip}) {
    std::string file;
    for (const WarcDraft& draft : drafts) {
      file += SerializeWarcRecord(draft, compression);
    }
    const Reading reading = Read(file);
    ASSERT_EQ(reading.records.size(), 4);
    EXPECT_THAT(reading.skipped, IsEmpty());
    EXPECT_EQ(reading.records[0].block, "software: Dateline\r\n");
    EXPECT_EQ(reading.records[1].block,
              "GET /a HTTP/1.1\r\nHost: news.example\r\n\r\n");
    EXPECT_EQ(reading.records[3].block, "via: feed  X: y\r\n");
    const WarcPage back = PageOfRecord(reading.records[2], "f.warc.gz", 1000);
    ASSERT_TRUE(back.page.has_value()) << back.code;
    EXPECT_EQ(back.page->body(), page.body());
    EXPECT_EQ(back.page->url(), page.url());
    EXPECT_EQ(FromProto(back.page->fetch_time()), date);
  }
}

TEST(Base32Test, FollowsTheStandardsVectors) {
  EXPECT_EQ(Base32(""), "");
  EXPECT_EQ(Base32("f"), "MY");
  EXPECT_EQ(Base32("fo"), "MZXQ");
  EXPECT_EQ(Base32("foo"), "MZXW6");
  EXPECT_EQ(Base32("foob"), "MZXW6YQ");
  EXPECT_EQ(Base32("fooba"), "MZXW6YTB");
  EXPECT_EQ(Base32("foobar"), "MZXW6YTBOI");
  EXPECT_EQ(WarcDigest(""), "sha1:3I42H3S6NNFQ2MSVX7XZKYAYSCX5QBYJ");
}

}  // namespace
}  // namespace dateline::fetcher

// Any bytes as an archive, fed whole and in pieces: the same records come of
// it, in rising places.
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "fetcher/core/warc/warc_page.h"
#include "fetcher/core/warc/warc_reader.h"
#include "tests/fuzz/properties.h"

namespace {

using dateline::Require;
using dateline::fetcher::PageOfRecord;
using dateline::fetcher::WarcPage;
using dateline::fetcher::WarcReader;
using dateline::fetcher::WarcReaderOptions;
using dateline::fetcher::WarcRecord;

constexpr int64_t kMaxBlock = 1 << 20;
constexpr size_t kMaxBody = 1 << 20;

struct Reading {
  std::vector<WarcRecord> records;
  std::map<std::string, int64_t> skipped;
};

Reading Read(absl::string_view file, size_t piece) {
  WarcReaderOptions options;
  options.max_block_bytes = kMaxBlock;
  WarcReader reader(options);
  Reading reading;
  const auto take = [&] {
    while (std::optional<WarcRecord> record = reader.Next()) {
      reading.records.push_back(*std::move(record));
    }
  };
  for (size_t at = 0; at < file.size(); at += piece) {
    reader.Feed(file.substr(at, piece));
    take();
  }
  reader.Finish();
  take();
  Require(reader.position() <= static_cast<int64_t>(file.size()));
  reading.skipped = reader.skipped();
  return reading;
}

void CheckRecord(const WarcRecord& record, int64_t file_bytes) {
  Require(record.offset >= 0 && record.offset <= record.end_offset &&
          record.end_offset <= file_bytes);
  Require(static_cast<int64_t>(record.block.size()) <= kMaxBlock);
  const WarcPage page = PageOfRecord(record, "f.warc", kMaxBody);
  Require(page.page.has_value() == (page.code == "ok"));
  Require(!page.reason.empty());
  if (!page.page.has_value()) return;
  Require(page.page->body().size() <= kMaxBody);
  dateline::RequireReadable(*page.page);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const absl::string_view file = dateline::TextOf(data, size);
  const Reading whole = Read(file, size + 1);
  int64_t last = 0;
  for (const WarcRecord& record : whole.records) {
    CheckRecord(record, static_cast<int64_t>(size));
    Require(record.offset >= last);
    last = record.offset;
  }
  const Reading pieces = Read(file, 13);
  const Reading again = Read(file, 13);
  Require(again.skipped == pieces.skipped &&
          again.records.size() == pieces.records.size());
  // How much comes of a corrupt member before that shows is the libraries' own.
  if (whole.skipped.count("corrupt_compression") > 0) return 0;
  Require(pieces.skipped == whole.skipped);
  Require(pieces.records.size() == whole.records.size());
  for (size_t i = 0; i < whole.records.size(); ++i) {
    Require(pieces.records[i].block == whole.records[i].block &&
            pieces.records[i].fields == whole.records[i].fields &&
            pieces.records[i].offset == whole.records[i].offset &&
            pieces.records[i].end_offset == whole.records[i].end_offset);
  }
  return 0;
}

#include "parser/reparse/warc_file.h"

#include <fstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/page_limits.h"
#include "fetcher/core/warc/warc_page.h"
#include "fetcher/core/warc/warc_reader.h"

namespace dateline {
namespace {

constexpr size_t kPieceBytes = size_t{256} << 10;

class WarcFile {
 public:
  using Take = std::function<absl::Status(const WarcFilePage&)>;

  WarcFile(const std::string& path, const Take& take,
           std::map<std::string, int64_t>& left_out)
      : path_(path),
        name_(path.substr(path.find_last_of('/') + 1)),
        file_(path, std::ios::binary),
        take_(take),
        left_out_(left_out) {}

  absl::Status Read() {
    if (!file_) {
      return absl::NotFoundError(absl::StrCat("can't open ", path_));
    }
    absl::Status status = ReadPieces();
    for (const auto& [code, count] : reader_.skipped()) {
      left_out_[code] += count;
    }
    if (status.ok() && records_ == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat(path_, " holds no WARC record"));
    }
    return status;
  }

 private:
  absl::Status ReadPieces() {
    std::string piece(kPieceBytes, '\0');
    while (!file_.eof()) {
      file_.read(piece.data(), static_cast<std::streamsize>(piece.size()));
      if (file_.bad()) {
        return absl::DataLossError(absl::StrCat(
            path_, " can't be read behind byte ", reader_.position()));
      }
      reader_.Feed(absl::string_view(piece).substr(
          0, static_cast<size_t>(file_.gcount())));
      if (file_.eof()) reader_.Finish();
      if (absl::Status status = TakePages(); !status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status TakePages() {
    while (const auto record = reader_.Next()) {
      ++records_;
      fetcher::WarcPage found =
          fetcher::PageOfRecord(*record, name_, kMaxPageBytes);
      if (!found.page.has_value()) {
        ++left_out_[found.code];
        continue;
      }
      const absl::Status status =
          take_({*std::move(found.page),
                 absl::StrCat(name_, "/", record->offset, "/",
                              record->index_in_member),
                 record->offset});
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  const std::string& path_;
  const std::string name_;
  std::ifstream file_;
  const Take& take_;
  std::map<std::string, int64_t>& left_out_;
  fetcher::WarcReader reader_{{}};
  int64_t records_ = 0;
};

}  // namespace

absl::Status ReadWarcFile(
    const std::string& path,
    const std::function<absl::Status(const WarcFilePage&)>& take,
    std::map<std::string, int64_t>& left_out) {
  return WarcFile(path, take, left_out).Read();
}

}  // namespace dateline

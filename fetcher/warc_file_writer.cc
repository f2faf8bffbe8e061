#include "fetcher/warc_file_writer.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "fetcher/core/warc/warc_reader.h"
#include "fetcher/core/warc/warc_writer.h"
#include "fetcher/uuid.h"

namespace dateline::fetcher {
namespace {

namespace fs = std::filesystem;

constexpr char kOpenSuffix[] = ".open";
constexpr char kSuffix[] = ".warc.gz";
constexpr char kSpecification[] =
    "http://iipc.github.io/warc-specifications/specifications/warc-format/"
    "warc-1.1/";
constexpr int kMode = 0644;
constexpr size_t kPieceBytes = 256 * 1024;

absl::Status DiskError(absl::string_view what, const std::string& path) {
  return absl::UnavailableError(
      absl::StrCat(what, " ", path, ": ", std::strerror(errno)));
}

std::string FileNamePart(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](unsigned char c) {
        return !absl::ascii_isalnum(c) && c != '-' && c != '.' && c != '_';
      },
      '_');
  return text;
}

WarcFileOptions WithFileNamePart(WarcFileOptions options) {
  options.replica = FileNamePart(std::move(options.replica));
  return options;
}

// Where the last whole record of a file of single-record members ends.
absl::StatusOr<int64_t> EndOfRecords(int fd, const std::string& path,
                                     int64_t max_block_bytes) {
  WarcReaderOptions options;
  options.max_block_bytes = max_block_bytes;
  WarcReader reader(std::move(options));
  int64_t end = 0;
  const auto take = [&] {
    while (const std::optional<WarcRecord> record = reader.Next()) {
      end = record->end_offset;
    }
  };
  std::string piece(kPieceBytes, '\0');
  while (true) {
    const ssize_t got = read(fd, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return DiskError("reading", path);
    if (got == 0) break;
    reader.Feed(absl::string_view(piece).substr(0, static_cast<size_t>(got)));
    take();
  }
  reader.Finish();
  take();
  return end;
}

absl::Status Publish(const std::string& open_path, const std::string& path) {
  return rename(open_path.c_str(), path.c_str()) == 0
             ? absl::OkStatus()
             : DiskError("naming", path);
}

}  // namespace

WarcFileWriter::WarcFileWriter(WarcFileOptions options)
    : options_(WithFileNamePart(std::move(options))) {}

WarcFileWriter::~WarcFileWriter() { Close().IgnoreError(); }

absl::Status WarcFileWriter::TakeUpLeftovers() {
  const std::string end =
      absl::StrCat("-", options_.replica, kSuffix, kOpenSuffix);
  std::error_code error;
  std::vector<std::string> paths;
  for (fs::directory_iterator file(options_.directory, error), last;
       !error && file != last; file.increment(error)) {
    if (absl::EndsWith(file->path().filename().string(), end)) {
      paths.push_back(file->path().string());
    }
  }
  absl::Status status;
  if (error) {
    status = absl::UnavailableError(
        absl::StrCat("reading ", options_.directory, ": ", error.message()));
  }
  for (const std::string& path : paths) status.Update(TakeUp(path));
  return status;
}

absl::Status WarcFileWriter::TakeUp(const std::string& path) const {
  const int fd = open(path.c_str(), O_RDWR | O_CLOEXEC);
  if (fd < 0) return DiskError("opening", path);
  absl::Status status;
  if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
    // Another process with this replica's name is still writing it.
    if (errno != EWOULDBLOCK) status = DiskError("locking", path);
  } else {
    const absl::StatusOr<int64_t> end =
        EndOfRecords(fd, path, options_.max_block_bytes);
    if (!end.ok()) {
      status = end.status();
    } else if (*end == 0) {
      if (unlink(path.c_str()) != 0) status = DiskError("removing", path);
    } else if (ftruncate(fd, *end) != 0 || fsync(fd) != 0) {
      status = DiskError("cutting", path);
    } else {
      status =
          Publish(path, path.substr(0, path.size() - std::strlen(kOpenSuffix)));
    }
  }
  close(fd);
  return status;
}

absl::Status WarcFileWriter::Append(const v1::RawPage& page,
                                    absl::string_view address, absl::Time now) {
  if (fd_ >= 0 && bytes_ >= options_.max_bytes) {
    if (absl::Status closed = Close(); !closed.ok()) return closed;
  }
  if (fd_ < 0) {
    if (absl::Status begun = Begin(now); !begun.ok()) return begun;
  }
  WarcDraft draft = ResponseDraft(NewUuid(), page, address);
  draft.fields.push_back(
      {"WARC-Warcinfo-ID", absl::StrCat("<urn:uuid:", warcinfo_uuid_, ">")});
  return Write(SerializeWarcRecord(draft, WarcCompression::kGzip));
}

absl::Status WarcFileWriter::Begin(absl::Time now) {
  std::string name;
  std::string open_path;
  do {
    name = absl::StrCat(
        "dateline-", absl::FormatTime("%Y%m%d%H%M%S", now, absl::UTCTimeZone()),
        "-", absl::StrFormat("%05d", ++number_), "-", options_.replica,
        kSuffix);
    path_ = absl::StrCat(options_.directory, "/", name);
    open_path = absl::StrCat(path_, kOpenSuffix);
    // A name may be taken by a run that ended within this second.
  } while (access(path_.c_str(), F_OK) == 0 ||
           access(open_path.c_str(), F_OK) == 0);
  fd_ = open(open_path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kMode);
  if (fd_ < 0) return DiskError("making", open_path);
  if (flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    absl::Status status = DiskError("locking", open_path);
    close(std::exchange(fd_, -1));
    unlink(open_path.c_str());
    return status;
  }
  bytes_ = 0;
  begin_ = now;
  warcinfo_uuid_ = NewUuid();
  std::vector<WarcField> info = {{"format", "WARC File Format 1.1"},
                                 {"conformsTo", kSpecification}};
  if (!options_.software.empty()) {
    info.push_back({"software", options_.software});
  }
  if (!options_.contact.empty()) info.push_back({"operator", options_.contact});
  absl::Status written = Write(SerializeWarcRecord(
      WarcinfoDraft(warcinfo_uuid_, now, name, info), WarcCompression::kGzip));
  if (!written.ok()) {
    close(std::exchange(fd_, -1));
    unlink(open_path.c_str());
  }
  return written;
}

absl::Status WarcFileWriter::Write(absl::string_view bytes) {
  size_t done = 0;
  while (done < bytes.size()) {
    const ssize_t wrote = write(fd_, bytes.data() + done, bytes.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) {
      absl::Status status = DiskError("writing", path_);
      if (ftruncate(fd_, bytes_) != 0 || lseek(fd_, bytes_, SEEK_SET) < 0) {
        // What is behind the last whole record stays, for TakeUpLeftovers.
        close(std::exchange(fd_, -1));
      }
      return status;
    }
    done += static_cast<size_t>(wrote);
  }
  bytes_ += static_cast<int64_t>(bytes.size());
  return absl::OkStatus();
}

absl::Status WarcFileWriter::CloseIfOld(absl::Time now) {
  return fd_ >= 0 && now - begin_ >= options_.max_age ? Close()
                                                      : absl::OkStatus();
}

absl::Status WarcFileWriter::Close() {
  if (fd_ < 0) return absl::OkStatus();
  absl::Status status;
  if (fsync(fd_) != 0) status = DiskError("syncing", path_);
  status.Update(Publish(absl::StrCat(path_, kOpenSuffix), path_));
  close(std::exchange(fd_, -1));
  return status;
}

}  // namespace dateline::fetcher

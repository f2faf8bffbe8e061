#include "fetcher/warc_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/sha256.h"

namespace dateline::fetcher {
namespace {

namespace fs = std::filesystem;

absl::Status Outside(const std::string& path) {
  return absl::PermissionDeniedError(
      absl::StrCat(path, " is outside the import folder."));
}

absl::Status OfError(const std::string& path, int error) {
  if (error == ENOENT || error == ENOTDIR) {
    return absl::NotFoundError(
        absl::StrCat("There is no file ", path, " in the import folder."));
  }
  return absl::PermissionDeniedError(
      absl::StrCat(path, " can't be opened: ", std::strerror(error), "."));
}

bool IsBelow(const fs::path& path, const fs::path& directory) {
  const fs::path relative = path.lexically_relative(directory);
  return !relative.empty() && *relative.begin() != "..";
}

// Where `fd` leads, whatever its path has become meanwhile.
fs::path PathOf(int fd) {
  std::error_code error;
  return fs::read_symlink(absl::StrCat("/proc/self/fd/", fd), error);
}

bool BeginsLikeWarc(absl::string_view head) {
  // Plain, gzip, zstd, and the skippable frame of a zstd dictionary.
  for (const absl::string_view magic :
       {"WARC/", "\x1F\x8B", "\x28\xB5\x2F\xFD", "\x5D\x2A\x4D\x18"}) {
    if (absl::StartsWith(head, magic)) return true;
  }
  return false;
}

}  // namespace

WarcFile::WarcFile(WarcFile&& other) noexcept
    : fd_(std::exchange(other.fd_, -1)),
      identity_(std::move(other.identity_)) {}

WarcFile::~WarcFile() {
  if (fd_ >= 0) close(fd_);
}

absl::StatusOr<WarcFile> WarcFile::Open(const std::string& directory,
                                        const std::string& path) {
  if (directory.empty()) {
    return absl::FailedPreconditionError(
        "The fetcher was started without --warc_import_dir.");
  }
  std::error_code error;
  const fs::path root = fs::canonical(directory, error);
  if (error) {
    return absl::FailedPreconditionError(absl::StrCat(
        "The import folder ", directory, " can't be read: ", error.message()));
  }
  // Before the file system is asked, so that nothing outside is told of.
  const fs::path written =
      (fs::absolute(directory, error) / path).lexically_normal();
  if (!IsBelow(written, fs::absolute(directory, error).lexically_normal()) &&
      !IsBelow(written, root)) {
    return Outside(path);
  }
  const fs::path real = fs::canonical(written, error);
  if (error) return OfError(path, error.value());
  if (!IsBelow(real, root)) return Outside(path);

  // Not to wait for the writer of a FIFO.
  WarcFile file(open(real.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.fd_ < 0) return OfError(path, errno);
  if (!IsBelow(PathOf(file.fd_), root)) return Outside(path);
  struct stat status = {};
  if (fstat(file.fd_, &status) != 0) return OfError(path, errno);
  if (!S_ISREG(status.st_mode)) {
    return absl::FailedPreconditionError(absl::StrCat(
        path, S_ISDIR(status.st_mode) ? " is a directory." : " is no file."));
  }
  file.identity_.name = real.lexically_relative(root).string();
  file.identity_.size_bytes = status.st_size;
  const absl::StatusOr<std::string> head = file.Read(0, kWarcIdentityBytes);
  if (!head.ok()) return head.status();
  if (!BeginsLikeWarc(*head)) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " is no WARC file: it begins like none."));
  }
  file.identity_.head_sha256 = Sha256(*head);
  return file;
}

absl::StatusOr<std::string> WarcFile::Read(int64_t offset,
                                           size_t max_bytes) const {
  const int64_t left = identity_.size_bytes - offset;
  std::string bytes(static_cast<size_t>(std::clamp<int64_t>(
                        left, 0, static_cast<int64_t>(max_bytes))),
                    '\0');
  size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = pread(fd_, bytes.data() + have, bytes.size() - have,
                              offset + static_cast<int64_t>(have));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) {
      return absl::DataLossError(absl::StrCat(
          identity_.name, " can't be read at byte ",
          offset + static_cast<int64_t>(have), ": ",
          got < 0 ? std::strerror(errno) : "it has become shorter", "."));
    }
    have += static_cast<size_t>(got);
  }
  return bytes;
}

}  // namespace dateline::fetcher

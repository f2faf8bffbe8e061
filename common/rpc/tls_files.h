#ifndef DATELINE_COMMON_RPC_TLS_FILES_H_
#define DATELINE_COMMON_RPC_TLS_FILES_H_

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/rpc/file_stamp.h"

namespace dateline::rpc {

// PEM files; all empty for plaintext.
struct TlsFiles {
  std::string certificate = {};  // the server's own, then its issuers'
  std::string key = {};
  std::string client_ca = {};  // clients must show a certificate under these
};

// What is in them.
struct TlsContents {
  std::string certificate = {};
  std::string key = {};
  std::string client_ca = {};
};

// kInvalidArgument, naming the flag, where one file is given without another
// that goes with it.
absl::Status CheckTlsFiles(const TlsFiles& files);

// kInvalidArgument, naming the file and what is wrong with it, where they
// can't be served with: a file is missing or has no certificate or key, or the
// key isn't the certificate's. Never tells what is in the key.
absl::StatusOr<TlsContents> ReadTlsFiles(const TlsFiles& files);

// Reads them anew as they change. Not thread-safe.
class TlsReader {
 public:
  explicit TlsReader(TlsFiles files) : files_(std::move(files)) {}

  // The contents, where they have changed since the last call and can be
  // served with. A change that can't be is logged once: of a pair of files that
  // are replaced one by one the first does not go without the second.
  std::optional<TlsContents> Changed();

 private:
  using Stamps = std::array<FileStamp, 3>;
  Stamps ReadStamps() const;

  const TlsFiles files_;
  std::optional<Stamps> stamps_ = std::nullopt;
};

}  // namespace dateline::rpc

#endif  // DATELINE_COMMON_RPC_TLS_FILES_H_

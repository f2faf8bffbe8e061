#ifndef DATELINE_COMMON_RPC_TLS_FILES_H_
#define DATELINE_COMMON_RPC_TLS_FILES_H_

#include <string>

#include "absl/status/status.h"

namespace dateline::rpc {

// PEM files; all empty for plaintext.
struct TlsFiles {
  std::string certificate = {};  // the server's own, then its issuers'
  std::string key = {};
  std::string client_ca = {};  // clients must show a certificate under these
};

// kInvalidArgument, naming the file and what is wrong with it, where they
// can't be served with: a file is missing or has no certificate or key, or the
// key isn't the certificate's. Never tells what is in the key.
absl::Status CheckTlsFiles(const TlsFiles& files);

}  // namespace dateline::rpc

#endif  // DATELINE_COMMON_RPC_TLS_FILES_H_

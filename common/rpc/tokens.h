#ifndef DATELINE_COMMON_RPC_TOKENS_H_
#define DATELINE_COMMON_RPC_TOKENS_H_

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/file_stamp.h"
#include "common/rpc/role.h"

namespace dateline::rpc {

// One bearer token, known by its digest only.
struct Token {
  Role role = Role::kRead;
  std::string digest = {};  // the 32 bytes of SHA-256 over the token
  std::string name = {};    // for logs and limits
};

// A token on each line, `ROLE sha256:HEX NAME`; '#' begins a comment.
// kInvalidArgument, with `path` and line but never the line's text, where one
// is of another form, a name or digest stands twice, or there is no token.
absl::StatusOr<std::vector<Token>> ParseTokens(absl::string_view text,
                                               absl::string_view path);

// The one that `presented` is, else null. Takes the same time whichever of
// them it is and however much of a digest agrees.
const Token* FindToken(const std::vector<Token>& tokens,
                       absl::string_view presented);

// The tokens of a file. Thread-safe; those that look for a token don't wait for
// one another.
class TokensFile {
 public:
  static absl::StatusOr<std::unique_ptr<TokensFile>> Open(std::string path);

  // The one that `presented` is, or whose digest is `digest`.
  std::optional<Token> Find(absl::string_view presented) const;
  std::optional<Token> FindDigest(absl::string_view digest) const;

  // Reads the file anew where it has changed; whether the tokens may be others
  // now. A change that can't be read is logged, once, and the tokens from
  // before stay.
  bool Reread();

 private:
  explicit TokensFile(std::string path) : path_(std::move(path)) {}
  absl::Status Read() ABSL_EXCLUSIVE_LOCKS_REQUIRED(reread_);

  const std::string path_;
  absl::Mutex reread_ ABSL_ACQUIRED_BEFORE(mutex_);
  FileStamp stamp_ ABSL_GUARDED_BY(reread_);
  mutable absl::Mutex mutex_;  // never held while a file is read
  std::vector<Token> tokens_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dateline::rpc

#endif  // DATELINE_COMMON_RPC_TOKENS_H_

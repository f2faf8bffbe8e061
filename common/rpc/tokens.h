#ifndef DATELINE_COMMON_RPC_TOKENS_H_
#define DATELINE_COMMON_RPC_TOKENS_H_

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
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

// The tokens of a file, read anew when the file has changed, at most once a
// second. A change that can't be read is logged and the tokens from before
// stay. Thread-safe.
class TokensFile {
 public:
  static absl::StatusOr<std::unique_ptr<TokensFile>> Open(std::string path);

  std::optional<Token> Find(absl::string_view presented, absl::Time now);

 private:
  using Tokens = std::vector<Token>;
  // What tells one content of the file from another.
  struct Stamp {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size_bytes = 0;
    absl::Time modified = {};
    absl::Time changed = {};  // its rights, too
    bool operator==(const Stamp&) const = default;
  };

  explicit TokensFile(std::string path) : path_(std::move(path)) {}
  absl::StatusOr<Stamp> ReadStamp() const;
  absl::Status Read() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::shared_ptr<const Tokens> Current(absl::Time now);

  const std::string path_;
  absl::Mutex mutex_;
  std::shared_ptr<const Tokens> tokens_ ABSL_GUARDED_BY(mutex_);
  Stamp stamp_ ABSL_GUARDED_BY(mutex_);
  absl::Time checked_ ABSL_GUARDED_BY(mutex_) = absl::InfinitePast();
};

}  // namespace dateline::rpc

#endif  // DATELINE_COMMON_RPC_TOKENS_H_

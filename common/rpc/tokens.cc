#include "common/rpc/tokens.h"

#include <openssl/crypto.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/log.h"
#include "common/sha256.h"

namespace dateline::rpc {
namespace {

constexpr size_t kDigestBytes = 32;

// None where `line` is of another form. Nothing of the line is told: who
// writes a token itself there shall not find it in a log.
std::optional<Token> ParseLine(absl::string_view line) {
  const std::vector<std::string> parts =
      absl::StrSplit(line, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  if (parts.size() != 3) return std::nullopt;
  const std::optional<Role> role = RoleFromWord(parts[0]);
  absl::string_view hex = parts[1];
  if (!role.has_value() || !absl::ConsumePrefix(&hex, "sha256:") ||
      hex.size() != 2 * kDigestBytes ||
      !std::all_of(hex.begin(), hex.end(), [](char c) {
        return absl::ascii_isxdigit(static_cast<unsigned char>(c));
      })) {
    return std::nullopt;
  }
  return Token{*role, absl::HexStringToBytes(hex), parts[2]};
}

bool StandsAlready(const std::vector<Token>& tokens, const Token& token) {
  return std::any_of(tokens.begin(), tokens.end(), [&](const Token& other) {
    return other.name == token.name || other.digest == token.digest;
  });
}

}  // namespace

absl::StatusOr<std::vector<Token>> ParseTokens(absl::string_view text,
                                               absl::string_view path) {
  std::vector<Token> tokens;
  int number = 0;
  for (absl::string_view line : absl::StrSplit(text, '\n')) {
    ++number;
    line = absl::StripAsciiWhitespace(line);
    if (line.empty() || line[0] == '#') continue;
    std::optional<Token> token = ParseLine(line);
    if (!token.has_value()) {
      return absl::InvalidArgumentError(absl::StrCat(
          path, ":", number,
          ": not of the form 'ROLE sha256:HEX NAME' with a role of read, "
          "submit or admin and 64 hexadecimal digits"));
    }
    if (StandsAlready(tokens, *token)) {
      return absl::InvalidArgumentError(absl::StrCat(
          path, ":", number, ": its name or its digest stands there already"));
    }
    tokens.push_back(*std::move(token));
  }
  if (tokens.empty()) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": has no token"));
  }
  return tokens;
}

const Token* FindToken(const std::vector<Token>& tokens,
                       absl::string_view presented) {
  const std::string digest = Sha256(presented);
  const Token* found = nullptr;
  for (const Token& token : tokens) {
    if (CRYPTO_memcmp(token.digest.data(), digest.data(), kDigestBytes) == 0) {
      found = &token;
    }
  }
  return found;
}

absl::StatusOr<std::unique_ptr<TokensFile>> TokensFile::Open(std::string path) {
  std::unique_ptr<TokensFile> file(new TokensFile(std::move(path)));
  absl::MutexLock lock(&file->reread_);
  if (absl::Status status = file->Read(); !status.ok()) return status;
  return file;
}

absl::Status TokensFile::Read() {
  const absl::StatusOr<FileStamp> stamp = ReadFileStamp(path_);
  if (!stamp.ok()) return stamp.status();
  stamp_ = *stamp;
  std::ifstream file(path_, std::ios::binary);
  if (!file) return absl::NotFoundError(absl::StrCat("can't read ", path_));
  const std::string text((std::istreambuf_iterator<char>(file)),
                         std::istreambuf_iterator<char>());
  if (file.bad())
    return absl::DataLossError(absl::StrCat("can't read ", path_));
  absl::StatusOr<std::vector<Token>> tokens = ParseTokens(text, path_);
  if (!tokens.ok()) return tokens.status();
  absl::MutexLock lock(&mutex_);
  tokens_ = *std::move(tokens);
  return absl::OkStatus();
}

bool TokensFile::Reread() {
  absl::MutexLock lock(&reread_);
  const absl::StatusOr<FileStamp> stamp = ReadFileStamp(path_);
  // Between two versions of a mounted file there may be none for a moment.
  if (!stamp.ok() || *stamp == stamp_) return false;
  if (const absl::Status status = Read(); !status.ok()) {
    LogError("tokens not read, the ones from before stay",
             {{"error", status.message()}});
    return false;
  }
  LogInfo("tokens read", {{"file", path_}});
  return true;
}

std::optional<Token> TokensFile::Find(absl::string_view presented) const {
  absl::ReaderMutexLock lock(&mutex_);
  const Token* const token = FindToken(tokens_, presented);
  return token == nullptr ? std::nullopt : std::make_optional(*token);
}

std::optional<Token> TokensFile::FindDigest(absl::string_view digest) const {
  absl::ReaderMutexLock lock(&mutex_);
  const auto token =
      std::find_if(tokens_.begin(), tokens_.end(),
                   [&](const Token& each) { return each.digest == digest; });
  return token == tokens_.end() ? std::nullopt : std::make_optional(*token);
}

}  // namespace dateline::rpc

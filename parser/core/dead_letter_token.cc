#include "parser/core/dead_letter_token.h"

#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/sha256.h"

namespace dateline {
namespace {

constexpr size_t kFingerprintBytes = 8;

std::string Fingerprint(const v1::DeadLetterSelection& selection) {
  return absl::BytesToHexString(
      Sha256(absl::StrCat(selection.reason(), "\n", selection.host(), "\n",
                          selection.start_time().SerializeAsString(), "\n",
                          selection.end_time().SerializeAsString()))
          .substr(0, kFingerprintBytes));
}

absl::Status NoToken() {
  return absl::InvalidArgumentError(
      "The page_token is none that ListDeadLetters gave.");
}

}  // namespace

std::string WriteLetterToken(const LetterCursors& cursors,
                             const v1::DeadLetterSelection& selection) {
  std::string text = Fingerprint(selection);
  for (const auto& [partition, offset] : cursors) {
    absl::StrAppend(&text, ",", partition, ":", offset);
  }
  return absl::WebSafeBase64Escape(text);
}

absl::StatusOr<LetterCursors> ReadLetterToken(
    absl::string_view token, const v1::DeadLetterSelection& selection) {
  std::string text;
  if (!absl::WebSafeBase64Unescape(token, &text)) return NoToken();
  const std::vector<absl::string_view> parts = absl::StrSplit(text, ',');
  if (parts.size() < 2 || parts[0].size() != 2 * kFingerprintBytes) {
    return NoToken();
  }
  LetterCursors cursors;
  for (size_t i = 1; i < parts.size(); ++i) {
    const std::vector<absl::string_view> pair = absl::StrSplit(parts[i], ':');
    int32_t partition = 0;
    int64_t offset = 0;
    if (pair.size() != 2 || !absl::SimpleAtoi(pair[0], &partition) ||
        !absl::SimpleAtoi(pair[1], &offset) || partition < 0 || offset < 0) {
      return NoToken();
    }
    cursors[partition] = offset;
  }
  if (parts[0] != Fingerprint(selection)) {
    return absl::InvalidArgumentError(
        "The page_token belongs to another selection.");
  }
  return cursors;
}

}  // namespace dateline

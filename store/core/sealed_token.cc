#include "store/core/sealed_token.h"

#include "absl/status/status.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/sha256.h"
#include "store/core/limits.h"

namespace dateline::store {
namespace {

constexpr size_t kChecksumBytes = 9;

std::string Checksum(absl::string_view binding, absl::string_view payload) {
  return Sha256(absl::StrCat(binding.size(), ":", binding, payload))
      .substr(0, kChecksumBytes);
}

}  // namespace

std::string SealToken(absl::string_view binding, absl::string_view payload) {
  return absl::WebSafeBase64Escape(
      absl::StrCat(Checksum(binding, payload), payload));
}

absl::StatusOr<std::string> OpenToken(absl::string_view binding,
                                      absl::string_view token) {
  std::string bytes;
  if (token.size() > kMaxTokenBytes ||
      !absl::WebSafeBase64Unescape(token, &bytes) ||
      bytes.size() < kChecksumBytes) {
    return absl::InvalidArgumentError("not a token that this service made");
  }
  const absl::string_view payload =
      absl::string_view(bytes).substr(kChecksumBytes);
  if (absl::string_view(bytes).substr(0, kChecksumBytes) !=
      Checksum(binding, payload)) {
    return absl::InvalidArgumentError(
        "not a token that this service made for this request");
  }
  return std::string(payload);
}

}  // namespace dateline::store

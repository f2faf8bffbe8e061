#include "store/core/resume_token.h"

#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "common/error_details.h"
#include "store/core/sealed_token.h"

namespace dateline::store {
namespace {

std::string Binding(absl::string_view topic) {
  return absl::StrCat("dateline.v1.WatchArticlesRequest\n", topic);
}

// "0:17,1:4"; empty for no partition.
std::optional<Offsets> ParseOffsets(absl::string_view text) {
  Offsets offsets;
  for (absl::string_view item : absl::StrSplit(text, ',', absl::SkipEmpty())) {
    const std::pair<absl::string_view, absl::string_view> parts =
        absl::StrSplit(item, absl::MaxSplits(':', 1));
    int32_t partition = 0;
    int64_t offset = 0;
    if (!absl::SimpleAtoi(parts.first, &partition) || partition < 0 ||
        !absl::SimpleAtoi(parts.second, &offset) || offset < 0) {
      return std::nullopt;
    }
    offsets[partition] = offset;
  }
  return offsets;
}

}  // namespace

std::string MakeResumeToken(absl::string_view topic, const Offsets& offsets) {
  return SealToken(Binding(topic),
                   absl::StrJoin(offsets, ",", absl::PairFormatter(":")));
}

absl::StatusOr<Offsets> ReadResumeToken(absl::string_view topic,
                                        absl::string_view token) {
  const absl::StatusOr<std::string> payload = OpenToken(Binding(topic), token);
  if (!payload.ok()) {
    return InvalidField("resume_token",
                        absl::StrCat(payload.status().message()));
  }
  std::optional<Offsets> offsets = ParseOffsets(*payload);
  if (!offsets.has_value()) {
    return InvalidField("resume_token", "holds no offsets");
  }
  return *std::move(offsets);
}

}  // namespace dateline::store

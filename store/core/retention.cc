#include "store/core/retention.h"

#include <cmath>

#include "absl/strings/str_cat.h"

namespace dateline::store {

absl::Status CheckRetention(const Retention& retention) {
  if (retention.age <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--retain_age must be more than 0, not ",
                     absl::FormatDuration(retention.age)));
  }
  if (retention.size_bytes < 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--retain_bytes must be at least 0, not ", retention.size_bytes));
  }
  return absl::OkStatus();
}

int64_t ArticlesTooMany(const Usage& usage, int64_t size_bytes) {
  if (size_bytes <= 0 || usage.size_bytes <= size_bytes) return 0;
  const double excess = static_cast<double>(usage.size_bytes - size_bytes) /
                        static_cast<double>(usage.size_bytes);
  return static_cast<int64_t>(
      std::ceil(excess * static_cast<double>(usage.articles)));
}

}  // namespace dateline::store

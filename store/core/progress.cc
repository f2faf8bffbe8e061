#include "store/core/progress.h"

#include <algorithm>

namespace dateline::store {

double Progress::Rate(absl::Time now, int64_t left) const {
  const double seconds = absl::ToDoubleSeconds(now - begin_);
  const auto done = static_cast<double>(std::max<int64_t>(left_ - left, 0));
  return seconds > 0 ? done / seconds : 0;
}

std::optional<absl::Duration> Progress::Remaining(absl::Time now,
                                                  int64_t left) const {
  const double rate = Rate(now, left);
  if (rate <= 0) return std::nullopt;
  return absl::Seconds(static_cast<double>(left) / rate);
}

int Progress::Percent(int64_t left) const {
  if (left_ <= 0) return 100;
  return static_cast<int>(
      std::clamp<int64_t>((left_ - left) * 100 / left_, 0, 100));
}

}  // namespace dateline::store

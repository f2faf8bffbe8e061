#include "store/core/retention.h"

#include <cmath>

namespace dateline::store {

int64_t ArticlesTooMany(const Usage& usage, int64_t size_bytes) {
  if (size_bytes <= 0 || usage.size_bytes <= size_bytes) return 0;
  const double excess = static_cast<double>(usage.size_bytes - size_bytes) /
                        static_cast<double>(usage.size_bytes);
  return static_cast<int64_t>(
      std::ceil(excess * static_cast<double>(usage.articles)));
}

}  // namespace dateline::store

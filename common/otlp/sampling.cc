#include "common/otlp/sampling.h"

#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"

namespace dateline::otlp {
namespace {

constexpr size_t kRandomDigits = 14;
constexpr double kRandomNumbers = static_cast<double>(uint64_t{1} << 56);

}  // namespace

bool IsSampled(const TraceContext& context, double ratio) {
  if (!context.sampled() || context.trace_id.size() < kRandomDigits) {
    return false;
  }
  uint64_t random = 0;
  const absl::string_view digits =
      absl::string_view(context.trace_id)
          .substr(context.trace_id.size() - kRandomDigits);
  if (!absl::SimpleHexAtoi(digits, &random)) return false;
  return random < static_cast<uint64_t>(ratio * kRandomNumbers);
}

}  // namespace dateline::otlp

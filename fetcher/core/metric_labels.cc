#include "fetcher/core/metric_labels.h"

#include <algorithm>
#include <iterator>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace dateline::fetcher {
namespace {

// RFC 9110 §15, and others of the IANA registry that servers do send.
constexpr int kStatuses[] = {
    300, 301, 302, 303, 304, 305, 307, 308, 400, 401, 402, 403, 404, 405, 406,
    407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417, 421, 422, 423, 425,
    426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 507, 508, 511};

}  // namespace

std::string ReasonLabel(absl::string_view code) {
  absl::string_view digits = code;
  int status = 0;
  if (!absl::ConsumePrefix(&digits, "http_") ||
      !absl::SimpleAtoi(digits, &status) ||
      std::binary_search(std::begin(kStatuses), std::end(kStatuses), status)) {
    return std::string(code);
  }
  if (status < 100 || status > 599) return "http_other";
  return absl::StrCat("http_", status / 100, "xx");
}

}  // namespace dateline::fetcher

#include "common/trace_context.h"

#include <algorithm>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/sha256.h"

namespace dateline {
namespace {

constexpr size_t kVersion00Length = 55;

bool IsLowerHex(absl::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  });
}

bool IsZero(absl::string_view digits) {
  return digits.find_first_not_of('0') == absl::string_view::npos;
}

}  // namespace

bool TraceContext::sampled() const {
  if (flags.size() != 2) return false;
  return absl::string_view("13579bdf").find(flags[1]) !=
         absl::string_view::npos;
}

std::optional<TraceContext> ParseTraceparent(absl::string_view header) {
  if (header.size() < kVersion00Length) return std::nullopt;
  const absl::string_view version = header.substr(0, 2);
  const absl::string_view trace_id = header.substr(3, 32);
  const absl::string_view span_id = header.substr(36, 16);
  const absl::string_view flags = header.substr(53, 2);
  const bool dashes =
      header[2] == '-' && header[35] == '-' && header[52] == '-';
  const bool ends = header.size() == kVersion00Length ||
                    (version != "00" && header[kVersion00Length] == '-');
  if (!dashes || !ends || version == "ff" || !IsLowerHex(version) ||
      !IsLowerHex(trace_id) || !IsLowerHex(span_id) || !IsLowerHex(flags) ||
      IsZero(trace_id) || IsZero(span_id)) {
    return std::nullopt;
  }
  return TraceContext{std::string(trace_id), std::string(span_id),
                      std::string(flags)};
}

std::string FormatTraceparent(const TraceContext& context) {
  return absl::StrCat("00-", context.trace_id, "-", context.span_id, "-",
                      context.flags);
}

TraceContext NewTrace(absl::string_view seed) {
  const std::string hex = absl::BytesToHexString(Sha256(seed));
  return {hex.substr(0, 32), hex.substr(32, 16), "01"};
}

TraceContext ContinueTrace(const TraceContext& parent, absl::string_view seed) {
  const std::string hex = absl::BytesToHexString(
      Sha256(absl::StrCat(parent.trace_id, parent.span_id, seed)));
  return {parent.trace_id, hex.substr(0, 16), parent.flags};
}

}  // namespace dateline

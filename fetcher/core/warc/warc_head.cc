#include "fetcher/core/warc/warc_head.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace dateline::fetcher {
namespace {

bool IsDigits(absl::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return absl::ascii_isdigit(static_cast<unsigned char>(c));
  });
}

// The next line without its end; consumes both.
absl::string_view TakeLine(absl::string_view& text) {
  const size_t end = text.find('\n');
  absl::string_view line = text.substr(0, end);
  text.remove_prefix(end == absl::string_view::npos ? text.size() : end + 1);
  absl::ConsumeSuffix(&line, "\r");
  return line;
}

}  // namespace

std::optional<size_t> FindHeadEnd(absl::string_view bytes) {
  size_t end = bytes.find('\n');
  while (end != absl::string_view::npos) {
    absl::string_view rest = bytes.substr(end + 1);
    if (absl::StartsWith(rest, "\n")) return end + 2;
    if (absl::StartsWith(rest, "\r\n")) return end + 3;
    end = bytes.find('\n', end + 1);
  }
  return std::nullopt;
}

std::vector<WarcField> ParseFields(absl::string_view lines, int* bad_lines) {
  std::vector<WarcField> fields;
  while (!lines.empty()) {
    const absl::string_view line = TakeLine(lines);
    if (line.empty()) continue;
    if (line[0] == ' ' || line[0] == '\t') {
      if (fields.empty()) {
        ++*bad_lines;
      } else {
        absl::StrAppend(&fields.back().value,
                        fields.back().value.empty() ? "" : " ",
                        absl::StripAsciiWhitespace(line));
      }
      continue;
    }
    const size_t colon = line.find(':');
    const absl::string_view name =
        absl::StripAsciiWhitespace(line.substr(0, colon));
    if (colon == absl::string_view::npos || name.empty()) {
      ++*bad_lines;
      continue;
    }
    fields.push_back({std::string(name), std::string(absl::StripAsciiWhitespace(
                                             line.substr(colon + 1)))});
  }
  return fields;
}

absl::StatusOr<WarcHead> ParseWarcHead(absl::string_view head) {
  absl::string_view version =
      absl::StripTrailingAsciiWhitespace(TakeLine(head));
  if (!absl::ConsumePrefix(&version, "WARC/") ||
      !absl::StartsWith(version, "1.") || !IsDigits(version.substr(2))) {
    return absl::InvalidArgumentError("bad_version");
  }
  WarcHead parsed;
  parsed.version = std::string(version);
  int bad_lines = 0;
  parsed.fields = ParseFields(head, &bad_lines);
  if (bad_lines > 0) return absl::InvalidArgumentError("bad_head");
  const auto length = std::find_if(
      parsed.fields.begin(), parsed.fields.end(), [](const WarcField& field) {
        return absl::EqualsIgnoreCase(field.name, "Content-Length");
      });
  if (length == parsed.fields.end() || !IsDigits(length->value) ||
      !absl::SimpleAtoi(length->value, &parsed.content_length)) {
    return absl::InvalidArgumentError("bad_content_length");
  }
  return parsed;
}

}  // namespace dateline::fetcher

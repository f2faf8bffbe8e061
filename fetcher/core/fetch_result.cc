#include "fetcher/core/fetch_result.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace dateline::fetcher {
namespace {

constexpr size_t kLongestName = 128;

// Empty where it can be no name of a type or charset.
absl::string_view Name(absl::string_view text) {
  const bool is_name =
      text.size() <= kLongestName &&
      std::all_of(text.begin(), text.end(), [](char c) {
        return absl::ascii_isprint(static_cast<unsigned char>(c));
      });
  return is_name ? text : "";
}

}  // namespace

absl::string_view BodyStart(const FetchResult& result) {
  return result.content_codings.empty() ? result.body : result.body_start;
}

size_t BytesOf(const FetchResult& result) {
  size_t bytes = result.body.size() + result.body_start.size();
  for (const v1::HttpHeader& header : result.headers) {
    bytes += sizeof(header) + header.name().size() + header.value().size();
  }
  for (const v1::Redirect& redirect : result.redirects) {
    bytes += redirect.SpaceUsedLong();
  }
  return bytes;
}

std::optional<absl::string_view> FindHttpHeader(
    const std::vector<v1::HttpHeader>& headers, absl::string_view name) {
  for (auto header = headers.rbegin(); header != headers.rend(); ++header) {
    if (absl::EqualsIgnoreCase(header->name(), name)) return header->value();
  }
  return std::nullopt;
}

ContentType ParseContentType(absl::string_view value) {
  ContentType type;
  bool first = true;
  for (absl::string_view part : absl::StrSplit(value, ';')) {
    part = absl::StripAsciiWhitespace(part);
    if (first) {
      type.media_type = absl::AsciiStrToLower(Name(part));
      first = false;
      continue;
    }
    const std::pair<absl::string_view, absl::string_view> parameter =
        absl::StrSplit(part, absl::MaxSplits('=', 1));
    if (!absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(parameter.first),
                                "charset")) {
      continue;
    }
    absl::string_view charset = absl::StripAsciiWhitespace(parameter.second);
    if (absl::ConsumePrefix(&charset, "\"") ||
        absl::ConsumePrefix(&charset, "'")) {
      charset = charset.substr(0, charset.find_first_of("\"'"));
    }
    if (type.charset.empty()) type.charset = std::string(Name(charset));
  }
  return type;
}

}  // namespace dateline::fetcher

#include "parser/explain/html_writer.h"

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "common/url.h"
#include "parser/core/text.h"

namespace dateline::explain {
namespace {

// Empty where the character may stand as it is.
absl::string_view ReferenceOf(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      return "";
  }
}

// C0 and C1 controls and DEL.
bool IsControl(uint32_t code_point) {
  return (code_point < 0x20 && code_point != '\n' && code_point != '\t') ||
         (code_point >= 0x7f && code_point < 0xa0);
}

}  // namespace

HtmlWriter& HtmlWriter::Text(absl::string_view text, size_t max_bytes) {
  const absl::string_view shown = TruncateUtf8(text, max_bytes);
  for (size_t position = 0; position < shown.size();) {
    const size_t start = position;
    const uint32_t code_point = NextCodePoint(shown, &position);
    const absl::string_view bytes = shown.substr(start, position - start);
    if (IsControl(code_point)) continue;
    if (code_point == 0xfffd) {
      html_.append("\xef\xbf\xbd");
      continue;
    }
    const absl::string_view reference =
        bytes.size() == 1 ? ReferenceOf(bytes[0]) : "";
    absl::StrAppend(&html_, reference.empty() ? bytes : reference);
  }
  if (shown.size() < text.size()) html_.append("\xe2\x80\xa6");
  return *this;
}

HtmlWriter& HtmlWriter::Number(int64_t number) {
  absl::StrAppend(&html_, number);
  return *this;
}

HtmlWriter& HtmlWriter::Link(absl::string_view url, absl::string_view text) {
  const absl::StatusOr<Url> parsed = ParseUrl(url);
  if (!parsed.ok()) return Text(text);
  Markup("<a rel=\"noreferrer noopener nofollow\" href=\"");
  // A cut URL would be another one; ParseUrl bounds its length.
  const std::string href = parsed->ToString();
  return Text(href, href.size()).Markup("\">").Text(text).Markup("</a>");
}

}  // namespace dateline::explain

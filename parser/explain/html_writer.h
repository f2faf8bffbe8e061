#ifndef DATELINE_PARSER_EXPLAIN_HTML_WRITER_H_
#define DATELINE_PARSER_EXPLAIN_HTML_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>

#include "absl/strings/string_view.h"

namespace dateline::explain {

// Writes HTML in which markup can only come from literals of this program:
// whatever was read from outside goes through Text or Link, and stays text
// there, in element content and in double-quoted attribute values alike.
class HtmlWriter {
 public:
  template <size_t N>
  HtmlWriter& Markup(const char (&literal)[N]) {
    html_.append(literal, N - 1);
    return *this;
  }

  // `text` with the five characters that mean something to HTML escaped,
  // control characters other than line feed and tab dropped, and ill-formed
  // UTF-8 replaced by U+FFFD. Longer text is cut at `max_bytes`, with an
  // ellipsis.
  HtmlWriter& Text(absl::string_view text, size_t max_bytes = kMaxTextBytes);

  HtmlWriter& Number(int64_t number);

  // `text` as a link to `url` where that is an absolute http(s) URL; as text
  // elsewhere. The link is never followed by itself and sends no referrer.
  HtmlWriter& Link(absl::string_view url, absl::string_view text);

  size_t size() const { return html_.size(); }
  std::string Take() && { return std::move(html_); }

  static constexpr size_t kMaxTextBytes = 20000;

 private:
  std::string html_;
};

}  // namespace dateline::explain

#endif  // DATELINE_PARSER_EXPLAIN_HTML_WRITER_H_

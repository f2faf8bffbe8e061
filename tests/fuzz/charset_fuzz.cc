// The first line is what the Content-Type says, the rest the bytes of a page.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

#include "parser/core/charset.h"
#include "tests/fuzz/properties.h"

namespace dateline {
namespace {

constexpr absl::string_view kSources[] = {"bom", "http", "meta", "detected",
                                          "default"};

void Check(absl::string_view http_charset, absl::string_view bytes,
           bool is_html) {
  const DecodedText decoded = Decode(bytes, http_charset, is_html);
  const std::string text(decoded.text());
  RequireUtf8(text);
  // U+FFFD for a byte is three; no encoding has longer characters for one byte.
  Require(text.size() <= 3 * bytes.size() + 3);
  Require(!decoded.charset.name.empty());
  Require(std::find(std::begin(kSources), std::end(kSources),
                    decoded.charset.source) != std::end(kSources));

  const DecodedText again = Decode(bytes, http_charset, is_html);
  Require(again.text() == text && again.charset.name == decoded.charset.name &&
          again.charset.source == decoded.charset.source &&
          again.charset.has_errors == decoded.charset.has_errors);
  // Behind a mark that opens the text nothing is left to detect.
  const std::string marked = "\xEF\xBB\xBF" + text;
  Require(Decode(marked, http_charset, is_html).text() == text);
}

}  // namespace
}  // namespace dateline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  absl::string_view bytes = dateline::TextOf(data, size);
  const absl::string_view http_charset = dateline::TakeLine(bytes);
  dateline::Check(http_charset, bytes, false);
  dateline::Check(http_charset, bytes, true);
  return 0;
}

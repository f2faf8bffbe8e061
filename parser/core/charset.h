#ifndef DATELINE_PARSER_CORE_CHARSET_H_
#define DATELINE_PARSER_CORE_CHARSET_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dateline {

// How the bytes of a page were read.
struct Charset {
  // WHATWG name in its usual spelling: "UTF-8", "windows-1252".
  std::string name;
  // What said so: "bom", "http", "meta", "detected", "default".
  std::string source;
  // Whether there were bytes that the encoding doesn't know; each stands as
  // U+FFFD in the text.
  bool has_errors = false;
};

// A page's text as valid UTF-8.
struct DecodedText {
  // Views `storage`, or the bytes given to Decode where they were UTF-8
  // already.
  absl::string_view text() const { return owned ? storage : borrowed; }

  Charset charset;
  std::string storage;
  absl::string_view borrowed;
  bool owned = false;
};

// Decodes a page in the order of the WHATWG Encoding and HTML standards (BOM,
// transport, a meta element in the first kilobytes), then by detection on the
// bytes. One departure: a declared encoding that the bytes contradict (UTF-8
// that is ill-formed in many places, or something else where non-ASCII bytes
// are all well-formed UTF-8) loses to detection. `bytes` must outlive the
// result. `is_html` says whether meta elements are looked for.
DecodedText Decode(absl::string_view bytes, absl::string_view http_charset,
                   bool is_html);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_CHARSET_H_

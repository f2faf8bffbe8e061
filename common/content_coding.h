#ifndef DATELINE_COMMON_CONTENT_CODING_H_
#define DATELINE_COMMON_CONTENT_CODING_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace dateline {

// The content codings of the web (RFC 9110 §8.4.1, RFC 7932, RFC 8878).
enum class ContentCoding { kIdentity, kGzip, kDeflate, kBrotli, kZstd };

// The coding that a token of Content-Encoding names, in any case; none where it
// is unknown.
std::optional<ContentCoding> ContentCodingOf(absl::string_view token);

struct Decoded {
  std::string bytes;
  // False where `bytes` ends because the input is cut off or broken there.
  bool complete = false;
};

// Undoes one coding. kResourceExhausted where more than `max_bytes` would come
// of it, kInvalidArgument where nothing does because it is another format,
// kUnimplemented for a coding that this build lacks (brotli without
// libbrotlidec).
//
// Concatenated gzip members are one; what follows the last is ignored. Deflate
// is read with and without zlib's wrapper.
//
// The result takes the memory of `room` where that is large enough: whoever
// decodes one body after another, and keeps none, gives the last one back.
absl::StatusOr<Decoded> DecodeContent(ContentCoding coding,
                                      absl::string_view encoded,
                                      size_t max_bytes, std::string room = {});

// What to name in Accept-Encoding.
absl::string_view AcceptedCodings();

// The codings that Content-Encoding names, by their registered names ("gzip"
// for "x-gzip"), in the order in which they were applied; `codings` is the
// field's value, several joined by commas. kInvalidArgument for an unknown
// coding or more than five.
absl::StatusOr<std::vector<std::string>> ParseContentCodings(
    absl::string_view codings);

// Undoes codings by their names, the last first. An empty body is in none.
// Errors as DecodeContent, and kDataLoss where the body ends too early,
// kInvalidArgument for an unknown coding or more than five. `room` as there.
absl::StatusOr<std::string> UndoContentCodings(
    absl::Span<const absl::string_view> codings, absl::string_view body,
    size_t max_bytes, std::string room = {});

}  // namespace dateline

#endif  // DATELINE_COMMON_CONTENT_CODING_H_

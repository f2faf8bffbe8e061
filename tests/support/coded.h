#ifndef DATELINE_TESTS_SUPPORT_CODED_H_
#define DATELINE_TESTS_SUPPORT_CODED_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dateline {

// `bytes` in a content coding. Of zlib's windows, 15 gives its own wrapper, -15
// none.
std::string Gzip(absl::string_view bytes, int window = 15 + 16);
std::string Brotli(absl::string_view bytes);
std::string Zstd(absl::string_view bytes);

}  // namespace dateline

#endif  // DATELINE_TESTS_SUPPORT_CODED_H_

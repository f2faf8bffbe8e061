#ifndef DATELINE_FETCHER_CORE_SITEMAP_VALID_UTF8_H_
#define DATELINE_FETCHER_CORE_SITEMAP_VALID_UTF8_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dateline::fetcher {

// `text` with U+FFFD for every byte that is no part of well-formed UTF-8.
// libxml2 lets such bytes through when it recovers from errors; Protobuf takes
// no message with them.
std::string ValidUtf8(absl::string_view text);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_SITEMAP_VALID_UTF8_H_

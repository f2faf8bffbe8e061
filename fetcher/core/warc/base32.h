#ifndef DATELINE_FETCHER_CORE_WARC_BASE32_H_
#define DATELINE_FETCHER_CORE_WARC_BASE32_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dateline::fetcher {

// RFC 4648 §6, without padding.
std::string Base32(absl::string_view bytes);

// "sha1:" and the digest in base 32: the form that WARC tools expect.
std::string WarcDigest(absl::string_view bytes);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_WARC_BASE32_H_

#ifndef DATELINE_COMMON_SHA256_H_
#define DATELINE_COMMON_SHA256_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dateline {

// The 32 bytes of SHA-256 (FIPS 180-4) over `data`.
std::string Sha256(absl::string_view data);

}  // namespace dateline

#endif  // DATELINE_COMMON_SHA256_H_

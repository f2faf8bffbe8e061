#ifndef DATELINE_STORE_CORE_SEALED_TOKEN_H_
#define DATELINE_STORE_CORE_SEALED_TOKEN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dateline::store {

// Opaque text for clients to hand back: base64url (RFC 4648 §5) of a checksum
// and `payload`. The checksum covers `binding` too, so that a token only opens
// where it belongs. It guards against mistakes, not against forgers: whoever
// reads the payload still has to check it.
std::string SealToken(absl::string_view binding, absl::string_view payload);

// The payload. kInvalidArgument where SealToken didn't make `token` with this
// binding.
absl::StatusOr<std::string> OpenToken(absl::string_view binding,
                                      absl::string_view token);

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_SEALED_TOKEN_H_

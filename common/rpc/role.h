#ifndef DATELINE_COMMON_RPC_ROLE_H_
#define DATELINE_COMMON_RPC_ROLE_H_

#include <optional>

#include "absl/strings/string_view.h"

namespace dateline::rpc {

// What a caller may do. Each includes the ones before it.
enum class Role {
  kRead,    // asks for what is there
  kSubmit,  // gives work: URLs, pages
  kAdmin,   // changes sources, imports archives, deletes, redrives
};

// "read", "submit" or "admin".
absl::string_view RoleWord(Role role);
std::optional<Role> RoleFromWord(absl::string_view word);

// The least role that may call `method`, "/dateline.v1.FetcherService/
// SubmitUrls"; none for a method that has no entry in the table, which no
// server serves. Health checks are no matter of roles: probes have no token.
std::optional<Role> RequiredRole(absl::string_view method);

}  // namespace dateline::rpc

#endif  // DATELINE_COMMON_RPC_ROLE_H_

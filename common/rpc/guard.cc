#include "common/rpc/guard.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/error_details.h"
#include "common/log.h"

namespace dateline::rpc {
namespace {

constexpr absl::Duration kRefusalLogInterval = absl::Seconds(1);
constexpr absl::string_view kScheme = "Bearer ";

// None where there is none or more than one.
std::optional<absl::string_view> BearerToken(const Caller& caller) {
  if (caller.authorizations.size() != 1) return std::nullopt;
  const absl::string_view value = caller.authorizations[0];
  if (value.size() <= kScheme.size() ||
      !absl::StartsWithIgnoreCase(value, kScheme)) {
    return std::nullopt;
  }
  return value.substr(kScheme.size());
}

// Without its port, which is another for each connection.
std::string Host(absl::string_view address) {
  return std::string(address.substr(0, address.rfind(':')));
}

std::string ClientName(const Caller& caller, const Token* token) {
  if (token != nullptr) return absl::StrCat("token:", token->name);
  if (!caller.certificate.empty()) {
    return absl::StrCat("certificate:", caller.certificate);
  }
  return Host(caller.address);
}

}  // namespace

absl::StatusOr<ClientLimits::Slot> Guard::Admit(absl::string_view method,
                                                const Caller& caller,
                                                absl::Time now) {
  std::optional<Token> token;
  if (tokens_ != nullptr) {
    if (const auto presented = BearerToken(caller); presented.has_value()) {
      token = tokens_->Find(*presented, now);
    }
  }
  const Token* const found = token.has_value() ? &*token : nullptr;
  const std::string client = ClientName(caller, found);
  absl::StatusOr<ClientLimits::Slot> slot =
      Decide(method, caller, found, client, now);
  if (!slot.ok()) LogRefusal(method, client, slot.status(), now);
  return slot;
}

absl::StatusOr<ClientLimits::Slot> Guard::Decide(absl::string_view method,
                                                 const Caller& caller,
                                                 const Token* token,
                                                 const std::string& client,
                                                 absl::Time now) {
  // First, so that refused calls are bounded as well.
  absl::StatusOr<ClientLimits::Slot> slot = limits_.Begin(client, now);
  if (!slot.ok() || tokens_ == nullptr) return slot;
  if (token == nullptr) {
    const bool missing = caller.authorizations.empty();
    return WithErrorInfo(
        absl::UnauthenticatedError(
            missing ? "no token: send 'authorization: Bearer TOKEN'"
                    : "the token is not one of this server's"),
        missing ? "TOKEN_MISSING" : "TOKEN_UNKNOWN", {});
  }
  const std::optional<Role> required = RequiredRole(method);
  if (required.has_value() && token->role >= *required) return slot;
  const absl::string_view needed =
      required.has_value() ? RoleWord(*required) : "none";
  return WithErrorInfo(absl::PermissionDeniedError(absl::StrCat(
                           method, " needs the role ", needed, "; '",
                           token->name, "' has ", RoleWord(token->role))),
                       "ROLE_TOO_LOW",
                       {{"method", std::string(method)},
                        {"required_role", std::string(needed)},
                        {"role", std::string(RoleWord(token->role))}});
}

// One line a second: who floods a server shall not flood its log.
void Guard::LogRefusal(absl::string_view method, const std::string& client,
                       const absl::Status& status, absl::Time now) {
  int64_t unlogged = 0;
  {
    absl::MutexLock lock(&mutex_);
    if (now >= logged_ && now - logged_ < kRefusalLogInterval) {
      ++unlogged_;
      return;
    }
    logged_ = now;
    unlogged = std::exchange(unlogged_, 0);
  }
  LogWarning("call refused", {{"method", method},
                              {"client", client},
                              {"error", status.message()},
                              {"refused_unlogged", unlogged}});
}

}  // namespace dateline::rpc

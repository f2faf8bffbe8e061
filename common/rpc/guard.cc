#include "common/rpc/guard.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/error_details.h"
#include "common/log.h"

namespace dateline::rpc {
namespace {

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

absl::Status NoSuchToken(bool missing) {
  return WithErrorInfo(absl::UnauthenticatedError(
                           missing ? "no token: send 'authorization: Bearer "
                                     "TOKEN'"
                                   : "the token is not one of this server's"),
                       missing ? "TOKEN_MISSING" : "TOKEN_UNKNOWN", {});
}

absl::Status CheckRole(absl::string_view method, const Token& token) {
  const std::optional<Role> required = RequiredRole(method);
  if (required.has_value() && token.role >= *required) return absl::OkStatus();
  const absl::string_view needed =
      required.has_value() ? RoleWord(*required) : "none";
  return WithErrorInfo(absl::PermissionDeniedError(absl::StrCat(
                           method, " needs the role ", needed, "; '",
                           token.name, "' has ", RoleWord(token.role))),
                       "ROLE_TOO_LOW",
                       {{"method", std::string(method)},
                        {"required_role", std::string(needed)},
                        {"role", std::string(RoleWord(token.role))}});
}

}  // namespace

absl::StatusOr<ClientLimits::Slot> Guard::Admit(absl::string_view method,
                                                const Caller& caller,
                                                absl::Time now) {
  std::optional<Token> token;
  return Admit(method, caller, now, token);
}

absl::StatusOr<ClientLimits::Slot> Guard::Admit(absl::string_view method,
                                                const Caller& caller,
                                                absl::Time now,
                                                std::optional<Token>& token) {
  const auto presented =
      tokens_ == nullptr ? std::nullopt : BearerToken(caller);
  if (presented.has_value()) token = tokens_->Find(*presented);
  const std::string client =
      ClientName(caller, token.has_value() ? &*token : nullptr);
  // First, so that refused calls are bounded as well.
  absl::StatusOr<ClientLimits::Slot> slot = limits_.Begin(client, now);
  if (slot.ok() && tokens_ != nullptr) {
    const absl::Status status =
        token.has_value() ? CheckRole(method, *token)
                          : NoSuchToken(caller.authorizations.empty());
    if (!status.ok()) slot = status;
  }
  if (!slot.ok()) refusals_.Add(method, client, slot.status(), now);
  return slot;
}

absl::StatusOr<ClientLimits::Slot> Guard::AdmitStream(absl::string_view method,
                                                      const Caller& caller,
                                                      absl::Time now, End end) {
  std::optional<Token> token;
  absl::StatusOr<ClientLimits::Slot> slot = Admit(method, caller, now, token);
  if (!slot.ok() || !token.has_value()) return slot;
  const auto stream = std::make_shared<const Stream>(
      Stream{std::string(method), token->digest, std::move(end)});
  slot = Register(stream, *std::move(slot));
  // The tokens may have changed before it was there to be found.
  if (absl::Status status = MayGoOn(*stream); !status.ok()) return status;
  return slot;
}

ClientLimits::Slot Guard::Register(std::shared_ptr<const Stream> stream,
                                   ClientLimits::Slot slot) {
  {
    absl::MutexLock lock(&streams_mutex_);
    streams_.insert(stream);
  }
  return ClientLimits::Slot(nullptr, [this, stream = std::move(stream),
                                      slot = std::move(slot)](void*) {
    absl::MutexLock lock(&streams_mutex_);
    streams_.erase(stream);
  });
}

absl::Status Guard::MayGoOn(const Stream& stream) const {
  const std::optional<Token> token = tokens_->FindDigest(stream.digest);
  if (!token.has_value()) return NoSuchToken(/*missing=*/false);
  return CheckRole(stream.method, *token);
}

void Guard::RereadTokens() {
  if (tokens_ == nullptr || !tokens_->Reread()) return;
  std::vector<std::pair<std::shared_ptr<const Stream>, absl::Status>> over;
  {
    absl::MutexLock lock(&streams_mutex_);
    for (const auto& stream : streams_) {
      absl::Status status = MayGoOn(*stream);
      if (!status.ok()) over.emplace_back(stream, std::move(status));
    }
    for (const auto& [stream, status] : over) streams_.erase(stream);
  }
  for (const auto& [stream, status] : over) stream->end(status);
  if (over.empty()) return;
  LogInfo("streams ended whose tokens no longer hold",
          {{"streams", over.size()}});
}

}  // namespace dateline::rpc

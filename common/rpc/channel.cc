#include "common/rpc/channel.h"

#include <grpcpp/grpcpp.h>

#include <fstream>
#include <iterator>
#include <utility>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/rpc/server_options.h"

ABSL_FLAG(bool, tls, false,
          "Call by TLS; implied by --tls_ca_file and --tls_certificate_file");
ABSL_FLAG(std::string, tls_ca_file, "",
          "The authorities that the server's certificate may be under, PEM; "
          "the system's where empty");
ABSL_FLAG(std::string, tls_certificate_file, "",
          "The certificate to show the server, PEM (mTLS)");
ABSL_FLAG(std::string, tls_key_file, "", "Its private key, PEM");
ABSL_FLAG(std::string, token_file, "",
          "A file with the bearer token to send, and nothing else");
ABSL_FLAG(bool, allow_tokens_over_plaintext, false,
          "Send the token without TLS to an address that is not loopback, "
          "where something else encrypts");

namespace dateline::rpc {
namespace {

// Empty where `path` is.
absl::StatusOr<std::string> ReadFlagFile(absl::string_view flag,
                                         const std::string& path) {
  if (path.empty()) return std::string();
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)),
                   std::istreambuf_iterator<char>());
  if (!file.is_open() || text.empty()) {
    return absl::NotFoundError(
        absl::StrCat("--", flag, " ", path, ": can't be read or is empty"));
  }
  return text;
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> TlsFromFlags() {
  grpc::SslCredentialsOptions options;
  absl::Status status;
  const auto take = [&status](absl::string_view flag, const std::string& path,
                              std::string& text) {
    absl::StatusOr<std::string> read = ReadFlagFile(flag, path);
    if (read.ok()) text = *std::move(read);
    status.Update(read.status());
  };
  take("tls_ca_file", absl::GetFlag(FLAGS_tls_ca_file), options.pem_root_certs);
  take("tls_certificate_file", absl::GetFlag(FLAGS_tls_certificate_file),
       options.pem_cert_chain);
  take("tls_key_file", absl::GetFlag(FLAGS_tls_key_file),
       options.pem_private_key);
  if (!status.ok()) return status;
  if (options.pem_cert_chain.empty() != options.pem_private_key.empty()) {
    return absl::InvalidArgumentError(
        "--tls_certificate_file and --tls_key_file go together");
  }
  return grpc::SslCredentials(options);
}

}  // namespace

void ClientAccess::Apply(grpc::ClientContext& context) const {
  if (!token.empty()) {
    context.AddMetadata("authorization", absl::StrCat("Bearer ", token));
  }
}

absl::StatusOr<ClientAccess> ClientAccessFromFlags(const std::string& address) {
  ClientAccess access;
  const bool tls = absl::GetFlag(FLAGS_tls) ||
                   !absl::GetFlag(FLAGS_tls_ca_file).empty() ||
                   !absl::GetFlag(FLAGS_tls_certificate_file).empty();
  access.credentials = grpc::InsecureChannelCredentials();
  if (tls) {
    auto credentials = TlsFromFlags();
    if (!credentials.ok()) return credentials.status();
    access.credentials = *std::move(credentials);
  }
  const absl::StatusOr<std::string> token =
      ReadFlagFile("token_file", absl::GetFlag(FLAGS_token_file));
  if (!token.ok()) return token.status();
  access.token = std::string(absl::StripAsciiWhitespace(*token));
  if (!access.token.empty() && !tls && !IsLoopback(address) &&
      !absl::GetFlag(FLAGS_allow_tokens_over_plaintext)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "the token would be readable on its way to ", address,
        ": set --tls, or --allow_tokens_over_plaintext where something else "
        "encrypts"));
  }
  return access;
}

}  // namespace dateline::rpc

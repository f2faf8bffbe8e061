#include "common/rpc/tls_credentials.h"

#include <grpc/grpc.h>
#include <grpc/grpc_security.h>

#include <optional>
#include <string>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace dateline::rpc {
namespace {

grpc_ssl_server_certificate_config* ToConfig(const TlsContents& contents) {
  const grpc_ssl_pem_key_cert_pair pair = {contents.key.c_str(),
                                           contents.certificate.c_str()};
  // gRPC 1.51 wants authorities also where no client is asked for a
  // certificate and none would be checked.
  const std::string& authorities =
      contents.client_ca.empty() ? contents.certificate : contents.client_ca;
  return grpc_ssl_server_certificate_config_create(authorities.c_str(), &pair,
                                                   1);
}

// gRPC's own watcher of files takes key and certificate whether or not they
// fit, and serves nothing until they do; its core asks for a new pair at each
// handshake, and goes on with the old one where there is none.
class RereadCredentials final : public grpc::ServerCredentials {
 public:
  explicit RereadCredentials(const TlsFiles& files) : reader_(files) {
    credentials_ = grpc_ssl_server_credentials_create_with_options(
        grpc_ssl_server_credentials_create_options_using_config_fetcher(
            files.client_ca.empty()
                ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY,
            &RereadCredentials::Fetch, this));
  }
  ~RereadCredentials() override {
    grpc_server_credentials_release(credentials_);
  }

  void SetAuthMetadataProcessor(
      const std::shared_ptr<grpc::AuthMetadataProcessor>&) override {}

 private:
  static grpc_ssl_certificate_config_reload_status Fetch(
      void* self, grpc_ssl_server_certificate_config** config) {
    auto& credentials = *static_cast<RereadCredentials*>(self);
    absl::MutexLock lock(&credentials.mutex_);
    const std::optional<TlsContents> contents = credentials.reader_.Changed();
    if (!contents.has_value()) {
      return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_UNCHANGED;
    }
    *config = ToConfig(*contents);
    return GRPC_SSL_CERTIFICATE_CONFIG_RELOAD_NEW;
  }

  int AddPortToServer(const std::string& address,
                      grpc_server* server) override {
    return grpc_server_add_http2_port(server, address.c_str(), credentials_);
  }

  absl::Mutex mutex_;
  TlsReader reader_ ABSL_GUARDED_BY(mutex_);
  grpc_server_credentials* credentials_ = nullptr;
};

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> TlsCredentials(
    const TlsFiles& files) {
  if (const auto contents = ReadTlsFiles(files); !contents.ok()) {
    return contents.status();
  }
  return std::make_shared<RereadCredentials>(files);
}

}  // namespace dateline::rpc

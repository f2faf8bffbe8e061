#include "common/rpc/tls_files.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <memory>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace dateline::rpc {
namespace {

struct Freer {
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
};
template <typename T>
using Owned = std::unique_ptr<T, Freer>;

absl::Status Wrong(absl::string_view flag, const std::string& path,
                   absl::string_view what) {
  ERR_clear_error();
  return absl::InvalidArgumentError(
      absl::StrCat("--", flag, " ", path, ": ", what));
}

absl::StatusOr<Owned<BIO>> Open(absl::string_view flag,
                                const std::string& path) {
  Owned<BIO> bio(BIO_new_file(path.c_str(), "r"));
  if (bio == nullptr) return Wrong(flag, path, "can't be read");
  return bio;
}

absl::StatusOr<Owned<X509>> ReadCertificate(absl::string_view flag,
                                            const std::string& path) {
  const absl::StatusOr<Owned<BIO>> bio = Open(flag, path);
  if (!bio.ok()) return bio.status();
  Owned<X509> certificate(
      PEM_read_bio_X509(bio->get(), nullptr, nullptr, nullptr));
  if (certificate == nullptr) {
    return Wrong(flag, path, "has no certificate in PEM");
  }
  return certificate;
}

// A key under a passphrase shall not ask for it on the terminal.
int NoPassphrase(char*, int, int, void*) { return 0; }

absl::StatusOr<Owned<EVP_PKEY>> ReadKey(const std::string& path) {
  const absl::StatusOr<Owned<BIO>> bio = Open("tls_key_file", path);
  if (!bio.ok()) return bio.status();
  Owned<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(bio->get(), nullptr, NoPassphrase, nullptr));
  if (key == nullptr) {
    return Wrong("tls_key_file", path,
                 "has no private key in PEM, or one under a passphrase");
  }
  return key;
}

}  // namespace

absl::Status CheckTlsFiles(const TlsFiles& files) {
  if (files.certificate.empty() != files.key.empty()) {
    return absl::InvalidArgumentError(
        "--tls_certificate_file and --tls_key_file go together");
  }
  if (files.certificate.empty()) {
    if (files.client_ca.empty()) return absl::OkStatus();
    return absl::InvalidArgumentError(
        "--tls_client_ca_file needs --tls_certificate_file and "
        "--tls_key_file");
  }
  const auto certificate =
      ReadCertificate("tls_certificate_file", files.certificate);
  if (!certificate.ok()) return certificate.status();
  const auto key = ReadKey(files.key);
  if (!key.ok()) return key.status();
  if (X509_check_private_key(certificate->get(), key->get()) != 1) {
    return Wrong("tls_key_file", files.key,
                 absl::StrCat("is not the key of ", files.certificate));
  }
  if (files.client_ca.empty()) return absl::OkStatus();
  return ReadCertificate("tls_client_ca_file", files.client_ca).status();
}

}  // namespace dateline::rpc

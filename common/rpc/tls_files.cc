#include "common/rpc/tls_files.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <fstream>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/status/statusor.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/log.h"

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

absl::StatusOr<std::string> Read(absl::string_view flag,
                                 const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)),
                   std::istreambuf_iterator<char>());
  if (!file.is_open() || file.bad()) return Wrong(flag, path, "can't be read");
  return text;
}

// `text` must outlive it.
Owned<BIO> Reading(const std::string& text) {
  return Owned<BIO>(
      BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

// The first certificate of `text`, all of whose certificates can be read.
absl::StatusOr<Owned<X509>> FirstCertificate(absl::string_view flag,
                                             const std::string& path,
                                             const std::string& text) {
  const Owned<BIO> bio = Reading(text);
  Owned<X509> first(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  if (first == nullptr) return Wrong(flag, path, "has no certificate in PEM");
  Owned<X509> more;
  do {
    more.reset(PEM_read_bio_X509(bio.get(), nullptr, nullptr, nullptr));
  } while (more != nullptr);
  const bool ended =
      ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE;
  ERR_clear_error();
  if (!ended) return Wrong(flag, path, "has a certificate that can't be read");
  return first;
}

// A key under a passphrase shall not ask for it on the terminal.
int NoPassphrase(char*, int, int, void*) { return 0; }

absl::StatusOr<Owned<EVP_PKEY>> Key(const std::string& path,
                                    const std::string& text) {
  const Owned<BIO> bio = Reading(text);
  Owned<EVP_PKEY> key(
      PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr));
  if (key == nullptr) {
    return Wrong("tls_key_file", path,
                 "has no private key in PEM, or one under a passphrase");
  }
  return key;
}

absl::Status CheckContents(const TlsFiles& files, const TlsContents& contents) {
  const auto certificate = FirstCertificate(
      "tls_certificate_file", files.certificate, contents.certificate);
  if (!certificate.ok()) return certificate.status();
  const auto key = Key(files.key, contents.key);
  if (!key.ok()) return key.status();
  if (X509_check_private_key(certificate->get(), key->get()) != 1) {
    return Wrong("tls_key_file", files.key,
                 absl::StrCat("is not the key of ", files.certificate));
  }
  if (files.client_ca.empty()) return absl::OkStatus();
  return FirstCertificate("tls_client_ca_file", files.client_ca,
                          contents.client_ca)
      .status();
}

}  // namespace

absl::Status CheckTlsFiles(const TlsFiles& files) {
  if (files.certificate.empty() != files.key.empty()) {
    return absl::InvalidArgumentError(
        "--tls_certificate_file and --tls_key_file go together");
  }
  if (files.certificate.empty() && !files.client_ca.empty()) {
    return absl::InvalidArgumentError(
        "--tls_client_ca_file needs --tls_certificate_file and "
        "--tls_key_file");
  }
  return absl::OkStatus();
}

absl::StatusOr<TlsContents> ReadTlsFiles(const TlsFiles& files) {
  TlsContents contents;
  absl::Status status = CheckTlsFiles(files);
  const auto read = [&status](absl::string_view flag, const std::string& path,
                              std::string& text) {
    if (!status.ok() || path.empty()) return;
    absl::StatusOr<std::string> found = Read(flag, path);
    if (found.ok()) text = *std::move(found);
    status.Update(found.status());
  };
  read("tls_certificate_file", files.certificate, contents.certificate);
  read("tls_key_file", files.key, contents.key);
  read("tls_client_ca_file", files.client_ca, contents.client_ca);
  if (status.ok()) status = CheckContents(files, contents);
  if (!status.ok()) return status;
  return contents;
}

// A file that is missing, as between two versions of a mounted one, has no
// stamp that any other has.
TlsReader::Stamps TlsReader::ReadStamps() const {
  const auto stamp = [](const std::string& path) {
    return ReadFileStamp(path).value_or(FileStamp());
  };
  return {stamp(files_.certificate), stamp(files_.key),
          stamp(files_.client_ca)};
}

std::optional<TlsContents> TlsReader::Changed() {
  const Stamps stamps = ReadStamps();
  if (stamps == stamps_) return std::nullopt;
  const bool first = !stamps_.has_value();
  stamps_ = stamps;
  absl::StatusOr<TlsContents> contents = ReadTlsFiles(files_);
  if (!contents.ok()) {
    LogError("certificate not taken up, the one from before is served",
             {{"error", contents.status().message()}});
    return std::nullopt;
  }
  if (!first) LogInfo("certificate taken up", {{"file", files_.certificate}});
  return *std::move(contents);
}

}  // namespace dateline::rpc

#include "common/sha256.h"

#include <openssl/evp.h>

namespace dateline {

std::string Sha256(absl::string_view data) {
  // EVP_sha256() would look the algorithm up at each use.
  static const EVP_MD* const algorithm =
      EVP_MD_fetch(nullptr, "SHA256", nullptr);
  std::string digest(32, '\0');
  EVP_Digest(data.data(), data.size(),
             reinterpret_cast<unsigned char*>(digest.data()), nullptr,
             algorithm, nullptr);
  return digest;
}

}  // namespace dateline

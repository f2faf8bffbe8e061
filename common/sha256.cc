#include "common/sha256.h"

#include <openssl/evp.h>

namespace dateline {

std::string Sha256(absl::string_view data) {
  std::string digest(32, '\0');
  EVP_Digest(data.data(), data.size(),
             reinterpret_cast<unsigned char*>(digest.data()), nullptr,
             EVP_sha256(), nullptr);
  return digest;
}

}  // namespace dateline

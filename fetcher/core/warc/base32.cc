#include "fetcher/core/warc/base32.h"

#include <openssl/evp.h>

#include <cstdint>

#include "absl/strings/str_cat.h"

namespace dateline::fetcher {

std::string Base32(absl::string_view bytes) {
  constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string out;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : bytes) {
    bits = (bits << 8 | static_cast<unsigned char>(c)) & 0xFFFF;
    for (count += 8; count >= 5; count -= 5) {
      out.push_back(kAlphabet[bits >> (count - 5) & 31]);
    }
  }
  if (count > 0) out.push_back(kAlphabet[bits << (5 - count) & 31]);
  return out;
}

std::string WarcDigest(absl::string_view bytes) {
  std::string digest(20, '\0');
  EVP_Digest(bytes.data(), bytes.size(),
             reinterpret_cast<unsigned char*>(digest.data()), nullptr,
             EVP_sha1(), nullptr);
  return absl::StrCat("sha1:", Base32(digest));
}

}  // namespace dateline::fetcher

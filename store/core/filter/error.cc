#include "store/core/filter/error.h"

#include <cstddef>

#include "absl/strings/str_cat.h"
#include "common/error_details.h"

namespace dateline::store::filter {
namespace {

constexpr size_t kMaxQuotedBytes = 60;

bool ContinuesCharacter(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0) == 0x80;
}

}  // namespace

absl::Status FilterError(int position, absl::string_view message) {
  return InvalidField("filter", position, message);
}

std::string Quoted(absl::string_view text) {
  if (text.size() <= kMaxQuotedBytes) return absl::StrCat("'", text, "'");
  size_t size = kMaxQuotedBytes;
  while (size > 0 && ContinuesCharacter(text[size])) --size;
  return absl::StrCat("'", text.substr(0, size), "...'");
}

}  // namespace dateline::store::filter

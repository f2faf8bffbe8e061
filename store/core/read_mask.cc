#include "store/core/read_mask.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/util/field_mask_util.h"

namespace dateline::store {
namespace {

using google::protobuf::FieldMask;
using google::protobuf::util::FieldMaskUtil;

bool TakesAll(const FieldMask& mask) {
  return mask.paths().empty() ||
         std::find(mask.paths().begin(), mask.paths().end(), "*") !=
             mask.paths().end();
}

// FieldMaskUtil passes over empty names.
bool IsPath(const std::string& path) {
  for (absl::string_view name : absl::StrSplit(path, '.')) {
    if (name.empty()) return false;
  }
  return FieldMaskUtil::IsValidPath<v1::Article>(path);
}

}  // namespace

absl::Status CheckReadMask(const FieldMask& mask) {
  for (const std::string& path : mask.paths()) {
    if (path != "*" && !IsPath(path)) {
      return absl::InvalidArgumentError(absl::StrCat(
          "read_mask: an article has no field '", path, "' to select"));
    }
  }
  return absl::OkStatus();
}

void ApplyReadMask(const FieldMask& mask, v1::Article& article) {
  if (!TakesAll(mask)) FieldMaskUtil::TrimMessage(mask, &article);
}

}  // namespace dateline::store

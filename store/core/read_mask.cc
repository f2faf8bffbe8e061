#include "store/core/read_mask.h"

#include <algorithm>
#include <cstdint>
#include <set>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/error_details.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/util/field_mask_util.h"
#include "google/protobuf/wire_format_lite.h"

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

bool NamesWholeFields(const FieldMask& mask) {
  return std::none_of(
      mask.paths().begin(), mask.paths().end(),
      [](const std::string& path) { return absl::StrContains(path, '.'); });
}

// Numbers of the article's own fields that `mask` names, or parts of.
std::set<int> FieldNumbers(const FieldMask& mask) {
  std::set<int> numbers;
  for (const std::string& path : mask.paths()) {
    const std::string name = path.substr(0, path.find('.'));
    numbers.insert(v1::Article::descriptor()->FindFieldByName(name)->number());
  }
  return numbers;
}

// Of a serialized article, the fields that `mask` names, unparsed; all of it
// from where it is broken on.
std::string WantedFields(absl::string_view bytes, const FieldMask& mask) {
  using google::protobuf::internal::WireFormatLite;
  const std::set<int> numbers = FieldNumbers(mask);
  google::protobuf::io::CodedInputStream input(
      reinterpret_cast<const uint8_t*>(bytes.data()),
      static_cast<int>(bytes.size()));
  std::string wanted;
  while (true) {
    const int begin = input.CurrentPosition();
    const uint32_t tag = input.ReadTag();
    const bool good = tag != 0 && WireFormatLite::SkipField(&input, tag);
    const auto size = static_cast<size_t>(
        (good ? input.CurrentPosition() : static_cast<int>(bytes.size())) -
        begin);
    if (!good || numbers.contains(WireFormatLite::GetTagFieldNumber(tag))) {
      wanted.append(bytes.data() + begin, size);
    }
    if (!good) return wanted;
  }
}

}  // namespace

absl::Status CheckReadMask(const FieldMask& mask) {
  for (const std::string& path : mask.paths()) {
    if (path != "*" && !IsPath(path)) {
      return InvalidField("read_mask", absl::StrCat("an article has no field '",
                                                    path, "' to select"));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::Article> ParseMasked(absl::string_view bytes,
                                        const FieldMask& mask) {
  const bool all = TakesAll(mask);
  const std::string wanted = all ? std::string() : WantedFields(bytes, mask);
  const absl::string_view source = all ? bytes : wanted;
  v1::Article article;
  if (!article.ParseFromArray(source.data(), static_cast<int>(source.size()))) {
    return absl::DataLossError("a stored article can't be read");
  }
  if (!all) FieldMaskUtil::TrimMessage(mask, &article);
  return article;
}

absl::StatusOr<std::string> MaskSerialized(absl::string_view bytes,
                                           const FieldMask& mask) {
  if (TakesAll(mask)) return std::string(bytes);
  if (NamesWholeFields(mask)) return WantedFields(bytes, mask);
  const absl::StatusOr<v1::Article> article = ParseMasked(bytes, mask);
  if (!article.ok()) return article.status();
  return article->SerializeAsString();
}

void ApplyReadMask(const FieldMask& mask, v1::Article& article) {
  if (!TakesAll(mask)) FieldMaskUtil::TrimMessage(mask, &article);
}

}  // namespace dateline::store

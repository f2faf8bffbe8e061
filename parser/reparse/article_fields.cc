#include "parser/reparse/article_fields.h"

#include <algorithm>

#include "absl/hash/hash.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/wire_format_lite.h"

namespace dateline {
namespace {

using google::protobuf::internal::WireFormatLite;

constexpr absl::string_view kUnknown = "unknown";

bool TellsOfThePage(int number) {
  return number != v1::Article::kParseTimeFieldNumber &&
         number != v1::Article::kProvenanceFieldNumber;
}

size_t PlaceOf(int number) {
  const bool is_known =
      v1::Article::descriptor()->FindFieldByNumber(number) != nullptr;
  return is_known && number < static_cast<int>(FieldDigests().size())
             ? static_cast<size_t>(number)
             : 0;
}

}  // namespace

FieldDigests DigestFields(const v1::Article& article) {
  FieldDigests digests = {};
  const std::string bytes = article.SerializeAsString();
  google::protobuf::io::CodedInputStream input(
      reinterpret_cast<const uint8_t*>(bytes.data()),
      static_cast<int>(bytes.size()));
  while (true) {
    const auto begin = static_cast<size_t>(input.CurrentPosition());
    const uint32_t tag = input.ReadTag();
    if (tag == 0 || !WireFormatLite::SkipField(&input, tag)) return digests;
    const int number = WireFormatLite::GetTagFieldNumber(tag);
    if (!TellsOfThePage(number)) continue;
    const absl::string_view field = absl::string_view(bytes).substr(
        begin, static_cast<size_t>(input.CurrentPosition()) - begin);
    uint32_t& digest = digests[PlaceOf(number)];
    // Not 0, which says that there is none.
    digest = std::max(1u, static_cast<uint32_t>(absl::HashOf(digest, field)));
  }
}

std::vector<std::string> ChangedFields(const FieldDigests& before,
                                       const FieldDigests& after) {
  std::vector<std::string> names;
  for (size_t number = 1; number < before.size(); ++number) {
    if (before[number] == after[number]) continue;
    names.push_back(v1::Article::descriptor()
                        ->FindFieldByNumber(static_cast<int>(number))
                        ->name());
  }
  if (before[0] != after[0]) names.emplace_back(kUnknown);
  return names;
}

}  // namespace dateline

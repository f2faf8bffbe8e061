#include "common/kafka/record.h"

#include "absl/strings/str_cat.h"

namespace dateline::kafka {

std::optional<absl::string_view> FindHeader(const std::vector<Header>& headers,
                                            absl::string_view name) {
  for (auto header = headers.rbegin(); header != headers.rend(); ++header) {
    if (header->name == name) return header->value;
  }
  return std::nullopt;
}

std::string ToString(const TopicPartition& partition) {
  return absl::StrCat(partition.topic, "[", partition.partition, "]");
}

}  // namespace dateline::kafka

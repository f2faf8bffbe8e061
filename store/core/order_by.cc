#include "store/core/order_by.h"

#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/error_details.h"

namespace dateline::store {

absl::StatusOr<ListOrder> ParseOrderBy(absl::string_view order_by) {
  const std::vector<absl::string_view> words =
      absl::StrSplit(order_by, absl::ByAnyChar(" \t"), absl::SkipEmpty());
  if (words.empty()) return ListOrder();
  ListOrder order = {.descending = words.size() == 2 && words[1] == "desc"};
  const bool known_direction =
      words.size() == 1 ||
      (words.size() == 2 && (words[1] == "desc" || words[1] == "asc"));
  if (words[0] == "publish_time" && known_direction) {
    order.field = ListOrder::Field::kPublishTime;
    return order;
  }
  if (words[0] == "fetch_time" && known_direction) {
    order.field = ListOrder::Field::kFetchTime;
    return order;
  }
  return InvalidField(
      "order_by",
      absl::StrCat("expected 'publish_time' or 'fetch_time', with 'desc' or "
                   "'asc' behind it or neither, not '",
                   order_by.substr(0, 100), "'"));
}

}  // namespace dateline::store

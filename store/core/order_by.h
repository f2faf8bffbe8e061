#ifndef DATELINE_STORE_CORE_ORDER_BY_H_
#define DATELINE_STORE_CORE_ORDER_BY_H_

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "store/core/article_repository.h"

namespace dateline::store {

// Reads an order_by (AIP-132): "publish_time" or "fetch_time", ascending unless
// "desc" stands behind it; "publish_time desc" where it is empty.
// kInvalidArgument, naming the field, for anything else.
absl::StatusOr<ListOrder> ParseOrderBy(absl::string_view order_by);

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_ORDER_BY_H_

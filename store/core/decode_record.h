#ifndef DATELINE_STORE_CORE_DECODE_RECORD_H_
#define DATELINE_STORE_CORE_DECODE_RECORD_H_

#include "absl/status/statusor.h"
#include "common/kafka/record.h"
#include "store/core/article_change.h"

namespace dateline::store {

// Reads a record of `articles`. kDataLoss, naming topic, partition and offset,
// where it is no Article, by its bytes or by its ce_type, has no key, or its
// uid is not its key: such a record never will be readable and is to be
// skipped.
absl::StatusOr<ArticleChange> DecodeRecord(const kafka::Record& record);

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_DECODE_RECORD_H_

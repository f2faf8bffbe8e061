#ifndef DATELINE_STORE_CORE_STORE_SPAN_H_
#define DATELINE_STORE_CORE_STORE_SPAN_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "common/kafka/record.h"
#include "common/otlp/span.h"

namespace dateline::store {

// The span of a record of `articles` on its way into the store of `replica`;
// when it began and ended is the caller's to set. None where the record carries
// no trace.
std::optional<otlp::Span> StoreSpan(const kafka::Record& record,
                                    absl::string_view replica);

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_STORE_SPAN_H_

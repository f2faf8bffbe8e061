#ifndef DATELINE_STORE_CORE_FILTER_UTF8_H_
#define DATELINE_STORE_CORE_FILTER_UTF8_H_

#include <cstddef>

#include "absl/strings/string_view.h"

namespace dateline::store::filter {

// How many bytes the first character of `text` has, 1 to 4; 0 where `text` is
// empty or doesn't begin with well-formed UTF-8 (The Unicode Standard, table
// 3-7).
size_t CharacterSize(absl::string_view text);

}  // namespace dateline::store::filter

#endif  // DATELINE_STORE_CORE_FILTER_UTF8_H_

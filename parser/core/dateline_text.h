#ifndef DATELINE_PARSER_CORE_DATELINE_TEXT_H_
#define DATELINE_PARSER_CORE_DATELINE_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dateline {

// The place that the first paragraph of an article says it was filed from:
// "ISLAMABAD" of "ISLAMABAD: Pakistan and …", "BERLIN" of "BERLIN (dpa) – …",
// "東京" of "【東京=…】". Empty where there is none; capitals alone don't make
// one ("BREAKING: …").
std::string ReadDateline(absl::string_view paragraph);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_DATELINE_TEXT_H_

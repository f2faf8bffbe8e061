#ifndef DATELINE_PARSER_CORE_TITLE_WORDS_H_
#define DATELINE_PARSER_CORE_TITLE_WORDS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dateline {

// The words of a title for comparing: lower case, letters and digits only; one
// per character of scripts without spaces. At most 200.
std::vector<std::string> TitleWords(absl::string_view title);

// The same in one: "Dawn.com" and "dawn-com" alike give "dawncom".
std::string SqueezedTitle(absl::string_view title);

// How alike two titles are: 2 common / (words of a + words of b), 0 to 1.
double WordOverlap(absl::string_view a, absl::string_view b);
double WordOverlap(const std::vector<std::string>& a,
                   const std::vector<std::string>& b);

// Whether two titles have the same words in the same order.
bool SameWords(absl::string_view a, absl::string_view b);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_TITLE_WORDS_H_

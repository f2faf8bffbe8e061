#ifndef DATELINE_PARSER_CORE_CLOSING_LINES_H_
#define DATELINE_PARSER_CORE_CLOSING_LINES_H_

#include <string>
#include <vector>

#include "parser/core/page_model.h"
#include "parser/core/selection.h"

namespace dateline {

// Judges a line among the first ones: a byline with a place or date beside it,
// by the names of the article's authors.
Verdict JudgeOpeningLine(const TextBlock& block,
                         const std::vector<std::string>& authors);

// Judges a line by what closes articles and is not their text: who else
// reported, who the author is, how to reach the desk, placeholders of embeds.
// `is_late`: most of the text stands before it.
Verdict JudgeClosingLine(const TextBlock& block,
                         const std::vector<std::string>& authors, bool is_late);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_CLOSING_LINES_H_

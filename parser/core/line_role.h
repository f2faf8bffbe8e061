#ifndef DATELINE_PARSER_CORE_LINE_ROLE_H_
#define DATELINE_PARSER_CORE_LINE_ROLE_H_

#include "absl/strings/string_view.h"
#include "parser/core/page_model.h"

namespace dateline {

// What a line that no heading element holds is by its shape.
enum class LineRole {
  kText,
  // A short line set apart, without the mark that ends a sentence: a heading.
  kTitle,
  // The same of seven words and more: a heading where a text has several, and
  // a line pulled out of the text where it has one.
  kLongTitle,
};

// Of a line of plain text that stands between blank lines.
LineRole RoleOfPlainLine(absl::string_view line);

// Of a block on a page: a line all in bold type, or all of a title's element.
LineRole RoleOfLine(const TextBlock& block);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_LINE_ROLE_H_

#ifndef DATELINE_PARSER_EXPLAIN_FIELD_ROWS_H_
#define DATELINE_PARSER_EXPLAIN_FIELD_ROWS_H_

#include "parser/core/extract.h"
#include "parser/explain/html_writer.h"

namespace dateline::explain {

// Writes every field of the article but its body, each with its evidence; a
// field without value only where something was said of it.
void WriteFields(const Extraction& extraction, HtmlWriter* out);

}  // namespace dateline::explain

#endif  // DATELINE_PARSER_EXPLAIN_FIELD_ROWS_H_

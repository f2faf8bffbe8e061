#ifndef DATELINE_PARSER_CORE_TABLES_H_
#define DATELINE_PARSER_CORE_TABLES_H_

#include "dateline/v1/article.pb.h"
#include "parser/core/page_model.h"

namespace dateline {

// Whether the table at box `table` holds data, rather than laying out a page:
// header cells or a caption, or several short cells in several rows, and no
// table within.
bool IsDataTable(const PageModel& model, int table);

// Reads it row by row; at most 500 rows of 50 cells.
v1::Table ReadTable(Node* table);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_TABLES_H_

#ifndef DATELINE_PARSER_EXPLAIN_BLOCK_SHAPE_H_
#define DATELINE_PARSER_EXPLAIN_BLOCK_SHAPE_H_

#include "absl/strings/string_view.h"

namespace dateline::explain {

// What the innermost element that tells says a block is.
enum class BlockKind {
  kText,
  kHeading,
  kListItem,
  kQuote,
  kCaption,
  kCell,
  kPreformatted,
};

// How a block of the page is drawn, told from `BlockExplanation.path`.
struct BlockShape {
  BlockKind kind = BlockKind::kText;
  // 1 to 6 for a heading; 0 elsewhere.
  int heading_level = 0;
  // Named parts of the page around it, at most 6.
  int depth = 0;
  // Lists around it, at most 6.
  int list_level = 0;
  // The path down to the innermost part of the page that has a name (header,
  // nav, main, article, section, aside, footer, form, figure, table); a prefix
  // of the path, empty where there is none.
  absl::string_view region;
  // The last step of `region`: "aside.most-read".
  absl::string_view region_name;
};

// The views are of `path`. Any text is taken: a step that names no known tag
// tells nothing.
BlockShape ShapeOf(absl::string_view path);

}  // namespace dateline::explain

#endif  // DATELINE_PARSER_EXPLAIN_BLOCK_SHAPE_H_

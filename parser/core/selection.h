#ifndef DATELINE_PARSER_CORE_SELECTION_H_
#define DATELINE_PARSER_CORE_SELECTION_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "parser/core/content_weight.h"
#include "parser/core/page_model.h"

namespace dateline {

// What was decided on one block of the page. The strings live forever.
struct Verdict {
  bool kept = true;
  // As in v1::BlockExplanation.
  absl::string_view rule = "in_container";
  absl::string_view reason = "It stands in the container of the text.";
};

// Which blocks are the article's.
struct Selection {
  // One for each block of the model.
  std::vector<Verdict> verdicts;
  // The box that holds the text; -1 where the page has none.
  int container = -1;
  // The block that says where and when the piece was printed; -1 where none
  // does.
  int published_line = -1;
  // Whether the container is the one that a site's rule names.
  bool by_rule = false;
};

// Decides on every block. A container is chosen by how much running text it
// holds and how little else, by its name, and by `clues`; within it each rule
// then takes out furniture. A site's rule goes before all: the container is
// what it names, unless no text is there, and what it drops is dropped.
Selection SelectBody(const PageModel& model, const BodyClues& clues);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_SELECTION_H_

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
  // How much running text each block was counted as when the container was
  // chosen (see ContentWeights), less what was dropped by then.
  std::vector<double> weights;
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
// what it names, unless no text is there, and what it drops is dropped. Of a
// live blog whose entries are known only what stands between the headline and
// the first of them is left to choose from.
Selection SelectBody(const PageModel& model, const BodyClues& clues);

// The words of the blocks that are kept.
double KeptWords(const PageModel& model, const Selection& selection);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_SELECTION_H_

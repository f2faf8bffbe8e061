#ifndef DATELINE_PARSER_CORE_PAGE_MODEL_H_
#define DATELINE_PARSER_CORE_PAGE_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "parser/core/class_words.h"
#include "parser/core/document.h"
#include "parser/core/furniture.h"
#include "parser/core/node.h"

namespace dateline {

// An element that holds lines of text: everything below it is one run of
// `PageModel::blocks` and one of `PageModel::boxes`.
struct Box {
  Node* node;
  // Index of the enclosing box; -1 for the body.
  int parent;
  lxb_tag_id_t tag;
  // What its own tag, class, id and role say.
  Hints hints = 0;
  int first_block = 0;
  int end_block = 0;
  int end_box = 0;
};

// A line or paragraph of text, between two block boundaries or double line
// breaks.
struct TextBlock {
  // Cleaned; forced line breaks are line feeds.
  std::string text;
  // The innermost box.
  int box = 0;
  // 1 to 6 in h1 to h6; 0 elsewhere.
  int heading_level = 0;
  // What the inline elements that hold all of it say.
  Hints inline_hints = 0;
  // Counts of characters that aren't space, one of an unspaced script as two.
  uint32_t chars = 0;
  uint32_t link_chars = 0;
  uint32_t bold_chars = 0;
  uint32_t italic_chars = 0;
  uint32_t words = 0;
  uint32_t links = 0;
  // Marks within and at the end of sentences.
  uint32_t commas = 0;
  bool ends_sentence = false;
  bool in_list_item = false;
  bool in_quote = false;
  bool in_caption = false;
  bool in_table = false;
  bool in_paragraph = false;
  bool is_preformatted = false;

  // The text as NormalizedLine leaves it, and KindOfLine of it. Made when first
  // asked for and kept: a model is of one thread.
  const std::string& Normalized() const;
  LineKind Kind() const;

  double LinkDensity() const {
    return chars == 0 ? 0 : static_cast<double>(link_chars) / chars;
  }

 private:
  mutable std::string normalized_;
  mutable bool has_normalized_ = false;
  mutable bool has_kind_ = false;
  mutable LineKind kind_ = LineKind::kText;
};

// A hyperlink and the block its text stands in.
struct LinkPlace {
  Node* node;
  int block;
};

// A picture, player or frame, and the block it stands before.
struct MediaPlace {
  Node* node;
  int box;
  int block;
};

// A page as lines of text in their boxes, made in one pass over the document.
// Nodes belong to the document.
struct PageModel {
  std::vector<Box> boxes;
  std::vector<TextBlock> blocks;
  std::vector<LinkPlace> links;
  std::vector<MediaPlace> media;

  // Whether box `outer` is or holds box `inner`.
  bool Holds(int outer, int inner) const {
    return inner >= outer && inner < boxes[static_cast<size_t>(outer)].end_box;
  }
};

// `meta_nodes`: elements known to hold byline, date or headline; they are taken
// as named so. At most `kMaxBlocks` blocks are read.
inline constexpr size_t kMaxBlocks = 60000;
PageModel BuildPageModel(const Document& document,
                         const absl::flat_hash_set<const Node*>& meta_nodes);

// Where a box stands, for people: "body > div.main > article#story".
std::string PathOf(const PageModel& model, int box);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_PAGE_MODEL_H_

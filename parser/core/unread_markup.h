#ifndef DATELINE_PARSER_CORE_UNREAD_MARKUP_H_
#define DATELINE_PARSER_CORE_UNREAD_MARKUP_H_

#include <cstddef>

#include "absl/strings/string_view.h"
#include "lexbor/html/parser.h"

namespace dateline {

// Takes a page apart for its parser so that what nobody reads needs no parsing:
// the text of programs and style sheets, and whole drawings (<svg>). That is
// half of what news pages weigh. The tree is that of the whole page, without
// these texts and elements. Scripts that hold JSON-LD are parsed in full.
//
// A drawing is left out only where it plainly ends where it says: one that
// holds HTML, which by HTML §13.2.6.5 may end it early, or a tag within
// <title>, <desc> or <foreignObject>, where HTML begins anew, is parsed, and so
// are all that follow on that page, which bounds the work to one look ahead.
class UnreadMarkup {
 public:
  // `text` must outlive this object.
  explicit UnreadMarkup(absl::string_view text) : text_(text) {}

  // The size of the next piece to parse, from `at` on: `most` bytes at the
  // most, but no further than to where something might be left out.
  size_t NextPiece(size_t at, size_t most) const;

  // Where to go on from `at`, all before which has been given to the parser:
  // behind what can be left out, or at `at`.
  size_t Skip(const lxb_html_parser_t& parser, size_t at);

 private:
  size_t SkipRawText(const lxb_html_parser_t& parser, size_t at) const;
  size_t SkipDrawing(const lxb_html_parser_t& parser, size_t at);

  absl::string_view text_;
  bool skips_drawings_ = true;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_UNREAD_MARKUP_H_

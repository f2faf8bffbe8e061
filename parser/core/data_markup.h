#ifndef DATELINE_PARSER_CORE_DATA_MARKUP_H_
#define DATELINE_PARSER_CORE_DATA_MARKUP_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "simdjson.h"

namespace dateline {

// A JSON document as the readers of page data see it. In a flat one (see
// PageData) whole numbers stand for what they point to.
class DataView {
 public:
  DataView(simdjson::dom::element root, bool is_flat);

  simdjson::dom::element root() const { return root_; }
  // A value of an object or array: itself, or what it points to.
  simdjson::dom::element Follow(simdjson::dom::element value) const;
  absl::optional<simdjson::dom::element> Get(
      const simdjson::dom::object& object, absl::string_view key) const;
  // The string at a key; "" where there is none.
  absl::string_view TextAt(const simdjson::dom::object& object,
                           absl::string_view key) const;

 private:
  simdjson::dom::element root_;
  std::vector<simdjson::dom::element> places_;
};

// The HTML of what a page's data holds as an article's text: a string of text
// or HTML, a list of them, content elements (`{"type": "text", "content":
// "…"}`), or a tree of nodes as editors keep it (ProseMirror, Contentful,
// Portable Text, Slate, Lexical, Editor.js). Paragraphs, headings, lists and
// quotes; pictures, embeds, adverts and links to other articles are left out.
// At most 1 MB and 40 levels are read, and as much as `budget` pays for: one
// for a value, one for 50 bytes of text. HTML of the page's own stays as it is:
// parse it as what comes from outside.
std::string MarkupOfData(const DataView& view, simdjson::dom::element value,
                         size_t* budget);

// Text as HTML: a paragraph for each line, or as it is where it is HTML.
std::string MarkupOfText(absl::string_view text);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_DATA_MARKUP_H_

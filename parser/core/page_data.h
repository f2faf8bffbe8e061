#ifndef DATELINE_PARSER_CORE_PAGE_DATA_H_
#define DATELINE_PARSER_CORE_PAGE_DATA_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dateline {

// A JSON document that a script of a page holds.
struct PageData {
  // Within the page's source; empty where `unescaped` holds it.
  absl::string_view json;
  // Where it stood as a string: JSON.parse("…").
  std::string unescaped;
  // Whether whole numbers in it are places in its outermost array, as Nuxt
  // writes its data ("__NUXT_DATA__").
  bool is_flat = false;

  // The document. Within the page's source or this object.
  absl::string_view text() const {
    return unescaped.empty() ? json : unescaped;
  }
};

// The JSON that scripts of a page hold as data: scripts of a JSON type other
// than JSON-LD, and what others assign (`window.__STATE__ = {…}`,
// `Fusion.globalContent={…};`, `x = JSON.parse("…")`), in the page's order.
// What is shorter than 300 bytes is left out. Bounded: 4 MB a document, 8 MB
// and 40 documents together. `source` must outlive the answer.
std::vector<PageData> FindPageData(absl::string_view source);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_PAGE_DATA_H_

#ifndef DATELINE_PARSER_CORE_RULES_SELECTOR_H_
#define DATELINE_PARSER_CORE_RULES_SELECTOR_H_

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "lexbor/css/css.h"
#include "lexbor/selectors/selectors.h"
#include "parser/core/document.h"
#include "parser/core/node.h"

namespace dateline {

// A compiled list of CSS selectors ("h2.title, h1"). Never changes; any threads
// may search with it at once.
class Selector {
 public:
  // kInvalidArgument, saying why, for what is no selector (Selectors Level 4)
  // and for what may cost too much on a hostile page: see v1::SiteRule.
  static absl::StatusOr<Selector> Compile(absl::string_view text);

  const std::string& text() const { return text_; }
  const lxb_css_selector_list_t* list() const { return list_.get(); }
  // The most descendant combinators in one selector of the list, 0 to 2.
  int descendants() const { return descendants_; }

 private:
  struct Destroy {
    void operator()(lxb_css_selector_list_t* list) const {
      lxb_css_selector_list_destroy_memory(list);
    }
  };

  Selector() = default;

  std::string text_;
  int descendants_ = 0;
  std::unique_ptr<lxb_css_selector_list_t, Destroy> list_;
};

// Finds elements of one page. The work over all calls is bounded: what would go
// beyond finds nothing. Not thread-safe; the document must outlive it.
class SelectorSearch {
 public:
  explicit SelectorSearch(const Document& document);

  // The elements a selector finds, in document order, each once; at most
  // `most`.
  std::vector<Node*> Find(const Selector& selector, size_t most = 1000);

 private:
  struct Destroy {
    void operator()(lxb_selectors_t* selectors) const {
      lxb_selectors_destroy(selectors, true);
    }
  };

  const Document& document_;
  std::unique_ptr<lxb_selectors_t, Destroy> selectors_;
  // What looking at every element costs a selector with so many descendant
  // combinators: each may try every ancestor.
  double cost_[3] = {0, 0, 0};
  double spent_ = 0;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_RULES_SELECTOR_H_

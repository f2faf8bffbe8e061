#include "parser/core/rules/selector.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"

namespace dateline {
namespace {

constexpr size_t kMaxSelectorBytes = 1000;
constexpr int kMaxDescendants = 2;
// Steps of matching per page: some tenths of a second.
constexpr double kMaxSteps = 5e7;

struct DestroyParser {
  void operator()(lxb_css_parser_t* parser) const {
    lxb_css_parser_destroy(parser, true);
  }
};
using CssParser = std::unique_ptr<lxb_css_parser_t, DestroyParser>;

absl::Status Refuse(absl::string_view text, absl::string_view why) {
  return absl::InvalidArgumentError(
      absl::StrCat("selector \"", text, "\": ", why));
}

// What Lexbor says of the text it could not read, on one line.
std::string Complaint(lxb_css_parser_t* parser) {
  size_t size = 0;
  lxb_char_t* log =
      lxb_css_log_serialize_char(lxb_css_parser_log(parser), &size, nullptr, 0);
  std::string text(log == nullptr ? "" : reinterpret_cast<char*>(log), size);
  lexbor_free(log);
  std::replace(text.begin(), text.end(), '\n', ' ');
  absl::StripAsciiWhitespace(&text);
  return text.empty() ? "is no CSS selector" : text;
}

bool IsAllowedPseudoClass(unsigned type) {
  switch (type) {
    case LXB_CSS_SELECTOR_PSEUDO_CLASS_EMPTY:
    case LXB_CSS_SELECTOR_PSEUDO_CLASS_FIRST_CHILD:
    case LXB_CSS_SELECTOR_PSEUDO_CLASS_LAST_CHILD:
    case LXB_CSS_SELECTOR_PSEUDO_CLASS_ONLY_CHILD:
    case LXB_CSS_SELECTOR_PSEUDO_CLASS_ROOT:
      return true;
    default:
      return false;
  }
}

bool IsAllowedFunction(unsigned type) {
  return type == LXB_CSS_SELECTOR_PSEUDO_CLASS_FUNCTION_IS ||
         type == LXB_CSS_SELECTOR_PSEUDO_CLASS_FUNCTION_NOT ||
         type == LXB_CSS_SELECTOR_PSEUDO_CLASS_FUNCTION_WHERE;
}

// Why a selector is refused; "" where it isn't. `nested`: within a function,
// where combinators would multiply the work.
std::string WhyRefused(const lxb_css_selector_list_t* list, bool nested,
                       int* descendants) {
  for (; list != nullptr; list = list->next) {
    int in_this = 0;
    for (const lxb_css_selector_t* part = list->first; part != nullptr;
         part = part->next) {
      if (part != list->first) {
        if (nested && part->combinator != LXB_CSS_SELECTOR_COMBINATOR_CLOSE) {
          return "only simple selectors may stand within a function";
        }
        if (part->combinator == LXB_CSS_SELECTOR_COMBINATOR_FOLLOWING ||
            part->combinator == LXB_CSS_SELECTOR_COMBINATOR_CELL) {
          return "the combinators are \" \", \">\" and \"+\"";
        }
        in_this +=
            part->combinator == LXB_CSS_SELECTOR_COMBINATOR_DESCENDANT ? 1 : 0;
      }
      switch (part->type) {
        case LXB_CSS_SELECTOR_TYPE_PSEUDO_CLASS:
          if (!IsAllowedPseudoClass(part->u.pseudo.type)) {
            return "the pseudo-classes are :empty, :first-child, :last-child, "
                   ":only-child, :root, :is(), :not() and :where()";
          }
          break;
        case LXB_CSS_SELECTOR_TYPE_PSEUDO_CLASS_FUNCTION: {
          if (nested || !IsAllowedFunction(part->u.pseudo.type)) {
            return "the functions are :is(), :not() and :where(), not nested";
          }
          const std::string why = WhyRefused(
              static_cast<const lxb_css_selector_list_t*>(part->u.pseudo.data),
              true, descendants);
          if (!why.empty()) return why;
          break;
        }
        case LXB_CSS_SELECTOR_TYPE_PSEUDO_ELEMENT:
        case LXB_CSS_SELECTOR_TYPE_PSEUDO_ELEMENT_FUNCTION:
          return "pseudo-elements are no elements of a page";
        default:
          break;
      }
    }
    *descendants = std::max(*descendants, in_this);
  }
  if (*descendants > kMaxDescendants) {
    return absl::StrCat("at most ", kMaxDescendants,
                        " descendant combinators; use \">\"");
  }
  return "";
}

struct Found {
  std::vector<Node*>* nodes;
  size_t most;
};

lxb_status_t Take(lxb_dom_node_t* node, lxb_css_selector_specificity_t,
                  void* context) {
  auto* found = static_cast<Found*>(context);
  found->nodes->push_back(node);
  return found->nodes->size() < found->most ? LXB_STATUS_OK : LXB_STATUS_STOP;
}

}  // namespace

absl::StatusOr<Selector> Selector::Compile(absl::string_view text) {
  if (absl::StripAsciiWhitespace(text).empty()) return Refuse(text, "is empty");
  if (text.size() > kMaxSelectorBytes) {
    return Refuse(text.substr(0, 40),
                  absl::StrCat("longer than ", kMaxSelectorBytes, " bytes"));
  }
  Selector selector;
  selector.text_.assign(text.data(), text.size());
  CssParser parser(lxb_css_parser_create());
  if (parser == nullptr ||
      lxb_css_parser_init(parser.get(), nullptr) != LXB_STATUS_OK) {
    return absl::ResourceExhaustedError("no memory for a CSS parser");
  }
  selector.list_.reset(lxb_css_selectors_parse(
      parser.get(), reinterpret_cast<const lxb_char_t*>(text.data()),
      text.size()));
  // A list in :is() forgives its wrong members, and logs them.
  if (selector.list_ == nullptr || parser->status != LXB_STATUS_OK ||
      lxb_css_log_length(lxb_css_parser_log(parser.get())) > 0) {
    return Refuse(text, Complaint(parser.get()));
  }
  const std::string why =
      WhyRefused(selector.list_.get(), false, &selector.descendants_);
  if (!why.empty()) return Refuse(text, why);
  return selector;
}

SelectorSearch::SelectorSearch(const Document& document)
    : document_(document), selectors_(lxb_selectors_create()) {
  if (selectors_ == nullptr ||
      lxb_selectors_init(selectors_.get()) != LXB_STATUS_OK) {
    selectors_.reset();
    return;
  }
  lxb_selectors_opt_set(selectors_.get(), LXB_SELECTORS_OPT_MATCH_FIRST);
  Node* const root = document.root();
  double depth = 1;
  Node* node = root->first_child;
  while (node != nullptr) {
    if (IsElement(node)) {
      cost_[0] += 1;
      cost_[1] += depth;
      cost_[2] += depth * depth;
    }
    if (node->first_child != nullptr) {
      node = node->first_child;
      ++depth;
      continue;
    }
    while (node != root && node->next == nullptr) {
      node = node->parent;
      --depth;
    }
    node = node == root ? nullptr : node->next;
  }
}

std::vector<Node*> SelectorSearch::Find(const Selector& selector, size_t most) {
  std::vector<Node*> nodes;
  if (selectors_ == nullptr || most == 0) return nodes;
  spent_ += cost_[selector.descendants()];
  if (spent_ > kMaxSteps) return nodes;
  Found found{&nodes, most};
  lxb_selectors_find(selectors_.get(), document_.root(), selector.list(), Take,
                     &found);
  return nodes;
}

}  // namespace dateline

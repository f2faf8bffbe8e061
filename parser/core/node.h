#ifndef DATELINE_PARSER_CORE_NODE_H_
#define DATELINE_PARSER_CORE_NODE_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"
#include "lexbor/dom/interfaces/character_data.h"
#include "lexbor/dom/interfaces/element.h"
#include "lexbor/html/html.h"

namespace dateline {

// A node of a parsed page; owned by its Document. Lexbor's own type, since its
// functions take it; only NameReadings writes to it.
using Node = lxb_dom_node_t;

inline bool IsElement(const Node* node) {
  return node->type == LXB_DOM_NODE_TYPE_ELEMENT;
}

inline bool IsText(const Node* node) {
  return node->type == LXB_DOM_NODE_TYPE_TEXT ||
         node->type == LXB_DOM_NODE_TYPE_CDATA_SECTION;
}

// The tag of an HTML element (LXB_TAG_P); LXB_TAG__UNDEF for other nodes and
// for elements of SVG and MathML.
inline lxb_tag_id_t TagOf(const Node* node) {
  if (!IsElement(node) || node->ns != LXB_NS_HTML) return LXB_TAG__UNDEF;
  return node->local_name;
}

// The tag's name in lower case, also of elements HTML doesn't know; "" for
// other nodes.
absl::string_view TagName(Node* node);

// An attribute's value as parsed; "" where there is none. `name` in lower case.
absl::string_view Attribute(Node* node, absl::string_view name);
bool HasAttribute(Node* node, absl::string_view name);

absl::string_view ClassOf(const Node* node);
absl::string_view IdOf(const Node* node);

// Whether `word` is one of the element's classes, without regard to case.
bool HasClass(const Node* node, absl::string_view word);

// The characters of a text node as parsed; "" for other nodes.
absl::string_view DataOf(const Node* node);

// The node after `node` in document order below `root`, or nullptr at the end.
Node* NextNode(const Node* node, const Node* root);
// The same, leaving out what is below `node`.
Node* NextSkippingChildren(const Node* node, const Node* root);

// The first element of the tag below `root`, or nullptr.
Node* FindFirst(Node* root, lxb_tag_id_t tag);

// The text below a node as CleanText leaves it, without scripts, styles and
// templates; block elements and <br> separate words. Stops after about
// `max_bytes`.
std::string TextOf(Node* node, size_t max_bytes = 1 << 20);

// The same of a script or style element: its data, untouched.
std::string RawTextOf(Node* node);

// Whether an element of this tag begins a line of its own by HTML's default
// style sheet.
bool IsBlockTag(lxb_tag_id_t tag);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_NODE_H_

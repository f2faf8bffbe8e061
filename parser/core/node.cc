#include "parser/core/node.h"

#include "absl/strings/match.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

const lxb_dom_element_t* Element(const Node* node) {
  return reinterpret_cast<const lxb_dom_element_t*>(node);
}

absl::string_view ValueOf(const lxb_dom_attr_t* attribute) {
  if (attribute == nullptr || attribute->value == nullptr) return "";
  return {reinterpret_cast<const char*>(attribute->value->data),
          attribute->value->length};
}

lxb_dom_attr_t* FindAttribute(Node* node, absl::string_view name) {
  if (!IsElement(node)) return nullptr;
  return lxb_dom_element_attr_by_name(
      lxb_dom_interface_element(node),
      reinterpret_cast<const lxb_char_t*>(name.data()), name.size());
}

bool IsSilent(lxb_tag_id_t tag) {
  return tag == LXB_TAG_SCRIPT || tag == LXB_TAG_STYLE ||
         tag == LXB_TAG_TEMPLATE || tag == LXB_TAG_NOSCRIPT;
}

}  // namespace

absl::string_view TagName(Node* node) {
  if (!IsElement(node)) return "";
  size_t size = 0;
  const lxb_char_t* name =
      lxb_dom_element_local_name(lxb_dom_interface_element(node), &size);
  if (name == nullptr) return "";
  return {reinterpret_cast<const char*>(name), size};
}

absl::string_view Attribute(Node* node, absl::string_view name) {
  return ValueOf(FindAttribute(node, name));
}

bool HasAttribute(Node* node, absl::string_view name) {
  return FindAttribute(node, name) != nullptr;
}

absl::string_view ClassOf(const Node* node) {
  return IsElement(node) ? ValueOf(Element(node)->attr_class) : "";
}

absl::string_view IdOf(const Node* node) {
  return IsElement(node) ? ValueOf(Element(node)->attr_id) : "";
}

bool HasClass(const Node* node, absl::string_view word) {
  absl::string_view rest = ClassOf(node);
  while (!rest.empty()) {
    const size_t begin = rest.find_first_not_of(" \t\n\f\r");
    if (begin == absl::string_view::npos) return false;
    rest.remove_prefix(begin);
    const size_t end = std::min(rest.find_first_of(" \t\n\f\r"), rest.size());
    if (absl::EqualsIgnoreCase(rest.substr(0, end), word)) return true;
    rest.remove_prefix(end);
  }
  return false;
}

absl::string_view DataOf(const Node* node) {
  if (!IsText(node)) return "";
  const auto* data = reinterpret_cast<const lxb_dom_character_data_t*>(node);
  return {reinterpret_cast<const char*>(data->data.data), data->data.length};
}

Node* NextSkippingChildren(const Node* node, const Node* root) {
  while (node != nullptr && node != root) {
    if (node->next != nullptr) return node->next;
    node = node->parent;
  }
  return nullptr;
}

Node* NextNode(const Node* node, const Node* root) {
  if (node->first_child != nullptr) return node->first_child;
  return NextSkippingChildren(node, root);
}

Node* FindFirst(Node* root, lxb_tag_id_t tag) {
  for (Node* node = NextNode(root, root); node != nullptr;
       node = NextNode(node, root)) {
    if (TagOf(node) == tag) return node;
  }
  return nullptr;
}

std::string TextOf(Node* root, size_t max_bytes) {
  std::string raw;
  for (Node* node = root; node != nullptr && raw.size() < max_bytes;) {
    if (IsText(node)) {
      const absl::string_view data = DataOf(node);
      raw.append(data.data(), data.size());
    } else if (const lxb_tag_id_t tag = TagOf(node); IsSilent(tag)) {
      node = NextSkippingChildren(node, root);
      continue;
    } else if (tag == LXB_TAG_BR || (IsBlockTag(tag) && node != root)) {
      raw.push_back(' ');
    }
    Node* next = NextNode(node, root);
    if (next != nullptr && next->parent != node) {
      for (const Node* up = node; up != next->parent && up != root;
           up = up->parent) {
        if (IsBlockTag(TagOf(up))) raw.push_back(' ');
      }
    }
    node = next;
  }
  return CleanText(raw);
}

std::string RawTextOf(Node* root) {
  std::string raw;
  for (Node* node = root; node != nullptr; node = NextNode(node, root)) {
    const absl::string_view data = DataOf(node);
    raw.append(data.data(), data.size());
  }
  return raw;
}

bool IsBlockTag(lxb_tag_id_t tag) {
  switch (tag) {
    case LXB_TAG_ADDRESS:
    case LXB_TAG_ARTICLE:
    case LXB_TAG_ASIDE:
    case LXB_TAG_BLOCKQUOTE:
    case LXB_TAG_BODY:
    case LXB_TAG_BUTTON:
    case LXB_TAG_CAPTION:
    case LXB_TAG_CENTER:
    case LXB_TAG_DD:
    case LXB_TAG_DETAILS:
    case LXB_TAG_DIALOG:
    case LXB_TAG_DIR:
    case LXB_TAG_DIV:
    case LXB_TAG_DL:
    case LXB_TAG_DT:
    case LXB_TAG_FIELDSET:
    case LXB_TAG_FIGCAPTION:
    case LXB_TAG_FIGURE:
    case LXB_TAG_FOOTER:
    case LXB_TAG_FORM:
    case LXB_TAG_H1:
    case LXB_TAG_H2:
    case LXB_TAG_H3:
    case LXB_TAG_H4:
    case LXB_TAG_H5:
    case LXB_TAG_H6:
    case LXB_TAG_HEADER:
    case LXB_TAG_HGROUP:
    case LXB_TAG_HR:
    case LXB_TAG_HTML:
    case LXB_TAG_LEGEND:
    case LXB_TAG_LI:
    case LXB_TAG_MAIN:
    case LXB_TAG_MENU:
    case LXB_TAG_NAV:
    case LXB_TAG_OL:
    case LXB_TAG_OPTGROUP:
    case LXB_TAG_OPTION:
    case LXB_TAG_P:
    case LXB_TAG_PRE:
    case LXB_TAG_SEARCH:
    case LXB_TAG_SECTION:
    case LXB_TAG_SELECT:
    case LXB_TAG_SUMMARY:
    case LXB_TAG_TABLE:
    case LXB_TAG_TBODY:
    case LXB_TAG_TD:
    case LXB_TAG_TFOOT:
    case LXB_TAG_TH:
    case LXB_TAG_THEAD:
    case LXB_TAG_TR:
    case LXB_TAG_UL:
      return true;
    default:
      return false;
  }
}

}  // namespace dateline

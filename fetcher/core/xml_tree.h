#ifndef DATELINE_FETCHER_CORE_XML_TREE_H_
#define DATELINE_FETCHER_CORE_XML_TREE_H_

#include <libxml/tree.h>

#include <memory>
#include <string>

#include "absl/strings/string_view.h"

namespace dateline::fetcher {

struct XmlDocDeleter {
  void operator()(xmlDoc* doc) const { xmlFreeDoc(doc); }
};
using XmlDoc = std::unique_ptr<xmlDoc, XmlDocDeleter>;

// Reads XML as far as it goes. Entities that the document declares stand for
// nothing; HTML's named characters are read. Loads nothing, and doesn't lift
// libxml2's own bounds on depth and length. `encoding` overrides what the
// document declares; may be empty. Null where there is nothing to read.
XmlDoc ReadXml(absl::string_view xml, absl::string_view base_url,
               absl::string_view encoding);

// The name without prefix; empty for what is no element. Valid as long as the
// node.
absl::string_view LocalName(const xmlNode* node);
// Its namespace URI; empty where it has none.
absl::string_view NamespaceOf(const xmlNode* node);

// The text below a node, valid UTF-8; what follows after `max_bytes` may be
// left out.
std::string TextOf(const xmlNode* node, size_t max_bytes);

// The attribute of that local name without namespace, valid UTF-8; empty where
// there is none.
std::string AttributeOf(const xmlNode* node, const char* name);

// `reference` resolved by the xml:base in force at `node`, else by the
// document's URL; empty where that gives no http(s) URL.
std::string ResolveAt(const xmlNode* node, absl::string_view reference);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_XML_TREE_H_

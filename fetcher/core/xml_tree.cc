#include "fetcher/core/xml_tree.h"

#include <libxml/entities.h>
#include <libxml/parser.h>

#include <climits>
#include <map>
#include <utility>

#include "absl/strings/ascii.h"
#include "common/url.h"
#include "common/utf8.h"
#include "fetcher/core/plain_text.h"
#include "fetcher/core/xml_errors.h"

namespace dateline::fetcher {
namespace {

absl::string_view View(const xmlChar* text) {
  if (text == nullptr) return "";
  return reinterpret_cast<const char*>(text);
}

std::string Take(xmlChar* text) {
  std::string taken(View(text));
  xmlFree(text);
  return taken;
}

// The entities that documents may use: XML's own five and HTML's, whatever a
// document declares. One for each parse, which its entities must outlive.
class HtmlEntities {
 public:
  // xmlSAXHandler::getEntity.
  static xmlEntity* Get(void* context, const xmlChar* name) {
    auto* parser = static_cast<xmlParserCtxt*>(context);
    if (xmlEntity* own = RecoveringEntity(parser, name)) return own;
    // In an attribute libxml2 would take the first byte only.
    if (parser->instate == XML_PARSER_ATTRIBUTE_VALUE) return nullptr;
    return static_cast<HtmlEntities*>(parser->_private)->Find(View(name));
  }

 private:
  struct Entity {
    std::string text;
    xmlEntity entity = {};
  };

  xmlEntity* Find(absl::string_view name) {
    std::string text = NamedEntity(name);
    if (text.empty()) return nullptr;
    Entity& found = entities_[std::string(name)];
    if (found.text.empty()) {
      found.text = std::move(text);
      auto* content = reinterpret_cast<xmlChar*>(found.text.data());
      found.entity.type = XML_ENTITY_DECL;
      found.entity.etype = XML_INTERNAL_PREDEFINED_ENTITY;
      found.entity.content = content;
      found.entity.orig = content;
      found.entity.length = static_cast<int>(found.text.size());
    }
    return &found.entity;
  }

  std::map<std::string, Entity> entities_;
};

struct ContextDeleter {
  void operator()(xmlParserCtxt* context) const { xmlFreeParserCtxt(context); }
};

// Depth is bounded by the parser: 256 without XML_PARSE_HUGE.
void AppendText(const xmlNode* node, size_t max_bytes, std::string& out) {
  for (; node != nullptr && out.size() < max_bytes; node = node->next) {
    switch (node->type) {
      case XML_TEXT_NODE:
      case XML_CDATA_SECTION_NODE: {
        const absl::string_view text = View(node->content);
        out.append(text.data(), text.size());
        break;
      }
      case XML_ELEMENT_NODE:
        AppendText(node->children, max_bytes, out);
        break;
      default:
        break;
    }
  }
}

}  // namespace

XmlDoc ReadXml(absl::string_view xml, absl::string_view base_url,
               absl::string_view encoding) {
  if (xml.size() > INT_MAX) return nullptr;
  const std::unique_ptr<xmlParserCtxt, ContextDeleter> context(
      xmlNewParserCtxt());
  if (context == nullptr) return nullptr;
  const SilentXmlErrors silence;
  HtmlEntities entities;
  context->_private = &entities;
  context->sax->getEntity = &HtmlEntities::Get;
  context->sax->entityDecl = nullptr;
  const std::string url(base_url);
  const std::string named(encoding);
  return XmlDoc(xmlCtxtReadMemory(
      context.get(), xml.data(), static_cast<int>(xml.size()), url.c_str(),
      named.empty() ? nullptr : named.c_str(), kRecoveringXmlOptions));
}

absl::string_view LocalName(const xmlNode* node) {
  return node->type == XML_ELEMENT_NODE ? View(node->name) : "";
}

absl::string_view NamespaceOf(const xmlNode* node) {
  return node->ns == nullptr ? "" : View(node->ns->href);
}

std::string TextOf(const xmlNode* node, size_t max_bytes) {
  std::string text;
  AppendText(node->children, max_bytes, text);
  return ValidUtf8(text);
}

std::string AttributeOf(const xmlNode* node, const char* name) {
  const xmlAttr* attribute =
      xmlHasNsProp(node, reinterpret_cast<const xmlChar*>(name), nullptr);
  if (attribute == nullptr || attribute->type != XML_ATTRIBUTE_NODE) return "";
  std::string text;
  AppendText(attribute->children, 16384, text);
  return ValidUtf8(text);
}

std::string ResolveAt(const xmlNode* node, absl::string_view reference) {
  const absl::string_view trimmed = absl::StripAsciiWhitespace(reference);
  if (trimmed.empty()) return "";
  const std::string base = Take(xmlNodeGetBase(node->doc, node));
  absl::StatusOr<std::string> url = ResolveUrl(base, trimmed);
  if (url.ok()) return *std::move(url);
  const absl::string_view document = View(node->doc->URL);
  url = ResolveUrl(document, trimmed);
  return url.ok() ? *std::move(url) : "";
}

}  // namespace dateline::fetcher

#include "fetcher/core/xml_errors.h"

#include <libxml/entities.h>
#include <libxml/xmlerror.h>

namespace dateline::fetcher {
namespace {

// Of const or other errors: libxml2's versions differ.
template <typename Error>
void IgnoreError(void*, Error*) {}

}  // namespace

xmlEntity* RecoveringEntity(xmlParserCtxt* context, const xmlChar* name) {
  xmlEntity* entity = xmlGetPredefinedEntity(name);
  if (entity != nullptr) context->wellFormed = 1;
  return entity;
}

SilentXmlErrors::SilentXmlErrors() {
  xmlSetStructuredErrorFunc(nullptr, IgnoreError);
}

SilentXmlErrors::~SilentXmlErrors() {
  xmlSetStructuredErrorFunc(nullptr, nullptr);
}

}  // namespace dateline::fetcher

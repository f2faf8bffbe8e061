#ifndef DATELINE_FETCHER_CORE_XML_ERRORS_H_
#define DATELINE_FETCHER_CORE_XML_ERRORS_H_

#include <libxml/parser.h>

namespace dateline::fetcher {

// Reads broken XML as far as it goes, loads nothing, prints nothing. With
// XML_PARSE_OLDSAX libxml2 asks xmlSAXHandler::getEntity for XML's own entities
// too.
inline constexpr int kRecoveringXmlOptions =
    XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_NOERROR |
    XML_PARSE_NOWARNING | XML_PARSE_OLDSAX;

// What getEntity is to give for XML's own entities; null for others. From the
// first error on, libxml2 2.9 drops every reference, "&amp;" too, without which
// a URL is another one: this makes it forget the errors before this one.
xmlEntity* RecoveringEntity(xmlParserCtxt* context, const xmlChar* name);

// While it lives, errors that pass by the parser's context, as those of
// decoders do, are not printed by this thread.
class SilentXmlErrors {
 public:
  SilentXmlErrors();
  ~SilentXmlErrors();
  SilentXmlErrors(const SilentXmlErrors&) = delete;
  SilentXmlErrors& operator=(const SilentXmlErrors&) = delete;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_XML_ERRORS_H_

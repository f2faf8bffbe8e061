#ifndef DATELINE_PARSER_CORE_DOCUMENT_H_
#define DATELINE_PARSER_CORE_DOCUMENT_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "lexbor/html/html.h"
#include "parser/core/charset.h"
#include "parser/core/name_readings.h"
#include "parser/core/node.h"

namespace dateline {

// A page parsed by the HTML standard. For one thread, `const` or not: names()
// learns as it is asked. Nodes live as long as it does. It borrows the bytes it
// was made of.
class Document {
 public:
  // Parses HTML. Parsing stops early, with truncated() set, where the page
  // would cost more than its budget (nesting deeper than 1,000, attributes or
  // formatting by the thousand, more than 64 MB of tree). `bytes` must outlive
  // the document. kResourceExhausted where there is no memory.
  static absl::StatusOr<Document> Parse(absl::string_view bytes,
                                        absl::string_view http_charset,
                                        absl::string_view url);

  // The whole source, as UTF-8.
  absl::string_view source() const { return decoded_.text(); }
  const Charset& charset() const { return decoded_.charset; }
  // What references on the page are relative to: <base href> or its URL.
  const std::string& base_url() const { return base_url_; }
  // The page's own URL.
  const std::string& url() const { return url_; }
  bool truncated() const { return truncated_; }

  // The document node; the <html>, <head> and <body> elements, which an HTML
  // parser always makes (nullptr only where parsing stopped before).
  Node* root() const;
  Node* html() const;
  Node* head() const;
  Node* body() const;

  // What the elements' names say, as far as anyone has asked. No part of what
  // the document is, therefore of a constant one too; it isn't thread-safe.
  NameReadings& names() const { return names_; }

  // `reference` made absolute; "" where it is no http(s) URL. The fragment is
  // dropped.
  std::string Resolve(absl::string_view reference) const;

 private:
  struct Destroy {
    void operator()(lxb_html_document_t* document) const {
      lxb_html_document_destroy(document);
    }
  };

  Document() = default;

  DecodedText decoded_;
  std::string url_;
  std::string base_url_;
  bool truncated_ = false;
  mutable NameReadings names_;
  std::unique_ptr<lxb_html_document_t, Destroy> document_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_DOCUMENT_H_

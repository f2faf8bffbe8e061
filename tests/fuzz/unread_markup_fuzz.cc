// Any page: what is read of it is all that the whole page has outside of
// drawings, programs and style sheets.
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "parser/core/document.h"
#include "parser/core/node.h"
#include "tests/fuzz/properties.h"

namespace dateline {
namespace {

bool IsLeftOut(Node* node) {
  for (; node != nullptr; node = node->parent) {
    const absl::string_view name = TagName(node);
    if (name == "svg" || name == "script" || name == "style") return true;
  }
  return false;
}

// Without white space, which HTML drops or keeps by what stands before it.
std::string TextBelow(Node* root) {
  std::string text;
  for (Node* node = root; node != nullptr; node = NextNode(node, root)) {
    if (!IsText(node) || IsLeftOut(node)) continue;
    for (const char c : DataOf(node)) {
      if (!absl::ascii_isspace(static_cast<unsigned char>(c))) text += c;
    }
  }
  return text;
}

struct Destroy {
  void operator()(lxb_html_document_t* document) const {
    lxb_html_document_destroy(document);
  }
};

void Check(absl::string_view html) {
  // A drawing's text decides whether a frameset replaces the body.
  if (absl::StrContains(absl::AsciiStrToLower(html), "frameset")) return;
  // Decoding drops the mark.
  if (absl::StartsWith(html, "\xef\xbb\xbf")) return;
  const absl::StatusOr<Document> read =
      Document::Parse(html, "utf-8", "https://news.example/1");
  if (!read.ok() || read->truncated()) return;
  const std::unique_ptr<lxb_html_document_t, Destroy> whole(
      lxb_html_document_create());
  if (whole == nullptr ||
      lxb_html_document_parse(whole.get(),
                              reinterpret_cast<const lxb_char_t*>(html.data()),
                              html.size()) != LXB_STATUS_OK) {
    return;
  }
  Require(TextBelow(read->root()) ==
          TextBelow(lxb_dom_interface_node(whole.get())));
}

}  // namespace
}  // namespace dateline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dateline::Check(dateline::ValidUtf8(dateline::TextOf(data, size)));
  return 0;
}

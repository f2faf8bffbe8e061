#include "parser/core/document.h"

#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/url.h"
#include "parser/core/unread_markup.h"

namespace dateline {
namespace {

// Small, so that no single piece can do much before the budget is looked at:
// Lexbor's tree construction is quadratic in depth and in open formatting
// elements, as the standard's algorithm is.
constexpr size_t kPieceBytes = 8192;
constexpr size_t kMaxDepth = 1000;
constexpr size_t kMaxOpenFormatting = 200;
constexpr size_t kMaxTokenAttributes = 2000;
constexpr size_t kMaxTreeBytes = 64u << 20;
constexpr size_t kMaxDepthWork = 400u << 20;

size_t TreeBytes(const lxb_html_document_t& document) {
  const lxb_dom_document_t& dom = document.dom_document;
  size_t bytes = 0;
  for (const lexbor_mraw_t* pool : {dom.mraw, dom.text}) {
    if (pool != nullptr && pool->mem != nullptr) {
      // Pieces are 4 KiB and up; the list's sizes aren't kept by Lexbor.
      for (const lexbor_mem_chunk_t* c = pool->mem->chunk; c != nullptr;
           c = c->prev) {
        bytes += c->size;
      }
    }
  }
  return bytes;
}

bool HasTooManyAttributes(const lxb_html_token_t* token) {
  size_t count = 0;
  for (const lxb_html_token_attr_t* attribute = token->attr_first;
       attribute != nullptr; attribute = attribute->next) {
    if (++count > kMaxTokenAttributes) return true;
  }
  return false;
}

struct DestroyParser {
  void operator()(lxb_html_parser_t* parser) const {
    lxb_html_parser_destroy(parser);
  }
};
using Parser = std::unique_ptr<lxb_html_parser_t, DestroyParser>;

// Making a parser costs a sixth of parsing a page, so each thread keeps the one
// that is idle. It holds nothing of the page before but spare memory; one that
// grew is not kept.
constexpr size_t kLargestKept = 2u << 20;
thread_local Parser idle_parser;

Parser TakeParser() {
  Parser parser = std::move(idle_parser);
  if (parser != nullptr) return parser;
  parser.reset(lxb_html_parser_create());
  if (parser == nullptr ||
      lxb_html_parser_init(parser.get()) != LXB_STATUS_OK) {
    return nullptr;
  }
  return parser;
}

// Whether parsing may go on.
class Budget {
 public:
  bool Allows(const lxb_html_parser_t* parser,
              const lxb_html_document_t& document, size_t piece_bytes) {
    const size_t depth = parser->tree->open_elements->length;
    depth_work_ += depth * piece_bytes / 4;
    if (depth > kMaxDepth || depth_work_ > kMaxDepthWork) return false;
    if (parser->tree->active_formatting->length > kMaxOpenFormatting) {
      return false;
    }
    if (parser->tkz->token != nullptr &&
        HasTooManyAttributes(parser->tkz->token)) {
      return false;
    }
    if (++pieces_ % 16 != 0 && parser->tree->active_formatting->length < 20) {
      return true;
    }
    return TreeBytes(document) <= kMaxTreeBytes;
  }

 private:
  size_t depth_work_ = 0;
  size_t pieces_ = 0;
};

}  // namespace

absl::StatusOr<Document> Document::Parse(absl::string_view bytes,
                                         absl::string_view http_charset,
                                         absl::string_view url) {
  Document document;
  document.url_.assign(url.data(), url.size());
  document.base_url_ = document.url_;
  document.decoded_ = Decode(bytes, http_charset, /*is_html=*/true);
  const absl::string_view text = document.decoded_.text();
  Parser parser = TakeParser();
  if (parser != nullptr) {
    document.document_.reset(lxb_html_parse_chunk_begin(parser.get()));
  }
  const absl::Status no_memory =
      absl::ResourceExhaustedError(absl::StrCat("no memory to parse ", url));
  if (document.document_ == nullptr) return no_memory;
  Budget budget;
  UnreadMarkup unread(text);
  for (size_t at = 0, size = 0; at < text.size();
       at = unread.Skip(*parser, at + size)) {
    size = unread.NextPiece(at, kPieceBytes);
    if (lxb_html_parse_chunk_process(
            parser.get(), reinterpret_cast<const lxb_char_t*>(text.data()) + at,
            size) != LXB_STATUS_OK) {
      return no_memory;
    }
    if (!budget.Allows(parser.get(), *document.document_, size)) {
      document.truncated_ = true;
      break;
    }
  }
  if (lxb_html_parse_chunk_end(parser.get()) != LXB_STATUS_OK) {
    return absl::InvalidArgumentError(absl::StrCat("can't parse ", url));
  }
  if (!document.truncated_ && text.size() <= kLargestKept) {
    idle_parser = std::move(parser);
  }
  if (document.head() != nullptr) {
    Node* base = FindFirst(document.head(), LXB_TAG_BASE);
    if (base != nullptr) {
      absl::StatusOr<std::string> resolved =
          ResolveUrl(document.url_, Attribute(base, "href"));
      if (resolved.ok()) document.base_url_ = *std::move(resolved);
    }
  }
  return document;
}

Node* Document::root() const { return lxb_dom_interface_node(document_.get()); }

Node* Document::html() const {
  return lxb_dom_interface_node(document_->dom_document.element);
}

Node* Document::head() const { return lxb_dom_interface_node(document_->head); }

Node* Document::body() const { return lxb_dom_interface_node(document_->body); }

std::string Document::Resolve(absl::string_view reference) const {
  absl::StatusOr<std::string> resolved = ResolveUrl(base_url_, reference);
  return resolved.ok() ? *std::move(resolved) : std::string();
}

}  // namespace dateline

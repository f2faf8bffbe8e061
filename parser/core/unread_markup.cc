#include "parser/core/unread_markup.h"

#include <algorithm>
#include <cstring>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "parser/core/node.h"

namespace dateline {
namespace {

constexpr size_t kNone = absl::string_view::npos;
// A larger drawing is parsed.
constexpr size_t kLargestDrawing = size_t{256} << 10;

using TokenizerState = lxb_html_tokenizer_state_f;

// The tokenizer's state behind `text`. Lexbor keeps its states to itself.
TokenizerState StateBehind(absl::string_view text) {
  lxb_html_document_t* page = lxb_html_document_create();
  if (page == nullptr) return nullptr;
  TokenizerState found = nullptr;
  if (lxb_html_document_parse_chunk_begin(page) == LXB_STATUS_OK &&
      lxb_html_document_parse_chunk(
          page, reinterpret_cast<const lxb_char_t*>(text.data()),
          text.size()) == LXB_STATUS_OK) {
    found = static_cast<const lxb_html_parser_t*>(page->dom_document.parser)
                ->tkz->state;
  }
  lxb_html_document_parse_chunk_end(page);
  lxb_html_document_destroy(page);
  return found;
}

// The next "<" from `at` on; the text's size where there is none.
size_t FindTag(absl::string_view text, size_t at) {
  const void* found = at < text.size()
                          ? std::memchr(text.data() + at, '<', text.size() - at)
                          : nullptr;
  if (found == nullptr) return text.size();
  return static_cast<size_t>(static_cast<const char*>(found) - text.data());
}

// Where to go on from `at`: at the next `end_tag`, but no further than where
// `other`, if it isn't empty, begins.
size_t EndOfRawText(absl::string_view text, size_t at,
                    absl::string_view end_tag, absl::string_view other) {
  for (; at < text.size(); ++at) {
    at = FindTag(text, at);
    const absl::string_view rest = text.substr(at, end_tag.size());
    if (absl::StartsWithIgnoreCase(rest, end_tag) ||
        (!other.empty() && absl::StartsWith(rest, other))) {
      return at;
    }
  }
  return text.size();
}

bool IsDrawing(absl::string_view tag) {
  return absl::EqualsIgnoreCase(tag.substr(0, 4), "<svg") && tag.size() > 4 &&
         !absl::ascii_isalnum(static_cast<unsigned char>(tag[4])) &&
         tag[4] != '-';
}

bool IsRawTextElement(absl::string_view tag) {
  return absl::StartsWithIgnoreCase(tag, "<script") ||
         absl::StartsWithIgnoreCase(tag, "<style");
}

// Behind the ">" of the tag that begins at `at`; kNone where it has none. Sets
// `closes_itself` for "/>".
size_t EndOfTag(absl::string_view text, size_t at, bool* closes_itself) {
  while (true) {
    at = text.find_first_of("\"'>", at);
    if (at == kNone) return kNone;
    if (text[at] == '>') break;
    // Only behind "=" does a quote hold a value together.
    const char before = text[at - 1];
    const size_t end = before == '=' ? text.find(text[at], at + 1) : at;
    if (end == kNone) return kNone;
    at = end + 1;
  }
  *closes_itself = text[at - 1] == '/';
  return at + 1;
}

// What drawings are made of, in lower case and sorted. None of these is an HTML
// start tag that ends a drawing (HTML §13.2.6.5).
constexpr absl::string_view kDrawingElements[] = {
    "a",           "animate",      "animatemotion",  "animatetransform",
    "circle",      "clippath",     "defs",           "desc",
    "ellipse",     "feblend",      "fecolormatrix",  "fecomponenttransfer",
    "fecomposite", "feflood",      "fefunca",        "fefuncb",
    "fefuncg",     "fefuncr",      "fegaussianblur", "femerge",
    "femergenode", "femorphology", "feoffset",       "filter",
    "g",           "image",        "line",           "lineargradient",
    "marker",      "mask",         "metadata",       "path",
    "pattern",     "polygon",      "polyline",       "radialgradient",
    "rect",        "stop",         "style",          "svg",
    "symbol",      "text",         "title",          "tspan",
    "use",         "view",
};

bool IsDrawingElement(absl::string_view name) {
  constexpr size_t kLongest = 24;
  if (name.size() > kLongest) return false;
  char lower[kLongest];
  std::transform(name.begin(), name.end(), lower, [](char c) {
    return absl::ascii_tolower(static_cast<unsigned char>(c));
  });
  return std::binary_search(std::begin(kDrawingElements),
                            std::end(kDrawingElements),
                            absl::string_view(lower, name.size()));
}

absl::string_view NameAt(absl::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() &&
         absl::ascii_isalnum(static_cast<unsigned char>(text[end]))) {
    ++end;
  }
  return text.substr(at, end - at);
}

// Behind the drawing that begins at the text's start; kNone where it can't be
// told without parsing it.
size_t EndOfDrawing(absl::string_view text) {
  text = text.substr(0, kLargestDrawing);
  int depth = 0;
  for (size_t at = 0; at < text.size(); at = FindTag(text, at)) {
    if (absl::StartsWith(text.substr(at), "<!--")) {
      at = text.find("-->", at + 4);
      if (at == kNone) return kNone;
      continue;
    }
    const bool is_end = text.substr(at, 2) == "</";
    const absl::string_view name = NameAt(text, at + (is_end ? 2 : 1));
    if (!IsDrawingElement(name)) return kNone;
    bool closes_itself = false;
    at = EndOfTag(text, at + 1, &closes_itself);
    if (at == kNone) return kNone;
    if (!absl::EqualsIgnoreCase(name, "svg")) continue;
    if (is_end) {
      --depth;
    } else if (!closes_itself) {
      ++depth;
    }
    if (depth <= 0) return at;
  }
  return kNone;
}

Node* CurrentNode(const lxb_html_parser_t& parser) {
  const lexbor_array_t* open = parser.tree->open_elements;
  return open->length == 0 ? nullptr
                           : static_cast<Node*>(open->list[open->length - 1]);
}

}  // namespace

size_t UnreadMarkup::NextPiece(size_t at, size_t most) const {
  // As much of a tag as tells what it is.
  constexpr size_t kTellingBytes = 7;
  const absl::string_view piece = text_.substr(at, most);
  for (size_t i = FindTag(piece, 0); i < piece.size();
       i = FindTag(piece, i + 1)) {
    const absl::string_view tag = piece.substr(i);
    // A tag that begins the piece has been looked at; one that the piece cuts
    // off begins the next.
    if (i > 0 && tag.size() < kTellingBytes) return i;
    if (tag.size() < 2 || (tag[1] | 0x20) != 's') continue;
    if (i > 0 && skips_drawings_ && IsDrawing(tag)) return i;
    if (!IsRawTextElement(tag)) continue;
    // One byte of its text tells by the tokenizer's state what it is.
    const size_t end = tag.find('>');
    if (end != kNone) return std::min(i + end + 2, piece.size());
    if (i > 0) return i;
  }
  return piece.size();
}

size_t UnreadMarkup::Skip(const lxb_html_parser_t& parser, size_t at) {
  at = SkipRawText(parser, at);
  return SkipDrawing(parser, at);
}

size_t UnreadMarkup::SkipRawText(const lxb_html_parser_t& parser,
                                 size_t at) const {
  // HTML §13.2.5.4 and §13.2.5.3.
  static const TokenizerState script_data = StateBehind("<script>x");
  static const TokenizerState raw_text = StateBehind("<style>x");
  const TokenizerState state = parser.tkz->state;
  if (state != script_data && state != raw_text) return at;
  Node* element = CurrentNode(parser);
  if (element == nullptr) return at;
  if (state == raw_text) {
    if (TagOf(element) != LXB_TAG_STYLE) return at;
    return EndOfRawText(text_, at, "</style", "");
  }
  if (TagOf(element) != LXB_TAG_SCRIPT) return at;
  if (absl::StartsWithIgnoreCase(
          absl::StripAsciiWhitespace(Attribute(element, "type")),
          "application/ld+json")) {
    return at;
  }
  // "<!--" changes how it ends.
  return EndOfRawText(text_, at, "</script", "<!--");
}

size_t UnreadMarkup::SkipDrawing(const lxb_html_parser_t& parser, size_t at) {
  // HTML §13.2.5.1, which Lexbor splits at the first character.
  static const TokenizerState behind_tag = StateBehind("<p>");
  static const TokenizerState behind_text = StateBehind("<p>x");
  while (skips_drawings_ && IsDrawing(text_.substr(at, 5))) {
    const Node* element = CurrentNode(parser);
    const TokenizerState state = parser.tkz->state;
    if ((state != behind_tag && state != behind_text) || element == nullptr ||
        element->ns != LXB_NS_HTML) {
      return at;
    }
    const size_t size = EndOfDrawing(text_.substr(at));
    if (size == kNone) {
      skips_drawings_ = false;
      return at;
    }
    at += size;
  }
  return at;
}

}  // namespace dateline

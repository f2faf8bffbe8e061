#include "parser/core/unread_markup.h"

#include <algorithm>
#include <cstring>

#include "absl/container/inlined_vector.h"
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

bool IsSpace(char c) {
  return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f';
}

// Where in a tag, behind its name, a character stands: HTML §13.2.5.32 to
// §13.2.5.40.
enum class TagPlace {
  kBeforeName,
  kName,
  kAfterName,
  kBeforeValue,
  kUnquotedValue,
  kBehindSlash,
};

TagPlace PlaceBehind(TagPlace place, char c) {
  const bool is_value =
      place == TagPlace::kBeforeValue || place == TagPlace::kUnquotedValue;
  // All that parts anything is smaller.
  if (c > '=') return is_value ? TagPlace::kUnquotedValue : TagPlace::kName;
  switch (place) {
    case TagPlace::kBeforeName:
    case TagPlace::kBehindSlash:
      if (IsSpace(c)) return TagPlace::kBeforeName;
      return c == '/' ? TagPlace::kBehindSlash : TagPlace::kName;
    case TagPlace::kName:
    case TagPlace::kAfterName:
      if (c == '=') return TagPlace::kBeforeValue;
      if (c == '/') return TagPlace::kBehindSlash;
      if (IsSpace(c)) return TagPlace::kAfterName;
      return TagPlace::kName;
    case TagPlace::kBeforeValue:
      return IsSpace(c) ? place : TagPlace::kUnquotedValue;
    case TagPlace::kUnquotedValue:
      return IsSpace(c) ? TagPlace::kBeforeName : place;
  }
  return place;
}

// Behind the ">" of a tag whose name ends at `at`; kNone where it has none.
// Sets `closes_itself` for "/>".
size_t EndOfTag(absl::string_view text, size_t at, bool* closes_itself) {
  TagPlace place = TagPlace::kBeforeName;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '>') {
      *closes_itself = place == TagPlace::kBehindSlash;
      return at + 1;
    }
    if (place == TagPlace::kBeforeValue && (c == '"' || c == '\'')) {
      at = text.find(c, at + 1);
      if (at == kNone) return kNone;
      place = TagPlace::kBeforeName;
    } else {
      place = PlaceBehind(place, c);
    }
  }
  return kNone;
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
  // What nearly all are.
  if (name == "path" || name == "g") return true;
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

// Behind the comment that begins at `at`; kNone where it isn't plain where it
// ends.
size_t EndOfComment(absl::string_view text, size_t at) {
  constexpr absl::string_view kEnd = "-->";
  const size_t end = text.find(kEnd, at + 2);
  if (end == kNone) return kNone;
  const absl::string_view comment = text.substr(at, end - at);
  return absl::StrContains(comment, "--!>") ? kNone : end + kEnd.size();
}

// Follows a drawing's elements as HTML §13.2.6.5 does.
class OpenElements {
 public:
  // Takes a tag; false where it can't be told what it does.
  bool Take(absl::string_view name, bool is_end, bool closes_itself) {
    if (is_end) return Close(name);
    // Within these HTML begins anew.
    if (IsOpen() && (Is(open_.back(), "desc") || Is(open_.back(), "title"))) {
      return false;
    }
    if (!closes_itself) open_.push_back(name);
    return open_.size() <= kDeepest;
  }

  bool IsOpen() const { return !open_.empty(); }

 private:
  static constexpr size_t kDeepest = 64;

  static bool Is(absl::string_view a, absl::string_view b) {
    return absl::EqualsIgnoreCase(a, b);
  }

  // What isn't open in the drawing may be around it.
  bool Close(absl::string_view name) {
    size_t size = open_.size();
    while (size > 0 && !Is(open_[size - 1], name)) --size;
    if (size == 0) return false;
    open_.resize(size - 1);
    return true;
  }

  absl::InlinedVector<absl::string_view, 16> open_;
};

// Behind the drawing that begins at the text's start; kNone where it can't be
// told without parsing it.
size_t EndOfDrawing(absl::string_view text) {
  text = text.substr(0, kLargestDrawing);
  OpenElements open;
  for (size_t at = 0; at < text.size(); at = FindTag(text, at)) {
    if (absl::StartsWith(text.substr(at), "<!--")) {
      at = EndOfComment(text, at);
      if (at == kNone) return kNone;
      continue;
    }
    const bool is_end = text.substr(at, 2) == "</";
    const absl::string_view name = NameAt(text, at + (is_end ? 2 : 1));
    if (!IsDrawingElement(name)) return kNone;
    at = static_cast<size_t>(name.data() - text.data()) + name.size();
    if (at >= text.size() ||
        (!IsSpace(text[at]) && text[at] != '/' && text[at] != '>')) {
      return kNone;
    }
    bool closes_itself = false;
    at = EndOfTag(text, at, &closes_itself);
    if (at == kNone || !open.Take(name, is_end, closes_itself)) return kNone;
    if (!open.IsOpen()) return at;
  }
  return kNone;
}

// Where drawings are none: HTML §13.2.6.4.16 leaves their tags out and keeps
// their text.
bool IsOfSelect(const Node* node) {
  const lxb_tag_id_t tag = TagOf(node);
  return tag == LXB_TAG_SELECT || tag == LXB_TAG_OPTION ||
         tag == LXB_TAG_OPTGROUP;
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
        element->ns != LXB_NS_HTML || IsOfSelect(element)) {
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

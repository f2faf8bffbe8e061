#include "parser/core/data_markup.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

using Element = simdjson::dom::element;
using Object = simdjson::dom::object;
using Array = simdjson::dom::array;

constexpr size_t kMostMarkupBytes = size_t{1} << 20;
constexpr int kMostDepth = 40;

absl::string_view StringOf(Element value) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return "";
  return {text.data(), text.size()};
}

std::string Escaped(absl::string_view text) {
  return absl::StrReplaceAll(
      text, {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}});
}

// Whether a string is HTML rather than text.
bool IsHtml(absl::string_view text) {
  for (size_t at = text.find('<'); at != absl::string_view::npos;
       at = text.find('<', at + 1)) {
    if (at + 1 >= text.size()) return false;
    const auto next = static_cast<unsigned char>(text[at + 1]);
    if (!absl::ascii_isalpha(next) && next != '/') continue;
    if (text.find('>', at) != absl::string_view::npos) return true;
    // No later tag ends either.
    break;
  }
  const size_t reference = text.find('&');
  return reference != absl::string_view::npos &&
         absl::StrContains(text.substr(reference, 10), ";");
}

bool HasBlocks(absl::string_view html) {
  for (const char* tag : {"<p", "<br", "<div", "<h2", "<h3", "<li", "<P"}) {
    if (absl::StrContains(html, tag)) return true;
  }
  return false;
}

// HTML that was escaped as if it were text.
std::string Unescaped(absl::string_view text) {
  if (absl::StrContains(text, "<") || !absl::StrContains(text, "&lt;p")) {
    return std::string(text);
  }
  return absl::StrReplaceAll(
      text, {{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&amp;", "&"}});
}

enum class NodeKind {
  kParagraph,  // also of unknown kinds
  kText,
  kHeading,
  kList,
  kListItem,
  kQuote,
  kLink,
  kBreak,
  kLeftOut,
};

// A node's name without the names of whatever it is of: "core/paragraph",
// "bulleted-list" and "ArticleImageBlock" give "paragraph", "bulletedlist" and
// "articleimageblock".
std::string WordOf(absl::string_view name) {
  const size_t slash = name.find_last_of("/.:");
  if (slash != absl::string_view::npos) name.remove_prefix(slash + 1);
  return FoldedName(name);
}

NodeKind KindOf(absl::string_view name) {
  const std::string word = WordOf(name);
  if (word == "text" || word == "span" || word == "leaf" ||
      word == "textnode" || word == "string") {
    return NodeKind::kText;
  }
  if (absl::StrContains(word, "quote")) return NodeKind::kQuote;
  if (absl::StrContains(word, "listitem") || word == "li") {
    return NodeKind::kListItem;
  }
  for (const char* part :
       {"image",      "photo",      "picture",      "video",    "audio",
        "media",      "figure",     "gallery",      "embed",    "related",
        "newsletter", "promo",      "interstitial", "linklist", "teaser",
        "tweet",      "twitter",    "instagram",    "facebook", "youtube",
        "social",     "iframe",     "oembed",       "rawhtml",  "divider",
        "advert",     "correction", "referent",     "script",   "style",
        "poll",       "signup",     "readmore",     "readalso", "paywall",
        "asset"}) {
    if (absl::StrContains(word, part)) return NodeKind::kLeftOut;
  }
  if (word == "ad" || word == "ads" || word == "hr") return NodeKind::kLeftOut;
  if (word == "hyperlink" || word == "link" || word == "a") {
    return NodeKind::kLink;
  }
  if (word == "hardbreak" || word == "linebreak" || word == "br") {
    return NodeKind::kBreak;
  }
  if (absl::StrContains(word, "heading") || word == "header" ||
      absl::StrContains(word, "subhead") ||
      (word.size() == 2 && word[0] == 'h' && word[1] >= '1' &&
       word[1] <= '6')) {
    return NodeKind::kHeading;
  }
  if (absl::EndsWith(word, "list") || word == "ul" || word == "ol") {
    return NodeKind::kList;
  }
  return NodeKind::kParagraph;
}

// Whether a word names an ordered list: "orderedlist", "number", "ol".
bool NamesOrder(absl::string_view word) {
  const bool is_ordered =
      absl::StrContains(word, "order") && !absl::StrContains(word, "unorder");
  return is_ordered || absl::StartsWith(word, "number") || word == "ol";
}

class Writer {
 public:
  Writer(const DataView& view, size_t* budget)
      : view_(view), budget_(*budget) {}

  void Blocks(Element value, int depth) {
    if (!Goes(depth)) return;
    Array array;
    Object object;
    if (value.get(array) == simdjson::SUCCESS) {
      for (const Element item : array) Blocks(view_.Follow(item), depth + 1);
    } else if (value.get(object) == simdjson::SUCCESS) {
      Node(object, depth);
    } else {
      Text(StringOf(value));
    }
  }

  std::string Take() { return std::move(out_); }

 private:
  bool Goes(int depth) {
    return depth <= kMostDepth && Pays(1) && out_.size() <= kMostMarkupBytes;
  }

  bool Pays(size_t price) {
    if (budget_ < price) {
      budget_ = 0;
      return false;
    }
    budget_ -= price;
    return true;
  }

  // A string's price: flat data may hold one many times.
  bool PaysFor(absl::string_view text) {
    constexpr size_t kBytes = 50;
    return Pays(text.size() / kBytes);
  }

  // An object's price: each of its keys is looked at for many names.
  bool PaysFor(const Object& object) {
    constexpr size_t kKeys = 4;
    return Pays(object.size() / kKeys);
  }

  NodeKind KindOfNode(const Object& object, absl::string_view* name) const {
    for (const char* key : {"nodeType", "_type", "type", "__typename",
                            "blockType", "tagName", "tag", "kind"}) {
      *name = view_.TextAt(object, key);
      if (!name->empty()) return KindOf(*name);
    }
    return NodeKind::kParagraph;
  }

  // What is below a node, whatever its key. "en" is a language's code, where an
  // editor keeps a text by its languages.
  absl::optional<Element> Below(const Object& object) const {
    for (const char* key :
         {"content_elements", "content", "children", "blocks", "items",
          "paragraphs", "text", "value", "html", "body", "data", "json",
          "document", "root", "model", "elements", "nodes", "raw", "en"}) {
      const absl::optional<Element> value = view_.Get(object, key);
      if (!value.has_value()) continue;
      if (value->is_object() || value->is_array() ||
          !StringOf(*value).empty()) {
        return value;
      }
    }
    return absl::nullopt;
  }

  void Node(const Object& object, int depth) {
    if (!PaysFor(object)) return;
    absl::string_view name;
    NodeKind kind = KindOfNode(object, &name);
    if (kind == NodeKind::kLeftOut) return;
    const absl::optional<Element> below = Below(object);
    if (!below.has_value()) return;
    const absl::string_view style = view_.TextAt(object, "style");
    if (kind == NodeKind::kParagraph && !style.empty()) kind = KindOf(style);
    if (kind == NodeKind::kParagraph &&
        !view_.TextAt(object, "listItem").empty()) {
      kind = NodeKind::kListItem;
    }
    switch (kind) {
      case NodeKind::kHeading:
        return Line(HeadingTag(object, name, style), *below, depth);
      case NodeKind::kList:
        return List(object, name, *below, depth);
      case NodeKind::kListItem:
        return Line("li", *below, depth);
      case NodeKind::kQuote:
        return Line("blockquote", *below, depth);
      default:
        break;
    }
    const absl::string_view text = StringOf(*below);
    if (!text.empty()) {
      Text(text);
    } else if (HoldsBlocks(*below)) {
      Blocks(*below, depth + 1);
    } else {
      Line("p", *below, depth);
    }
  }

  void Text(absl::string_view text) {
    text = TruncateUtf8(text, kMostMarkupBytes);
    if (PaysFor(text)) out_ += MarkupOfText(text);
  }

  std::string HeadingTag(const Object& object, absl::string_view name,
                         absl::string_view style) const {
    for (const absl::string_view word : {name, style}) {
      if (word.empty()) continue;
      const char last = word.back();
      if (last >= '1' && last <= '6')
        return absl::StrCat("h", word.substr(word.size() - 1));
    }
    int64_t level = LevelOf(object);
    for (const char* holder : {"attrs", "data"}) {
      const absl::optional<Element> at = view_.Get(object, holder);
      Object inner;
      if (level > 0 || !at.has_value()) continue;
      if (at->get(inner) == simdjson::SUCCESS) level = LevelOf(inner);
    }
    return absl::StrCat("h", level >= 1 && level <= 6 ? level : 2);
  }

  // The whole number at "level"; 0 where there is none.
  int64_t LevelOf(const Object& object) const {
    const absl::optional<Element> value = view_.Get(object, "level");
    int64_t level = 0;
    if (!value.has_value() || value->get(level) != simdjson::SUCCESS) return 0;
    return level;
  }

  void Line(absl::string_view tag, Element below, int depth) {
    absl::StrAppend(&out_, "<", tag, ">");
    Inline(below, depth + 1);
    absl::StrAppend(&out_, "</", tag, ">\n");
  }

  // "ol" or "ul", by a list's name or by what it says of itself: Editor.js has
  // {"style": "ordered"}, Lexical {"listType": "number", "tag": "ol"}.
  absl::string_view ListTag(const Object& object,
                            absl::string_view name) const {
    if (NamesOrder(WordOf(name))) return "ol";
    for (const char* key : {"style", "listType", "list_type", "tag"}) {
      if (NamesOrder(FoldedName(view_.TextAt(object, key)))) return "ol";
    }
    return "ul";
  }

  void List(const Object& object, absl::string_view name, Element below,
            int depth) {
    absl::string_view tag = ListTag(object, name);
    Array items;
    Object inner;
    // Editor.js: {"type": "list", "data": {"style": …, "items": […]}}
    if (below.get(inner) == simdjson::SUCCESS) {
      const absl::optional<Element> found = view_.Get(inner, "items");
      if (!found.has_value()) return;
      if (tag == "ul") tag = ListTag(inner, "");
      below = *found;
    }
    if (below.get(items) != simdjson::SUCCESS) {
      return Blocks(below, depth + 1);
    }
    absl::StrAppend(&out_, "<", tag, ">");
    for (const Element item : items) {
      out_ += "<li>";
      Inline(view_.Follow(item), depth + 1);
      out_ += "</li>";
    }
    absl::StrAppend(&out_, "</", tag, ">\n");
  }

  // Whether a list has nodes that are lines of their own.
  bool HoldsBlocks(Element value) {
    Array array;
    if (value.get(array) != simdjson::SUCCESS) return value.is_object();
    for (const Element raw : array) {
      const Element item = view_.Follow(raw);
      Object object;
      if (item.get(object) != simdjson::SUCCESS) return true;
      if (!Pays(1) || !PaysFor(object)) return false;
      absl::string_view name;
      const NodeKind kind = KindOfNode(object, &name);
      if (kind == NodeKind::kBreak || kind == NodeKind::kLink) continue;
      // Slate's leaves have no name.
      const bool is_leaf = kind == NodeKind::kText || name.empty();
      const bool has_text = !view_.TextAt(object, "text").empty() ||
                            view_.TextAt(object, "nodeType") == "text";
      const absl::string_view content = view_.TextAt(object, "content");
      const bool is_html = PaysFor(content) && IsHtml(content);
      const bool is_content = !content.empty();
      if (!is_leaf || is_html || (is_content && !has_text)) return true;
    }
    return false;
  }

  void Inline(Element value, int depth) {
    if (!Goes(depth)) return;
    Array array;
    Object object;
    if (value.get(array) == simdjson::SUCCESS) {
      for (const Element item : array) Inline(view_.Follow(item), depth + 1);
      return;
    }
    if (value.get(object) != simdjson::SUCCESS) {
      const absl::string_view text =
          TruncateUtf8(StringOf(value), kMostMarkupBytes);
      if (!PaysFor(text)) return;
      out_ += IsHtml(text) ? std::string(text) : Escaped(text);
      return;
    }
    if (!PaysFor(object)) return;
    absl::string_view name;
    const NodeKind kind = KindOfNode(object, &name);
    if (kind == NodeKind::kLeftOut) return;
    if (kind == NodeKind::kBreak) {
      out_ += "<br>";
      return;
    }
    const absl::optional<Element> below = Below(object);
    if (!below.has_value()) return;
    const std::string address =
        kind == NodeKind::kLink ? AddressOf(object) : std::string();
    if (!address.empty()) absl::StrAppend(&out_, "<a href=\"", address, "\">");
    Inline(*below, depth + 1);
    if (!address.empty()) out_ += "</a>";
    // Paragraphs of a quote or a list's item are lines of one block.
    if (kind == NodeKind::kParagraph && !name.empty()) out_ += ' ';
  }

  // "" where there is none, or none that a link would have.
  std::string AddressOf(const Object& object) const {
    constexpr size_t kLongest = 2000;
    const absl::string_view address = RawAddressOf(object);
    return address.size() <= kLongest ? Escaped(address) : "";
  }

  absl::string_view RawAddressOf(const Object& object) const {
    for (const char* holder : {"data", "attrs", "fields"}) {
      const absl::optional<Element> at = view_.Get(object, holder);
      Object inner;
      if (!at.has_value() || at->get(inner) != simdjson::SUCCESS) continue;
      for (const char* key : {"uri", "href", "url"}) {
        const absl::string_view found = view_.TextAt(inner, key);
        if (!found.empty()) return found;
      }
    }
    for (const char* key : {"url", "href"}) {
      const absl::string_view found = view_.TextAt(object, key);
      if (!found.empty()) return found;
    }
    return "";
  }

  const DataView& view_;
  size_t& budget_;
  std::string out_;
};

}  // namespace

DataView::DataView(Element root, bool is_flat) : root_(root) {
  Array array;
  if (!is_flat || root.get(array) != simdjson::SUCCESS) return;
  for (const Element value : array) places_.push_back(value);
  if (!places_.empty()) root_ = Follow(places_.front());
}

Element DataView::Follow(Element value) const {
  int64_t place = 0;
  if (places_.empty() || value.get(place) != simdjson::SUCCESS || place < 0 ||
      static_cast<size_t>(place) >= places_.size()) {
    return value;
  }
  return places_[static_cast<size_t>(place)];
}

absl::optional<Element> DataView::Get(const Object& object,
                                      absl::string_view key) const {
  Element value;
  if (object.at_key({key.data(), key.size()}).get(value) != simdjson::SUCCESS) {
    return absl::nullopt;
  }
  return Follow(value);
}

absl::string_view DataView::TextAt(const Object& object,
                                   absl::string_view key) const {
  const absl::optional<Element> value = Get(object, key);
  return value.has_value() ? StringOf(*value) : absl::string_view();
}

std::string FoldedName(absl::string_view name) {
  std::string folded;
  for (const char c : name.substr(0, 60)) {
    const auto byte = static_cast<unsigned char>(c);
    if (absl::ascii_isalnum(byte)) {
      folded.push_back(absl::ascii_tolower(byte));
    }
  }
  return folded;
}

std::string MarkupOfData(const DataView& view, Element value, size_t* budget) {
  Writer writer(view, budget);
  writer.Blocks(value, 0);
  return writer.Take();
}

std::string MarkupOfText(absl::string_view raw) {
  if (raw.empty()) return "";
  const std::string text = Unescaped(TruncateUtf8(raw, kMostMarkupBytes));
  const bool is_html = IsHtml(text);
  if (is_html && HasBlocks(text)) {
    return absl::StrCat("<div>", text, "</div>\n");
  }
  std::string out;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    if (absl::StripAsciiWhitespace(line).empty()) continue;
    absl::StrAppend(&out, "<p>", is_html ? std::string(line) : Escaped(line),
                    "</p>\n");
  }
  return out;
}

}  // namespace dateline

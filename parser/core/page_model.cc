#include "parser/core/page_model.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

enum class TagRole { kInline, kBlock, kSkip, kMedia, kBreak };

// Whether a <noscript> holds a text rather than a request to enable scripts:
// some pages give the article so to all who run none, and build it by script.
bool HoldsProse(Node* noscript) {
  constexpr size_t kLeastBytes = 800;
  constexpr int kMostNodes = 400;
  size_t bytes = 0;
  int nodes = 0;
  for (Node* at = NextNode(noscript, noscript);
       at != nullptr && nodes < kMostNodes; at = NextNode(at, noscript)) {
    ++nodes;
    if (IsText(at)) bytes += DataOf(at).size();
    if (bytes >= kLeastBytes) return true;
  }
  return false;
}

TagRole RoleOf(Node* node) {
  const lxb_tag_id_t tag = TagOf(node);
  switch (tag) {
    case LXB_TAG__UNDEF:  // SVG and MathML
    case LXB_TAG_SCRIPT:
    case LXB_TAG_STYLE:
    case LXB_TAG_TEMPLATE:
    case LXB_TAG_SELECT:
    case LXB_TAG_TEXTAREA:
    case LXB_TAG_BUTTON:
    case LXB_TAG_DATALIST:
    case LXB_TAG_OBJECT:
    case LXB_TAG_CANVAS:
    case LXB_TAG_DIALOG:
    case LXB_TAG_INPUT:
    case LXB_TAG_RT:
    case LXB_TAG_RP:
      return TagRole::kSkip;
    case LXB_TAG_NOSCRIPT:
      return HoldsProse(node) ? TagRole::kBlock : TagRole::kSkip;
    case LXB_TAG_IMG:
    case LXB_TAG_PICTURE:
    case LXB_TAG_IFRAME:
    case LXB_TAG_VIDEO:
    case LXB_TAG_AUDIO:
    case LXB_TAG_EMBED:
      return TagRole::kMedia;
    case LXB_TAG_BR:
      return TagRole::kBreak;
    default:
      break;
  }
  if (IsBlockTag(tag)) return TagRole::kBlock;
  if (tag >= LXB_TAG__LAST_ENTRY &&
      TagName(node).find('-') != absl::string_view::npos) {
    return TagRole::kBlock;
  }
  return TagRole::kInline;
}

Hints HintsOfTag(lxb_tag_id_t tag) {
  switch (tag) {
    case LXB_TAG_NAV:
      return kHintNavigation;
    case LXB_TAG_FOOTER:
      return kHintFooter;
    case LXB_TAG_HEADER:
      return kHintHeader;
    case LXB_TAG_ASIDE:
      return kHintSidebar;
    case LXB_TAG_FIGCAPTION:
      return kHintCaption;
    case LXB_TAG_ADDRESS:
      return kHintMeta;
    case LXB_TAG_FORM:
      return kHintNotice;
    case LXB_TAG_ARTICLE:
    case LXB_TAG_MAIN:
      return kHintArticle;
    default:
      return 0;
  }
}

Hints HintsOfRole(absl::string_view role) {
  if (role == "navigation") return kHintNavigation;
  if (role == "complementary") return kHintSidebar;
  if (role == "contentinfo") return kHintFooter;
  if (role == "banner") return kHintHeader;
  if (role == "dialog" || role == "alertdialog") return kHintNotice;
  if (role == "search" || role == "menu") return kHintNavigation;
  if (role == "main" || role == "article") return kHintArticle;
  return 0;
}

bool IsHiddenStyle(absl::string_view style) {
  std::string packed;
  for (const char c : style.substr(0, 400)) {
    if (c != ' ') packed.push_back(absl::ascii_tolower(c));
  }
  return absl::StrContains(packed, "display:none") ||
         absl::StrContains(packed, "visibility:hidden");
}

// Reads what the attributes say in one walk over them.
class HintReader {
 public:
  explicit HintReader(const Document& document) : names_(document.names()) {
    Know(document, "role", AttributeKind::kRole);
    Know(document, "itemprop", AttributeKind::kItemProperty);
    Know(document, "property", AttributeKind::kProperty);
    Know(document, "aria-hidden", AttributeKind::kAriaHidden);
    Know(document, "hidden", AttributeKind::kHidden);
    for (const char* name : {"data-testid", "data-component", "data-qa",
                             "data-block", "data-component-name"}) {
      Know(document, name, AttributeKind::kComponentName);
    }
  }

  Hints Read(Node* node) {
    const auto* element = lxb_dom_interface_element(node);
    Hints hints = HintsOfTag(TagOf(node));
    if (element->first_attr == nullptr) return hints;
    hints |= names_.Of(node).hints;
    for (const lxb_dom_attr_t* a = element->first_attr; a != nullptr;
         a = a->next) {
      if (a->value == nullptr) {
        if (KindOf(a) == AttributeKind::kHidden) hints |= kHintHidden;
        continue;
      }
      const absl::string_view value(
          reinterpret_cast<const char*>(a->value->data), a->value->length);
      hints |= Of(a, value);
    }
    return hints;
  }

 private:
  Hints Of(const lxb_dom_attr_t* attribute, absl::string_view value) {
    switch (attribute->node.local_name) {
      case LXB_DOM_ATTR_HREF:
      case LXB_DOM_ATTR_SRC:
      case LXB_DOM_ATTR_ALT:
      case LXB_DOM_ATTR_TITLE:
      case LXB_DOM_ATTR_CLASS:
      case LXB_DOM_ATTR_ID:
        return 0;
      case LXB_DOM_ATTR_STYLE:
        return IsHiddenStyle(value) ? kHintHidden : Hints{0};
      default:
        break;
    }
    switch (KindOf(attribute)) {
      case AttributeKind::kNone:
        return 0;
      case AttributeKind::kRole:
        return HintsOfRole(value);
      case AttributeKind::kItemProperty:
        return HintsOfItemProperty(value);
      case AttributeKind::kProperty:
        return absl::EndsWith(value, "articleBody") ? kHintBody : Hints{0};
      case AttributeKind::kAriaHidden:
        return value == "true" ? kHintAriaHidden : Hints{0};
      case AttributeKind::kHidden:
        return value == "until-found" ? Hints{0} : kHintHidden;
      case AttributeKind::kComponentName:
        return names_.OfName(value).hints;
    }
    return 0;
  }

  static Hints HintsOfItemProperty(absl::string_view value) {
    if (value == "articleBody" || value == "reviewBody") return kHintBody;
    if (value == "author" || value == "datePublished") return kHintMeta;
    if (value == "liveBlogUpdate") return kHintLive;
    return value == "comment" ? kHintComments : Hints{0};
  }

  enum class AttributeKind {
    kNone,
    kRole,
    kItemProperty,
    kProperty,
    kAriaHidden,
    kHidden,
    kComponentName,
  };

  // Names are interned by the document: a number stands for each.
  AttributeKind KindOf(const lxb_dom_attr_t* attribute) const {
    for (const auto& [name, kind] : kinds_) {
      if (name == attribute->node.local_name) return kind;
    }
    return AttributeKind::kNone;
  }

  void Know(const Document& document, absl::string_view name,
            AttributeKind kind) {
    const lxb_dom_attr_data_t* data = lxb_dom_attr_data_by_local_name(
        document.root()->owner_document->attrs,
        reinterpret_cast<const lxb_char_t*>(name.data()), name.size());
    if (data != nullptr) kinds_.emplace_back(data->attr_id, kind);
  }

  NameReadings& names_;
  // Of the names that the page has.
  std::vector<std::pair<lxb_dom_attr_id_t, AttributeKind>> kinds_;
};

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}

bool IsSentenceEnd(uint32_t c) {
  return c == '.' || c == '!' || c == '?' || c == ':' || c == ';' ||
         c == 0x2026 || c == 0x3002 || c == 0xff01 || c == 0xff1f ||
         c == 0xff0e || c == 0x061f || c == 0x06d4 || c == 0x0964 ||
         c == 0x0965 || c == 0x1362 || c == 0x203c;
}

bool IsClosing(uint32_t c) {
  return c == '"' || c == '\'' || c == ')' || c == ']' || c == 0x201d ||
         c == 0x2019 || c == 0xbb || c == 0x201c || c == 0x300d ||
         c == 0x300f || c == 0xff09 || c == 0x203a;
}

bool IsComma(uint32_t c) {
  return c == ',' || c == 0x060c || c == 0x3001 || c == 0xff0c || c == ';';
}

// Bytes of a text: white space, ASCII's commas, and those that don't begin a
// code point.
struct ByteCounts {
  uint32_t spaces = 0;
  uint32_t commas = 0;
  uint32_t trailing = 0;
};

ByteCounts CountBytes(absl::string_view text) {
  // Sums of a byte each, which compilers make sixteen of at once.
  constexpr size_t kStretch = 240;
  ByteCounts counts;
  while (!text.empty()) {
    const absl::string_view stretch = text.substr(0, kStretch);
    uint8_t spaces = 0;
    uint8_t commas = 0;
    uint8_t trailing = 0;
    for (const char c : stretch) {
      spaces = static_cast<uint8_t>(spaces + (c == ' ' || c == '\n'));
      commas = static_cast<uint8_t>(commas + (c == ',' || c == ';'));
      trailing = static_cast<uint8_t>(trailing + ((c & 0xc0) == 0x80));
    }
    counts.spaces += spaces;
    counts.commas += commas;
    counts.trailing += trailing;
    text.remove_prefix(stretch.size());
  }
  return counts;
}

// The last code point of well-formed text that is neither white space nor
// closes a quotation or bracket; 0 where there is none.
uint32_t LastBeforeClosing(absl::string_view text) {
  while (!text.empty()) {
    size_t at = text.size() - 1;
    while (at > 0 && (text[at] & 0xc0) == 0x80) --at;
    size_t end = at;
    const uint32_t c = NextCodePoint(text, &end);
    if (c != ' ' && c != '\n' && !IsClosing(c)) return c;
    text = text.substr(0, at);
  }
  return 0;
}

class Builder {
 public:
  Builder(const Document& document,
          const absl::flat_hash_set<const Node*>& meta_nodes)
      : meta_nodes_(meta_nodes), reader_(document) {
    model_.boxes.reserve(2000);
    model_.blocks.reserve(800);
  }

  PageModel Build(Node* body) {
    Node* node = body;
    while (node != nullptr && model_.blocks.size() < kMaxBlocks) {
      const bool descend = Enter(node) && node->first_child != nullptr;
      if (descend) {
        node = node->first_child;
        continue;
      }
      if (!descend) LeaveIfOpen(node);
      while (node != body && node->next == nullptr) {
        node = node->parent;
        LeaveIfOpen(node);
      }
      if (node == body) break;
      node = node->next;
    }
    while (!open_.empty()) Leave();
    return std::move(model_);
  }

 private:
  struct Open {
    Node* node;
    bool is_box;
    bool is_link;
    bool is_bold;
    bool is_italic;
    Hints inherited_inline_hints;
  };

  // Returns whether to go below the node.
  bool Enter(Node* node) {
    if (IsText(node)) {
      Append(DataOf(node));
      return false;
    }
    if (!IsElement(node)) return false;
    const TagRole role = RoleOf(node);
    switch (role) {
      case TagRole::kSkip:
        return false;
      case TagRole::kBreak:
        Break();
        return false;
      case TagRole::kMedia:
        model_.media.push_back({node, CurrentBox(), NextBlock()});
        return false;
      case TagRole::kInline:
      case TagRole::kBlock:
        break;
    }
    const Hints hints = HintsOf(node);
    const lxb_tag_id_t tag = TagOf(node);
    if (role == TagRole::kInline) {
      if (hints & (kHintHidden | kHintAriaHidden)) return false;
      const bool is_link = tag == LXB_TAG_A;
      open_.push_back({node, false, is_link,
                       tag == LXB_TAG_B || tag == LXB_TAG_STRONG,
                       tag == LXB_TAG_I || tag == LXB_TAG_EM, inline_hints_});
      inline_hints_ |= hints;
      link_depth_ += is_link ? 1 : 0;
      bold_depth_ += open_.back().is_bold ? 1 : 0;
      italic_depth_ += open_.back().is_italic ? 1 : 0;
      if (is_link) model_.links.push_back({node, NextBlock()});
      return true;
    }
    Flush();
    open_.push_back({node, true, false, false, false, inline_hints_});
    boxes_.push_back(static_cast<int>(model_.boxes.size()));
    Box box;
    box.node = node;
    box.parent = boxes_.size() > 1 ? boxes_[boxes_.size() - 2] : -1;
    box.tag = tag;
    box.hints = hints | inline_hints_;
    box.first_block = static_cast<int>(model_.blocks.size());
    model_.boxes.push_back(box);
    inline_hints_ = 0;
    CountTag(tag, +1);
    return true;
  }

  Hints HintsOf(Node* node) {
    Hints hints = reader_.Read(node);
    if (!meta_nodes_.empty() && meta_nodes_.contains(node)) hints |= kHintMeta;
    return hints;
  }

  void LeaveIfOpen(const Node* node) {
    if (!open_.empty() && open_.back().node == node) Leave();
  }

  void Leave() {
    const Open open = open_.back();
    if (open.is_box) {
      Flush();
      Box& box = model_.boxes[static_cast<size_t>(boxes_.back())];
      box.end_block = static_cast<int>(model_.blocks.size());
      box.end_box = static_cast<int>(model_.boxes.size());
      CountTag(box.tag, -1);
      boxes_.pop_back();
    }
    link_depth_ -= open.is_link ? 1 : 0;
    bold_depth_ -= open.is_bold ? 1 : 0;
    italic_depth_ -= open.is_italic ? 1 : 0;
    inline_hints_ = open.inherited_inline_hints;
    open_.pop_back();
  }

  void CountTag(lxb_tag_id_t tag, int change) {
    if (tag == LXB_TAG_LI || tag == LXB_TAG_DD) list_items_ += change;
    if (tag == LXB_TAG_BLOCKQUOTE) quotes_ += change;
    if (tag == LXB_TAG_FIGURE || tag == LXB_TAG_FIGCAPTION) captions_ += change;
    if (tag == LXB_TAG_TABLE) tables_ += change;
    if (tag == LXB_TAG_P) paragraphs_ += change;
    if (tag == LXB_TAG_PRE) preformatted_ += change;
    if (tag >= LXB_TAG_H1 && tag <= LXB_TAG_H6) {
      heading_ = change > 0 ? static_cast<int>(tag - LXB_TAG_H1) + 1 : 0;
    }
  }

  int CurrentBox() const { return boxes_.empty() ? 0 : boxes_.back(); }
  int NextBlock() const { return static_cast<int>(model_.blocks.size()); }

  void Append(absl::string_view data) {
    if (data.empty()) return;
    if (std::all_of(data.begin(), data.end(), IsBlank)) {
      if (!run_.empty()) run_.push_back(preformatted_ > 0 ? '\n' : ' ');
      return;
    }
    run_hints_ &= inline_hints_;
    const size_t begin = run_.size();
    run_.append(data.data(), data.size());
    if (preformatted_ == 0) {
      for (size_t at = run_.find('\n', begin); at != std::string::npos;
           at = run_.find('\n', at + 1)) {
        run_[at] = ' ';
      }
    }
    blank_since_break_ = false;
    if (link_depth_ + bold_depth_ + italic_depth_ > 0) {
      const uint32_t chars = CountChars(data);
      if (link_depth_ > 0) run_link_chars_ += chars;
      if (bold_depth_ > 0) run_bold_chars_ += chars;
      if (italic_depth_ > 0) run_italic_chars_ += chars;
    }
    if (link_depth_ > 0) ++run_links_;
  }

  static uint32_t CountChars(absl::string_view data) {
    uint32_t chars = 0;
    for (size_t i = 0; i < data.size();) {
      const auto byte = static_cast<unsigned char>(data[i]);
      if (byte < 0x80) {
        chars += byte > 0x20 ? 1 : 0;
        ++i;
        continue;
      }
      const uint32_t c = NextCodePoint(data, &i);
      if (c != 0xa0 && c != 0xad) chars += IsUnspacedScript(c) ? 2 : 1;
    }
    return chars;
  }

  // Two breaks with nothing between them end a paragraph.
  void Break() {
    if (run_.empty()) return;
    if (blank_since_break_) {
      Flush();
    } else {
      run_.push_back('\n');
      blank_since_break_ = true;
    }
  }

  void Flush() {
    if (!run_.empty()) {
      TextBlock block;
      block.text = CleanText(run_, /*keep_lines=*/true);
      if (!block.text.empty()) Finish(std::move(block));
    }
    run_.clear();
    run_link_chars_ = run_bold_chars_ = run_italic_chars_ = run_links_ = 0;
    run_hints_ = ~Hints{0};
    blank_since_break_ = false;
  }

  void Finish(TextBlock block) {
    block.box = CurrentBox();
    block.heading_level = heading_;
    block.inline_hints = run_hints_ == ~Hints{0} ? 0 : run_hints_;
    block.link_chars = run_link_chars_;
    block.bold_chars = run_bold_chars_;
    block.italic_chars = run_italic_chars_;
    block.links = run_links_;
    block.in_list_item = list_items_ > 0;
    block.in_quote = quotes_ > 0;
    block.in_caption = captions_ > 0;
    block.in_table = tables_ > 0;
    block.in_paragraph = paragraphs_ > 0;
    block.is_preformatted = preformatted_ > 0;
    Count(&block);
    model_.blocks.push_back(std::move(block));
  }

  // Of clean text, which is well-formed.
  static void Count(TextBlock* block) {
    const absl::string_view text = block->text;
    const ByteCounts bytes = CountBytes(text);
    block->words += bytes.spaces;
    block->chars +=
        static_cast<uint32_t>(text.size()) - bytes.spaces - bytes.trailing;
    block->commas += bytes.commas;
    uint32_t unspaced = 0;
    for (size_t i = bytes.trailing == 0 ? text.size() : 0; i < text.size();) {
      if (static_cast<unsigned char>(text[i]) < 0x80) {
        ++i;
        continue;
      }
      const uint32_t c = NextCodePoint(text, &i);
      unspaced += IsUnspacedScript(c) ? 1 : 0;
      block->commas += IsComma(c) ? 1 : 0;
    }
    block->chars += unspaced;
    block->words += 1 + unspaced / 2;
    block->ends_sentence = IsSentenceEnd(LastBeforeClosing(text));
  }

  const absl::flat_hash_set<const Node*>& meta_nodes_;
  HintReader reader_;
  PageModel model_;
  std::vector<Open> open_;
  std::vector<int> boxes_;
  Hints inline_hints_ = 0;
  int link_depth_ = 0;
  int bold_depth_ = 0;
  int italic_depth_ = 0;
  int list_items_ = 0;
  int quotes_ = 0;
  int captions_ = 0;
  int tables_ = 0;
  int paragraphs_ = 0;
  int preformatted_ = 0;
  int heading_ = 0;
  std::string run_;
  Hints run_hints_ = ~Hints{0};
  uint32_t run_link_chars_ = 0;
  uint32_t run_bold_chars_ = 0;
  uint32_t run_italic_chars_ = 0;
  uint32_t run_links_ = 0;
  bool blank_since_break_ = false;
};

}  // namespace

const std::string& TextBlock::Normalized() const {
  if (!has_normalized_) {
    normalized_ = NormalizedLine(text);
    has_normalized_ = true;
  }
  return normalized_;
}

LineKind TextBlock::Kind() const {
  if (!has_kind_) {
    kind_ = text.size() > kLongestKnownLine ? LineKind::kText
                                            : KindOfLine(text, Normalized());
    has_kind_ = true;
  }
  return kind_;
}

PageModel BuildPageModel(const Document& document,
                         const absl::flat_hash_set<const Node*>& meta_nodes) {
  if (document.body() == nullptr) return {};
  return Builder(document, meta_nodes).Build(document.body());
}

std::string PathOf(const PageModel& model, int box) {
  std::vector<std::string> parts;
  for (int i = box; i >= 0 && parts.size() < 12;
       i = model.boxes[static_cast<size_t>(i)].parent) {
    Node* node = model.boxes[static_cast<size_t>(i)].node;
    std::string part(TagName(node));
    if (!IdOf(node).empty()) absl::StrAppend(&part, "#", IdOf(node));
    for (absl::string_view word :
         absl::StrSplit(ClassOf(node).substr(0, 100),
                        absl::ByAnyChar(" \t\n\r\f"), absl::SkipEmpty())) {
      absl::StrAppend(&part, ".", word);
    }
    parts.push_back(CleanText(part));
  }
  std::string path;
  for (auto it = parts.rbegin(); it != parts.rend(); ++it) {
    absl::StrAppend(&path, path.empty() ? "" : " > ", *it);
  }
  return path;
}

}  // namespace dateline

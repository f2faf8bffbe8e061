#include "parser/core/metadata_scan.h"

#include <algorithm>
#include <numeric>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "parser/core/metadata_class_words.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr size_t kMostSpots = 300;
constexpr size_t kMostMetas = 1000;
constexpr size_t kMostScriptBytes = size_t{2} << 20;

void Push(const Spot& spot, std::vector<Spot>* spots) {
  if (spots->size() < kMostSpots) spots->push_back(spot);
}

bool IsHeading(lxb_tag_id_t tag) {
  return tag == LXB_TAG_H1 || tag == LXB_TAG_H2 || tag == LXB_TAG_H3;
}

// Walks the page once, keeping account of what it is inside of.
class Scanner {
 public:
  Scanner(Node* root, NameReadings& names, PageScan* scan)
      : scan_(scan),
        names_(names),
        itemprop_(lxb_dom_attr_data_by_local_name(
            root->owner_document->attrs,
            reinterpret_cast<const lxb_char_t*>("itemprop"), 8)) {}

  void Walk(Node* root) {
    for (Node* node = root; node != nullptr;) {
      const bool descend = !IsElement(node) || Enter(node);
      if (descend && node->first_child != nullptr) {
        node = node->first_child;
        continue;
      }
      while (node != root && node->next == nullptr) {
        Leave(node);
        node = node->parent;
      }
      if (node == root) return;
      Leave(node);
      node = node->next;
    }
  }

 private:
  // Notes what the element says. Whether to look inside.
  bool Enter(Node* node) {
    ++scan_->elements;
    const lxb_tag_id_t tag = TagOf(node);
    switch (tag) {
      case LXB_TAG_META:
        Meta(node);
        return false;
      case LXB_TAG_LINK:
        Link(node);
        return false;
      case LXB_TAG_TITLE:
        if (scan_->title.empty()) scan_->title = ShortTextOf(node, 2000);
        return false;
      case LXB_TAG_SCRIPT:
        Script(node);
        return false;
      case LXB_TAG_STYLE:
      case LXB_TAG_TEMPLATE:
      case LXB_TAG_SVG:
      case LXB_TAG_IFRAME:
      case LXB_TAG_SELECT:
        return false;
      case LXB_TAG__UNDEF:
        return node->ns == LXB_NS_HTML;
      default:
        Element(node, tag);
        return true;
    }
  }

  void Leave(const Node* node) {
    if (!regions_.empty() && node == regions_.back()) regions_.pop_back();
    if (node == tags_root_) tags_root_ = nullptr;
    if (node == article_root_) article_root_ = nullptr;
    if (TagOf(node) == LXB_TAG_ARTICLE) --article_depth_;
  }

  void Meta(Node* node) {
    absl::string_view name = Attribute(node, "property");
    if (name.empty()) name = Attribute(node, "name");
    if (const absl::string_view property = Attribute(node, "itemprop");
        name.empty() && !property.empty()) {
      Property(node, property);
      // In microdata the authors of cited works have the same name.
      if (absl::EqualsIgnoreCase(property, "author")) return;
      name = property;
    }
    if (name.empty()) name = Attribute(node, "http-equiv");
    const absl::string_view content = Attribute(node, "content");
    if (name.empty() || content.empty() || !regions_.empty() ||
        scan_->metas.size() >= kMostMetas) {
      return;
    }
    MetaTag meta{absl::AsciiStrToLower(absl::StripAsciiWhitespace(name)),
                 PlainText(TruncateUtf8(content, 4000))};
    if (!meta.content.empty()) scan_->metas.push_back(std::move(meta));
    // Both names of <meta name=author property=article:author>.
    const absl::string_view second = Attribute(node, "name");
    if (!second.empty() && second != name && !scan_->metas.empty()) {
      scan_->metas.push_back(
          {absl::AsciiStrToLower(second), scan_->metas.back().content});
    }
  }

  void Link(Node* node) {
    const absl::string_view rel = Attribute(node, "rel");
    if (scan_->canonical.empty() && absl::EqualsIgnoreCase(rel, "canonical")) {
      scan_->canonical = std::string(Attribute(node, "href"));
    }
    const absl::string_view property = Attribute(node, "itemprop");
    if (!property.empty()) Property(node, property);
  }

  void Script(Node* node) {
    if (!absl::StartsWithIgnoreCase(
            absl::StripAsciiWhitespace(Attribute(node, "type")),
            "application/ld+json")) {
      return;
    }
    std::string data = RawTextOf(node);
    script_bytes_ += data.size();
    if (script_bytes_ <= kMostScriptBytes && scan_->json_ld.size() < 50) {
      scan_->json_ld.push_back(std::move(data));
    }
  }

  void Property(Node* node, absl::string_view names) {
    if (scan_->item_properties.size() >= kMostSpots) return;
    scan_->item_properties.push_back(
        {absl::AsciiStrToLower(names), SpotOf(node, 0)});
  }

  Spot SpotOf(Node* node, uint32_t words) const {
    return {node,
            scan_->elements,
            words,
            !regions_.empty(),
            regions_.empty() ? nullptr : regions_.back(),
            article_root_ != nullptr,
            article_depth_};
  }

  void Element(Node* node, lxb_tag_id_t tag) {
    const auto* element = lxb_dom_interface_element(node);
    const uint32_t words =
        element->first_attr == nullptr ? 0 : names_.Of(node).words;
    Regions(node, tag, words);
    if (element->first_attr == nullptr && !IsHeading(tag) &&
        tag != LXB_TAG_TIME) {
      if (tag == LXB_TAG_A && tags_root_ != nullptr) {
        Push(SpotOf(node, words), &scan_->tag_links);
      }
      return;
    }
    const Spot spot = SpotOf(node, words);
    if (IsHeading(tag) || (words & kHeadlineWord) != 0) {
      Push(spot, &scan_->headings);
    }
    if (tag == LXB_TAG_TIME) Push(spot, &scan_->times);
    if (tag == LXB_TAG_A) Anchor(node, spot);
    if ((words & kDateWord) != 0) Push(spot, &scan_->date_spots);
    if ((words & kBylineWord) != 0) Push(spot, &scan_->byline_spots);
    if ((words & kKickerWord) != 0) Push(spot, &scan_->kickers);
    if ((words & kDeckWord) != 0) Push(spot, &scan_->decks);
    if ((words & kPaywallWord) != 0) scan_->has_paywall_marker = true;
    const absl::string_view property = ItemPropertyOf(element);
    if (!property.empty()) Property(node, property);
  }

  // Like Attribute(node, "itemprop"), without a look-up for each element.
  absl::string_view ItemPropertyOf(const lxb_dom_element_t* element) const {
    if (itemprop_ == nullptr) return "";
    for (const lxb_dom_attr_t* attribute = element->first_attr;
         attribute != nullptr; attribute = attribute->next) {
      if (attribute->node.local_name != itemprop_->attr_id ||
          attribute->value == nullptr) {
        continue;
      }
      return {reinterpret_cast<const char*>(attribute->value->data),
              attribute->value->length};
    }
    return "";
  }

  void Regions(Node* node, lxb_tag_id_t tag, uint32_t words) {
    if (tag == LXB_TAG_ARTICLE) ++article_depth_;
    if (tag == LXB_TAG_BODY || tag == LXB_TAG_HTML) return;
    if (article_root_ == nullptr &&
        (tag == LXB_TAG_ARTICLE || tag == LXB_TAG_MAIN)) {
      article_root_ = node;
    }
    if (IsElsewhere(tag, words)) regions_.push_back(node);
    if (tags_root_ == nullptr && (words & kTagWord) != 0 &&
        tag != LXB_TAG_ARTICLE && tag != LXB_TAG_MAIN) {
      tags_root_ = node;
    }
  }

  bool IsElsewhere(lxb_tag_id_t tag, uint32_t words) const {
    if (tag == LXB_TAG_MAIN || tag == LXB_TAG_H1) return false;
    if (tag == LXB_TAG_ASIDE || tag == LXB_TAG_NAV ||
        (words & kElsewhereWord) != 0) {
      return true;
    }
    const bool footer = tag == LXB_TAG_FOOTER || (words & kFooterWord) != 0;
    return footer && (words & kOwnFooterWord) == 0 && article_depth_ == 0;
  }

  void Anchor(Node* node, const Spot& spot) {
    const absl::string_view rel = Attribute(node, "rel");
    if (absl::StrContains(rel, "author")) {
      Spot author = spot;
      author.words |= kBylineWord | kNameWord;
      Push(author, &scan_->byline_spots);
    }
    const bool is_tag = tags_root_ != nullptr || absl::StrContains(rel, "tag");
    if (is_tag) {
      Spot tag = spot;
      if (absl::StrContains(rel, "tag")) tag.words |= kTagWord;
      Push(tag, &scan_->tag_links);
    }
  }

  PageScan* scan_;
  NameReadings& names_;
  const lxb_dom_attr_data_t* itemprop_;  // null where the page has none
  std::vector<const Node*> regions_;
  const Node* tags_root_ = nullptr;
  const Node* article_root_ = nullptr;
  int article_depth_ = 0;
  size_t script_bytes_ = 0;
};

}  // namespace

std::string ShortTextOf(Node* node, size_t max_bytes) {
  constexpr int kMostNodes = 500;
  int nodes = 0;
  for (const Node* at = node; at != nullptr; at = NextNode(at, node)) {
    if (++nodes > kMostNodes) return "";
  }
  return TextOf(node, max_bytes);
}

void PageScan::IndexMetas() {
  by_name_.resize(metas.size());
  std::iota(by_name_.begin(), by_name_.end(), 0);
  std::sort(by_name_.begin(), by_name_.end(), [this](uint32_t a, uint32_t b) {
    const int order = metas[a].name.compare(metas[b].name);
    return order != 0 ? order < 0 : a < b;
  });
}

absl::string_view PageScan::Meta(absl::string_view name) const {
  const auto at =
      std::lower_bound(by_name_.begin(), by_name_.end(), name,
                       [this](uint32_t i, absl::string_view n) {
                         return absl::string_view(metas[i].name) < n;
                       });
  return at != by_name_.end() && metas[*at].name == name
             ? absl::string_view(metas[*at].content)
             : absl::string_view();
}

std::vector<absl::string_view> PageScan::Metas(absl::string_view name) const {
  std::vector<absl::string_view> contents;
  auto at = std::lower_bound(by_name_.begin(), by_name_.end(), name,
                             [this](uint32_t i, absl::string_view n) {
                               return absl::string_view(metas[i].name) < n;
                             });
  for (; at != by_name_.end() && metas[*at].name == name; ++at) {
    contents.push_back(metas[*at].content);
  }
  return contents;
}

namespace {

bool Contains(const Node* outer, const Node* inner) {
  for (const Node* at = inner; at != nullptr; at = at->parent) {
    if (at == outer) return true;
  }
  return false;
}

}  // namespace

void ResolveRegions(const Node* headline, PageScan* scan) {
  if (headline == nullptr) return;
  const auto resolve = [headline](Spot& spot) {
    spot.elsewhere = spot.region != nullptr && !Contains(spot.region, headline);
  };
  for (std::vector<Spot>* spots :
       {&scan->headings, &scan->times, &scan->date_spots, &scan->byline_spots,
        &scan->tag_links, &scan->kickers, &scan->decks}) {
    for (Spot& spot : *spots) resolve(spot);
  }
  for (ItemProperty& property : scan->item_properties) resolve(property.spot);
}

PageScan ScanPage(const Document& document) {
  PageScan scan;
  Node* const root = document.html();
  if (root == nullptr) return scan;
  Scanner(root, document.names(), &scan).Walk(root);
  scan.IndexMetas();
  return scan;
}

}  // namespace dateline

#include "fetcher/core/feed.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/utf8.h"
#include "fetcher/core/feed_time.h"
#include "fetcher/core/plain_text.h"
#include "fetcher/core/xml_tree.h"

namespace dateline::fetcher {
namespace {

constexpr size_t kMostItems = 10'000;
constexpr int kMostNames = 64;
constexpr size_t kLongestName = 256;
constexpr size_t kLongestTitle = 1024;
constexpr size_t kLongestDescription = 4096;
constexpr size_t kLongestUrl = 8192;

constexpr absl::string_view kAtom = "http://www.w3.org/2005/Atom";
constexpr absl::string_view kDublinCore = "http://purl.org/dc/elements/1.1/";
constexpr absl::string_view kRss1 = "http://purl.org/rss/1.0/";

// Elements of RSS itself; feeds of all versions mix their namespaces up.
bool IsRss(const xmlNode* node) {
  const absl::string_view ns = NamespaceOf(node);
  return ns.empty() || ns == kRss1 ||
         absl::StartsWith(ns, "http://backend.userland.com/rss") ||
         absl::StartsWith(ns, "http://my.netscape.com/rdf/");
}

bool IsAtom(const xmlNode* node) {
  const absl::string_view ns = NamespaceOf(node);
  return ns == kAtom || ns == "http://purl.org/atom/ns#";
}

std::string PlainTextOf(const xmlNode* node, size_t max_bytes) {
  return PlainText(TextOf(node, 16 * max_bytes), max_bytes);
}

void AddName(std::string name,
             google::protobuf::RepeatedPtrField<std::string>& names) {
  if (name.empty() || names.size() >= kMostNames) return;
  if (std::find(names.begin(), names.end(), name) != names.end()) return;
  *names.Add() = std::move(name);
}

void SetTime(const xmlNode* node, bool modified, v1::SourceHints& hints) {
  std::optional<v1::ArticleTime> time = ParseFeedTime(TextOf(node, 256));
  if (!time.has_value()) return;
  *(modified ? hints.mutable_modified_time() : hints.mutable_publish_time()) =
      *std::move(time);
}

void AddCategory(std::string category, v1::SourceHints& hints) {
  if (hints.section().empty()) hints.set_section(category);
  AddName(std::move(category), *hints.mutable_keywords());
}

// RSS: "editor@news.example (Name)" or just a name.
std::string RssAuthor(const xmlNode* node) {
  const std::string text = PlainTextOf(node, kLongestName);
  const size_t open = text.find('(');
  const size_t close = text.rfind(')');
  if (absl::StrContains(text, '@')) {
    if (open == std::string::npos || close == std::string::npos ||
        close < open) {
      return "";
    }
    return text.substr(open + 1, close - open - 1);
  }
  return text;
}

void ReadDublinCore(const xmlNode* node, v1::SourceHints& hints) {
  const absl::string_view name = LocalName(node);
  if (name == "creator") {
    AddName(PlainTextOf(node, kLongestName), *hints.mutable_authors());
  } else if (name == "date" && !hints.has_publish_time()) {
    SetTime(node, false, hints);
  } else if (name == "subject") {
    AddCategory(PlainTextOf(node, kLongestName), hints);
  } else if (name == "language") {
    hints.set_language(PlainTextOf(node, kLongestName));
  }
}

void ReadRssField(const xmlNode* node, FeedItem& item, std::string& permalink) {
  const absl::string_view name = LocalName(node);
  v1::SourceHints& hints = item.hints;
  if (name == "link") {
    if (item.url.empty()) item.url = ResolveAt(node, TextOf(node, kLongestUrl));
  } else if (name == "guid") {
    if (AttributeOf(node, "isPermaLink") != "false") {
      permalink = ResolveAt(node, TextOf(node, kLongestUrl));
    }
  } else if (name == "title") {
    hints.set_title(PlainTextOf(node, kLongestTitle));
  } else if (name == "description") {
    hints.set_description(PlainTextOf(node, kLongestDescription));
  } else if (name == "pubDate") {
    SetTime(node, false, hints);
  } else if (name == "author") {
    AddName(RssAuthor(node), *hints.mutable_authors());
  } else if (name == "category") {
    AddCategory(PlainTextOf(node, kLongestName), hints);
  }
}

// RFC 4287 §3.1: text is plain unless its type says html or xhtml.
std::string AtomText(const xmlNode* node, size_t max_bytes) {
  if (AttributeOf(node, "type") == "html") return PlainTextOf(node, max_bytes);
  return CollapseSpace(TextOf(node, 4 * max_bytes), max_bytes);
}

std::string AtomPersonName(const xmlNode* person) {
  for (const xmlNode* node = person->children; node != nullptr;
       node = node->next) {
    if (LocalName(node) == "name") {
      return CollapseSpace(TextOf(node, kLongestName), kLongestName);
    }
  }
  return "";
}

bool IsAlternate(const xmlNode* link) {
  const std::string rel = AttributeOf(link, "rel");
  const std::string type = AttributeOf(link, "type");
  return (rel.empty() || rel == "alternate") &&
         (type.empty() || absl::StrContains(type, "html"));
}

void ReadAtomField(const xmlNode* node, FeedItem& item) {
  const absl::string_view name = LocalName(node);
  v1::SourceHints& hints = item.hints;
  if (name == "link") {
    if (item.url.empty() && IsAlternate(node)) {
      item.url = ResolveAt(node, AttributeOf(node, "href"));
    }
  } else if (name == "title") {
    hints.set_title(AtomText(node, kLongestTitle));
  } else if (name == "summary") {
    hints.set_description(AtomText(node, kLongestDescription));
  } else if (name == "published" || name == "issued") {
    SetTime(node, false, hints);
  } else if (name == "updated" || name == "modified") {
    SetTime(node, true, hints);
  } else if (name == "author") {
    AddName(AtomPersonName(node), *hints.mutable_authors());
  } else if (name == "category") {
    const std::string label = AttributeOf(node, "label");
    AddCategory(CollapseSpace(label.empty() ? AttributeOf(node, "term") : label,
                              kLongestName),
                hints);
  }
}

FeedItem ReadItem(const xmlNode* element) {
  FeedItem item;
  std::string permalink;
  for (const xmlNode* node = element->children; node != nullptr;
       node = node->next) {
    if (node->type != XML_ELEMENT_NODE) continue;
    if (NamespaceOf(node) == kDublinCore) {
      ReadDublinCore(node, item.hints);
    } else if (IsAtom(node)) {
      ReadAtomField(node, item);
    } else if (IsRss(node)) {
      ReadRssField(node, item, permalink);
    }
  }
  if (item.url.empty()) item.url = permalink;
  return item;
}

// What a channel or Atom feed says for all its items.
struct FeedWide {
  std::string language;
  google::protobuf::RepeatedPtrField<std::string> authors;
};

// Reads the children of a channel, an RDF root or an Atom feed.
void ReadLevel(const xmlNode* level, Feed& feed, FeedWide& wide) {
  for (const xmlNode* node = level->children; node != nullptr;
       node = node->next) {
    const absl::string_view name = LocalName(node);
    if (name == "item" || (name == "entry" && IsAtom(node))) {
      if (feed.items.size() < kMostItems) feed.items.push_back(ReadItem(node));
    } else if (name == "title" && (IsRss(node) || IsAtom(node))) {
      if (feed.title.empty()) feed.title = PlainTextOf(node, kLongestTitle);
    } else if (name == "language") {
      wide.language = PlainTextOf(node, kLongestName);
    } else if (name == "author" && IsAtom(node)) {
      AddName(AtomPersonName(node), wide.authors);
    } else if (name == "channel") {
      feed.pace = ReadFeedPace(node);
      ReadLevel(node, feed, wide);
    }
  }
}

std::string XmlLanguage(const xmlNode* root) {
  const xmlAttr* attribute = xmlHasNsProp(
      root, reinterpret_cast<const xmlChar*>("lang"),
      reinterpret_cast<const xmlChar*>("http://www.w3.org/XML/1998/namespace"));
  if (attribute == nullptr || attribute->children == nullptr ||
      attribute->children->content == nullptr) {
    return "";
  }
  return CollapseSpace(
      ValidUtf8(reinterpret_cast<const char*>(attribute->children->content)),
      kLongestName);
}

bool DeclaresEncoding(absl::string_view body) {
  const absl::string_view start = body.substr(0, 256);
  return absl::StrContains(start.substr(0, start.find("?>")), "encoding") ||
         absl::StartsWith(body, "\xFF\xFE") ||
         absl::StartsWith(body, "\xFE\xFF");
}

bool IsFeedRoot(const xmlNode* root) {
  const absl::string_view name = LocalName(root);
  return name == "rss" || name == "RDF" || (name == "feed" && IsAtom(root));
}

}  // namespace

absl::StatusOr<Feed> ParseFeed(absl::string_view body,
                               absl::string_view base_url,
                               absl::string_view charset) {
  // Some servers put blank lines before the XML declaration.
  const absl::string_view xml = absl::StripLeadingAsciiWhitespace(body);
  const XmlDoc doc =
      ReadXml(xml, base_url, DeclaresEncoding(xml) ? "" : charset);
  const xmlNode* root =
      doc == nullptr ? nullptr : xmlDocGetRootElement(doc.get());
  if (root == nullptr) return absl::InvalidArgumentError("it is not XML");
  if (!IsFeedRoot(root)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "its root element is \"", ValidUtf8(LocalName(root).substr(0, 64)),
        "\", which is neither RSS nor Atom"));
  }
  Feed feed;
  FeedWide wide;
  wide.language = XmlLanguage(root);
  feed.pace = ReadFeedPace(root);
  ReadLevel(root, feed, wide);
  feed.items.erase(
      std::remove_if(feed.items.begin(), feed.items.end(),
                     [](const FeedItem& item) { return item.url.empty(); }),
      feed.items.end());
  for (FeedItem& item : feed.items) {
    if (item.hints.language().empty()) item.hints.set_language(wide.language);
    if (item.hints.authors().empty()) {
      *item.hints.mutable_authors() = wide.authors;
    }
  }
  return feed;
}

}  // namespace dateline::fetcher

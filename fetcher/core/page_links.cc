#include "fetcher/core/page_links.h"

#include <lexbor/html/html.h>

#include <memory>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "common/url.h"
#include "fetcher/core/fetch_result.h"

namespace dateline::fetcher {
namespace {

constexpr size_t kMostLinks = 5000;
constexpr size_t kMostFeeds = 50;

struct DocumentDeleter {
  void operator()(lxb_html_document_t* document) const {
    lxb_html_document_destroy(document);
  }
};

absl::string_view AttributeOf(lxb_dom_node_t* node, absl::string_view name) {
  size_t size = 0;
  const lxb_char_t* value = lxb_dom_element_get_attribute(
      lxb_dom_interface_element(node),
      reinterpret_cast<const lxb_char_t*>(name.data()), name.size(), &size);
  if (value == nullptr) return "";
  return {reinterpret_cast<const char*>(value), size};
}

bool HasWord(absl::string_view value, absl::string_view word) {
  for (const absl::string_view each :
       absl::StrSplit(value, absl::ByAnyChar(" \t\r\n"))) {
    if (absl::EqualsIgnoreCase(each, word)) return true;
  }
  return false;
}

bool IsFeed(lxb_dom_node_t* link) {
  if (!HasWord(AttributeOf(link, "rel"), "alternate")) return false;
  const std::string type =
      ParseContentType(AttributeOf(link, "type")).media_type;
  return type == "application/rss+xml" || type == "application/atom+xml" ||
         type == "application/feed+json";
}

// Collects in the document's order, without recursion.
class Collector {
 public:
  explicit Collector(absl::string_view url) : base_(url) {}

  void Visit(lxb_dom_node_t* node) {
    switch (node->local_name) {
      case LXB_TAG_BASE:
        if (!has_base_) SetBase(AttributeOf(node, "href"));
        break;
      case LXB_TAG_A:
      case LXB_TAG_AREA:
        if (!HasWord(AttributeOf(node, "rel"), "nofollow")) {
          Add(AttributeOf(node, "href"), kMostLinks, seen_links_, found_.links);
        }
        break;
      case LXB_TAG_LINK:
        if (IsFeed(node)) {
          Add(AttributeOf(node, "href"), kMostFeeds, seen_feeds_, found_.feeds);
        }
        break;
      default:
        break;
    }
  }

  PageLinks Found() && { return std::move(found_); }

 private:
  void SetBase(absl::string_view href) {
    absl::StatusOr<std::string> base = ResolveUrl(base_, href);
    if (href.empty() || !base.ok()) return;
    base_ = *std::move(base);
    has_base_ = true;
  }

  void Add(absl::string_view href, size_t most,
           absl::flat_hash_set<std::string>& seen,
           std::vector<std::string>& found) const {
    href = absl::StripAsciiWhitespace(href);
    if (href.empty() || href[0] == '#' || found.size() == most) return;
    absl::StatusOr<std::string> url = ResolveUrl(base_, href);
    if (url.ok() && seen.insert(*url).second) {
      found.push_back(*std::move(url));
    }
  }

  std::string base_;
  bool has_base_ = false;
  absl::flat_hash_set<std::string> seen_links_;
  absl::flat_hash_set<std::string> seen_feeds_;
  PageLinks found_;
};

lxb_dom_node_t* NextInOrder(lxb_dom_node_t* node) {
  if (node->first_child != nullptr) return node->first_child;
  while (node != nullptr && node->next == nullptr) node = node->parent;
  return node == nullptr ? nullptr : node->next;
}

}  // namespace

PageLinks ReadPageLinks(absl::string_view html, absl::string_view url) {
  const std::unique_ptr<lxb_html_document_t, DocumentDeleter> document(
      lxb_html_document_create());
  Collector collector(url);
  if (document == nullptr ||
      lxb_html_document_parse(document.get(),
                              reinterpret_cast<const lxb_char_t*>(html.data()),
                              html.size()) != LXB_STATUS_OK) {
    return std::move(collector).Found();
  }
  lxb_dom_node_t* node = lxb_dom_interface_node(document.get())->first_child;
  for (; node != nullptr; node = NextInOrder(node)) {
    if (node->type == LXB_DOM_NODE_TYPE_ELEMENT) collector.Visit(node);
  }
  return std::move(collector).Found();
}

bool MayBeArticle(absl::string_view link, absl::string_view page_url) {
  const absl::StatusOr<Url> to = ParseUrl(link);
  const absl::StatusOr<Url> from = ParseUrl(page_url);
  if (!to.ok() || !from.ok()) return false;
  if (RegistrableDomain(to->host) != RegistrableDomain(from->host) ||
      to->port != from->port || (to->path == "/" && to->query.empty())) {
    return false;
  }
  const std::string path = absl::AsciiStrToLower(to->path);
  for (const char* ending :
       {".jpg", ".jpeg", ".png", ".gif", ".webp", ".svg", ".ico", ".css", ".js",
        ".pdf", ".mp3", ".mp4", ".zip", ".gz", ".xml", ".rss", ".json"}) {
    if (absl::EndsWith(path, ending)) return false;
  }
  return true;
}

}  // namespace dateline::fetcher

#include "fetcher/core/sitemap/sitemap_xml.h"

#include <libxml/parser.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/url.h"
#include "common/utf8.h"
#include "fetcher/core/feed_time.h"
#include "fetcher/core/plain_text.h"
#include "fetcher/core/xml_errors.h"

namespace dateline::fetcher {
namespace {

constexpr size_t kLongestText = 16 * 1024;
constexpr size_t kLongestTitle = 1024;
constexpr size_t kLongestName = 256;
constexpr int kMostKeywords = 64;
constexpr size_t kChunkBytes = 64 * 1024;
// What libxml2 wants to see at once, to detect the encoding.
constexpr size_t kFirstBytes = 4;
// Sitemaps have no document type; hostile ones have long ones.
constexpr size_t kLongestProlog = 256 * 1024;

absl::string_view View(const xmlChar* text) {
  if (text == nullptr) return "";
  return reinterpret_cast<const char*>(text);
}

enum class Element {
  kOther,  // none of the protocol's
  kUrlset,
  kIndex,
  kUrl,
  kSitemap,
  kLoc,
  kLastmod,
  kNews,
  kPublication,
  kDate,
  kTitle,
  kKeywords,
  kName,
  kLanguage,
};

// By local name: sitemaps mix their namespaces up. image:loc is no loc by where
// it stands.
Element ElementIn(Element parent, absl::string_view name) {
  struct Place {
    Element parent;
    absl::string_view name;
    Element element;
  };
  static constexpr Place kPlaces[] = {
      {Element::kUrlset, "url", Element::kUrl},
      {Element::kIndex, "sitemap", Element::kSitemap},
      {Element::kUrl, "loc", Element::kLoc},
      {Element::kUrl, "lastmod", Element::kLastmod},
      {Element::kUrl, "news", Element::kNews},
      {Element::kSitemap, "loc", Element::kLoc},
      {Element::kSitemap, "lastmod", Element::kLastmod},
      {Element::kNews, "publication", Element::kPublication},
      {Element::kNews, "publication_date", Element::kDate},
      {Element::kNews, "title", Element::kTitle},
      {Element::kNews, "keywords", Element::kKeywords},
      {Element::kPublication, "name", Element::kName},
      {Element::kPublication, "language", Element::kLanguage},
      {Element::kOther, "urlset", Element::kUrlset},
      {Element::kOther, "sitemapindex", Element::kIndex},
  };
  for (const Place& place : kPlaces) {
    if (place.parent == parent && place.name == name) return place.element;
  }
  return Element::kOther;
}

void SetKeywords(absl::string_view text, v1::SourceHints& hints) {
  for (const absl::string_view part : absl::StrSplit(text, ',')) {
    std::string keyword = PlainText(part, kLongestName);
    auto& keywords = *hints.mutable_keywords();
    if (keyword.empty() || keywords.size() >= kMostKeywords ||
        std::find(keywords.begin(), keywords.end(), keyword) !=
            keywords.end()) {
      continue;
    }
    *keywords.Add() = std::move(keyword);
  }
}

// Makes a Sitemap of the events of a parser.
class Builder {
 public:
  explicit Builder(absl::string_view base_url) : base_url_(base_url) {}

  void Open(absl::string_view name, bool has_prefix) {
    if (!has_prefix && !open_.empty() && IsEntry(open_.front(), name)) {
      // Where end tags are wrong, the last entry still seems to be open.
      open_.resize(1);
      others_ = 0;
    }
    const Element parent = open_.empty() ? Element::kOther : open_.back();
    const Element element =
        others_ > 0 ? Element::kOther : ElementIn(parent, name);
    if (open_.empty() && root_.empty()) {
      root_ = ValidUtf8(name.substr(0, 64));
      is_sitemap_ = element != Element::kOther;
    }
    if (element == Element::kOther) {
      ++others_;
      return;
    }
    open_.push_back(element);
    text_.clear();
    if (element == Element::kUrl || element == Element::kSitemap) entry_ = {};
  }

  void Text(absl::string_view text) {
    if (others_ > 0 || open_.empty()) return;
    const size_t room = kLongestText - std::min(kLongestText, text_.size());
    text_.append(text.data(), std::min(room, text.size()));
  }

  void Close() {
    if (others_ > 0) {
      --others_;
      return;
    }
    if (open_.empty()) return;
    text_ = ValidUtf8(text_);
    Finish(open_.back());
    open_.pop_back();
    is_closed_ = open_.empty();
  }

  const std::string& root() const { return root_; }
  bool is_sitemap() const { return is_sitemap_; }
  bool is_full() const { return is_full_; }
  // Nothing more is worth reading.
  bool is_done() const { return is_full_ || (!root_.empty() && !is_sitemap_); }

  Sitemap Take() && {
    sitemap_.complete = is_closed_ && !is_full_;
    return std::move(sitemap_);
  }

 private:
  static bool IsEntry(Element root, absl::string_view name) {
    const Element element = ElementIn(root, name);
    return element == Element::kUrl || element == Element::kSitemap;
  }

  void Finish(Element element);
  void FinishEntry(bool is_nested);

  std::string base_url_;
  Sitemap sitemap_;
  std::string root_;
  bool is_sitemap_ = false;
  bool is_closed_ = false;
  bool is_full_ = false;
  std::vector<Element> open_;
  int others_ = 0;  // how many elements of others are open
  std::string text_;
  SitemapEntry entry_;
};

void Builder::Finish(Element element) {
  v1::SourceHints& hints = entry_.hints;
  switch (element) {
    case Element::kLoc:
      entry_.url = std::string(absl::StripAsciiWhitespace(text_));
      break;
    case Element::kLastmod:
      if (auto time = ParseFeedTime(text_))
        *hints.mutable_modified_time() = *time;
      break;
    case Element::kDate:
      if (auto time = ParseFeedTime(text_))
        *hints.mutable_publish_time() = *time;
      break;
    case Element::kTitle:
      hints.set_title(PlainText(text_, kLongestTitle));
      break;
    case Element::kKeywords:
      SetKeywords(text_, hints);
      break;
    case Element::kName:
      hints.set_publisher(PlainText(text_, kLongestName));
      break;
    case Element::kLanguage:
      hints.set_language(PlainText(text_, kLongestName));
      break;
    case Element::kUrl:
    case Element::kSitemap:
      FinishEntry(element == Element::kSitemap);
      break;
    default:
      break;
  }
}

void Builder::FinishEntry(bool is_nested) {
  absl::StatusOr<std::string> url =
      entry_.url.empty() ? absl::InvalidArgumentError("there is no loc")
                         : ResolveUrl(base_url_, entry_.url);
  if (!url.ok()) {
    ++sitemap_.invalid_entries;
    return;
  }
  if (sitemap_.entries.size() + sitemap_.sitemaps.size() >=
      kMaxSitemapEntries) {
    is_full_ = true;
    return;
  }
  if (is_nested) {
    NestedSitemap& nested = sitemap_.sitemaps.emplace_back();
    nested.url = *std::move(url);
    if (entry_.hints.has_modified_time()) {
      nested.modified_time = entry_.hints.modified_time();
    }
  } else {
    entry_.url = *std::move(url);
    sitemap_.entries.push_back(std::move(entry_));
  }
}

// libxml2's push parser, with none of its callbacks for declarations: what a
// document type declares is lost, so that there is nothing to expand or load.
class Parser {
 public:
  Parser(absl::string_view start, Builder& builder) : builder_(builder) {
    xmlSAXHandler handler;
    std::memset(&handler, 0, sizeof(handler));
    handler.initialized = XML_SAX2_MAGIC;
    handler.startElementNs = OnStart;
    handler.endElementNs = OnEnd;
    handler.characters = OnText;
    handler.cdataBlock = OnText;
    handler.getEntity = OnEntity;
    context_ = xmlCreatePushParserCtxt(&handler, this, start.data(),
                                       static_cast<int>(start.size()), nullptr);
    if (context_ == nullptr) return;
    // Without a document, libxml2 makes one to keep entities in.
    context_->myDoc = xmlNewDoc(nullptr);
    xmlCtxtUseOptions(context_, kRecoveringXmlOptions);
  }
  ~Parser() {
    if (context_ == nullptr) return;
    xmlFreeDoc(context_->myDoc);
    context_->myDoc = nullptr;
    xmlFreeParserCtxt(context_);
  }
  Parser(const Parser&) = delete;
  Parser& operator=(const Parser&) = delete;

  void Feed(absl::string_view chunk, bool is_last) {
    if (context_ == nullptr) return;
    xmlParseChunk(context_, chunk.data(), static_cast<int>(chunk.size()),
                  is_last ? 1 : 0);
  }

  bool is_in_document_type() const {
    return context_ != nullptr && context_->inSubset != 0;
  }

 private:
  static void OnStart(void* self, const xmlChar* name, const xmlChar* prefix,
                      const xmlChar*, int, const xmlChar**, int, int,
                      const xmlChar**) {
    Parser& parser = *static_cast<Parser*>(self);
    parser.builder_.Open(View(name), prefix != nullptr);
    parser.StopWhenDone();
  }
  static void OnEnd(void* self, const xmlChar*, const xmlChar*,
                    const xmlChar*) {
    Parser& parser = *static_cast<Parser*>(self);
    parser.builder_.Close();
    parser.StopWhenDone();
  }
  static void OnText(void* self, const xmlChar* text, int size) {
    static_cast<Parser*>(self)->builder_.Text(
        {reinterpret_cast<const char*>(text),
         static_cast<size_t>(std::max(size, 0))});
  }
  static xmlEntity* OnEntity(void* self, const xmlChar* name) {
    return RecoveringEntity(static_cast<Parser*>(self)->context_, name);
  }

  void StopWhenDone() {
    if (builder_.is_done()) xmlStopParser(context_);
  }

  const SilentXmlErrors silence_;
  Builder& builder_;
  xmlParserCtxt* context_ = nullptr;
};

}  // namespace

absl::StatusOr<Sitemap> ParseSitemapXml(absl::string_view xml,
                                        absl::string_view base_url) {
  Builder builder(base_url);
  Parser parser(xml.substr(0, kFirstBytes), builder);
  size_t fed = std::min(xml.size(), kFirstBytes);
  while (fed < xml.size() && !builder.is_done()) {
    const absl::string_view chunk = xml.substr(fed, kChunkBytes);
    fed += chunk.size();
    parser.Feed(chunk, fed == xml.size());
    if (fed > kLongestProlog && parser.is_in_document_type()) {
      return absl::InvalidArgumentError("its document type is too long");
    }
  }
  if (builder.root().empty()) {
    return absl::InvalidArgumentError("it is not XML");
  }
  if (!builder.is_sitemap()) {
    return absl::InvalidArgumentError(
        absl::StrCat("its root element is \"", builder.root(),
                     "\", neither urlset nor sitemapindex"));
  }
  return std::move(builder).Take();
}

}  // namespace dateline::fetcher

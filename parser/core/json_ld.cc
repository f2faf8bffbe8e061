#include "parser/core/json_ld.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "simdjson.h"

namespace dateline {
namespace {

using Element = simdjson::dom::element;
using Object = simdjson::dom::object;

constexpr size_t kMostBytes = size_t{2} << 20;
constexpr size_t kMostValues = 20000;
constexpr size_t kMostDepth = 64;
constexpr size_t kMostNames = 60;

// A property's value, or nothing where the object hasn't got it.
absl::optional<Element> Get(const Object& object, absl::string_view key) {
  Element value;
  if (object.at_key({key.data(), key.size()}).get(value) != simdjson::SUCCESS) {
    return absl::nullopt;
  }
  return value;
}

absl::string_view StringOf(const Element& value) {
  std::string_view text;
  if (value.get(text) != simdjson::SUCCESS) return "";
  return {text.data(), text.size()};
}

// The values of what may be one value or an array (also {"@list": [...]}).
std::vector<Element> ListOf(Element value) {
  std::vector<Element> all;
  simdjson::dom::array array;
  Object object;
  if (value.get(object) == simdjson::SUCCESS) {
    value = Get(object, "@list").value_or(value);
  }
  if (value.get(array) != simdjson::SUCCESS) return {value};
  for (const Element item : array) {
    if (all.size() >= kMostValues) break;
    all.push_back(item);
  }
  return all;
}

std::vector<Element> ListAt(const Object& object, absl::string_view key) {
  const absl::optional<Element> value = Get(object, key);
  return value.has_value() ? ListOf(*value) : std::vector<Element>();
}

// The first string at `key`: itself, in an array, or an object's `name`,
// `@value`, `url` or `@id`.
std::string TextAt(const Object& object, absl::string_view key) {
  for (const Element& value : ListAt(object, key)) {
    Object inner;
    absl::string_view text = StringOf(value);
    if (value.get(inner) == simdjson::SUCCESS) {
      for (const char* name : {"@value", "name", "url", "@id"}) {
        const absl::optional<Element> part = Get(inner, name);
        if (part.has_value() && text.empty()) text = StringOf(*part);
      }
    }
    if (!text.empty()) return std::string(text);
    int64_t number = 0;
    if (value.get(number) == simdjson::SUCCESS) return std::to_string(number);
  }
  return "";
}

std::string TextOfAny(const Object& object,
                      std::initializer_list<const char*> keys) {
  for (const char* key : keys) {
    std::string text = TextAt(object, key);
    if (!text.empty()) return text;
  }
  return "";
}

int NumberAt(const Object& object, absl::string_view key) {
  const std::string text = TextAt(object, key);
  int number = 0;
  for (const char c : text) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(c))) break;
    if (number < 1000000) number = number * 10 + (c - '0');
  }
  return number;
}

absl::string_view ShortType(absl::string_view type) {
  const size_t slash = type.find_last_of("/:#");
  return slash == absl::string_view::npos ? type : type.substr(slash + 1);
}

std::vector<std::string> TypesOf(const Object& object) {
  std::vector<std::string> types;
  for (const Element& value : ListAt(object, "@type")) {
    const absl::string_view type = ShortType(StringOf(value));
    if (!type.empty() && types.size() < 8) types.emplace_back(type);
  }
  return types;
}

enum class NodeKind { kOther, kWebPage, kWork, kArticle, kNews };

NodeKind KindOf(const std::vector<std::string>& types) {
  NodeKind best = NodeKind::kOther;
  for (const std::string& type : types) {
    NodeKind kind = NodeKind::kOther;
    if (absl::EndsWith(type, "NewsArticle") || type == "LiveBlogPosting") {
      kind = NodeKind::kNews;
    } else if (absl::EndsWith(type, "Article") ||
               absl::EndsWith(type, "Posting") || type == "Report") {
      kind = type == "JobPosting" ? NodeKind::kOther : NodeKind::kArticle;
    } else if (type == "Review" || type == "Recipe" || type == "CreativeWork" ||
               type == "VideoObject" || type == "PodcastEpisode" ||
               type == "Question") {
      kind = NodeKind::kWork;
    } else if (absl::EndsWith(type, "Page")) {
      kind = NodeKind::kWebPage;
    }
    best = std::max(best, kind);
  }
  return best;
}

struct Node {
  Object object;
  std::vector<std::string> types;
  NodeKind kind;
  int score = 0;
};

// Properties that lead to works other than the page's own.
bool LeadsElsewhere(absl::string_view key) {
  for (const char* name :
       {"itemListElement", "hasPart",         "mentions",
        "citation",        "isPartOf",        "relatedLink",
        "isBasedOn",       "comment",         "review",
        "liveBlogUpdate",  "workExample",     "blogPost",
        "itemReviewed",    "associatedMedia", "suggestedAnswer",
        "acceptedAnswer",  "image",           "video",
        "subjectOf",       "publisher",       "author"}) {
    if (key == name) return true;
  }
  return false;
}

// Host and path without trailing slash, for comparing what names a page.
absl::string_view PathOf(absl::string_view url) {
  const size_t scheme = url.find("://");
  if (scheme != absl::string_view::npos) url.remove_prefix(scheme + 3);
  url = absl::StripPrefix(url, "www.");
  url = url.substr(0, std::min(url.find_first_of("?#"), url.size()));
  while (absl::ConsumeSuffix(&url, "/")) {
  }
  return url;
}

// Collects the nodes of all graphs of a page, and those that have an `@id`.
class Graph {
 public:
  explicit Graph(absl::string_view url) : page_(PathOf(url)) {}

  void Add(const Element& root) {
    struct Item {
      Element value;
      size_t depth;
      bool elsewhere;
    };
    std::vector<Item> open = {{root, 0, false}};
    while (!open.empty() && visited_ < kMostValues) {
      const Item item = open.back();
      open.pop_back();
      ++visited_;
      simdjson::dom::array array;
      Object object;
      if (item.depth > kMostDepth) continue;
      const size_t mark = open.size();
      if (item.value.get(array) == simdjson::SUCCESS) {
        for (const Element inner : array) {
          open.push_back({inner, item.depth + 1, item.elsewhere});
        }
      } else if (item.value.get(object) == simdjson::SUCCESS) {
        AddNode(object, item.elsewhere);
        for (const auto& field : object) {
          if (!field.value.is<Object>() &&
              !field.value.is<simdjson::dom::array>()) {
            continue;
          }
          const absl::string_view key(field.key.data(), field.key.size());
          open.push_back({field.value, item.depth + 1,
                          item.elsewhere || LeadsElsewhere(key)});
        }
      }
      std::reverse(open.begin() + static_cast<std::ptrdiff_t>(mark),
                   open.end());
    }
  }

  // An object that is only a reference, as the object it refers to.
  Object Resolve(const Object& object) const {
    const absl::optional<Element> id = Get(object, "@id");
    if (!id.has_value() || Get(object, "name").has_value()) return object;
    const auto found = by_id_.find(std::string(StringOf(*id)));
    return found == by_id_.end() ? object : found->second;
  }

  const std::vector<Node>& nodes() const { return nodes_; }

 private:
  void AddNode(const Object& object, bool elsewhere) {
    const absl::optional<Element> id = Get(object, "@id");
    if (id.has_value() && object.size() > 1) {
      Object& known = by_id_[std::string(StringOf(*id))];
      const bool better =
          by_id_.size() > known_ids_ || object.size() > known.size();
      if (better) known = object;
      known_ids_ = by_id_.size();
    }
    std::vector<std::string> types = TypesOf(object);
    const NodeKind kind = KindOf(types);
    if (kind == NodeKind::kOther) return;
    Node node{object, std::move(types), kind, 0};
    node.score = ScoreOf(node, elsewhere);
    nodes_.push_back(std::move(node));
  }

  int ScoreOf(const Node& node, bool elsewhere) const {
    int score = 4 * static_cast<int>(node.kind) - (elsewhere ? 20 : 0);
    for (const char* key : {"headline", "datePublished", "author"}) {
      if (Get(node.object, key).has_value()) score += 2;
    }
    if (Get(node.object, "articleBody").has_value()) score += 3;
    if (!page_.empty()) {
      bool names = false, matches = false;
      for (const char* key : {"url", "mainEntityOfPage", "@id"}) {
        const std::string url = IdAt(node.object, key);
        if (url.find("://") == std::string::npos) continue;
        names = true;
        matches |= PathOf(url) == page_;
      }
      score += matches ? 8 : names ? -3 : 0;
    }
    return score;
  }

  static std::string IdAt(const Object& object, absl::string_view key) {
    const absl::optional<Element> value = Get(object, key);
    if (!value.has_value()) return "";
    Object inner;
    if (value->get(inner) != simdjson::SUCCESS) {
      return std::string(StringOf(*value));
    }
    const std::string id = TextAt(inner, "@id");
    return id.empty() ? TextAt(inner, "url") : id;
  }

  const absl::string_view page_;
  size_t visited_ = 0;
  size_t known_ids_ = 0;
  std::vector<Node> nodes_;
  absl::flat_hash_map<std::string, Object> by_id_;
};

void AddAgent(const Graph& graph, const Element& value,
              std::vector<JsonLdAgent>* agents) {
  if (agents->size() >= kMostNames) return;
  Object object;
  if (value.get(object) != simdjson::SUCCESS) {
    const absl::string_view name = StringOf(value);
    if (!name.empty()) agents->push_back({std::string(name), "", ""});
    return;
  }
  object = graph.Resolve(object);
  const std::vector<std::string> types = TypesOf(object);
  JsonLdAgent agent;
  agent.type = types.empty() ? "" : types.front();
  agent.url = TextAt(object, "url");
  for (const Element& name : ListAt(object, "name")) {
    agent.name = std::string(StringOf(name));
    if (!agent.name.empty() && agents->size() < kMostNames) {
      agents->push_back(agent);
    }
  }
  if (agent.name.empty()) {
    const std::string given = TextAt(object, "givenName");
    const std::string family = TextAt(object, "familyName");
    if (family.empty()) return;
    agent.name = given.empty() ? family : given + " " + family;
    agents->push_back(agent);
  }
}

std::vector<JsonLdAgent> AgentsAt(const Graph& graph, const Object& object,
                                  absl::string_view key) {
  std::vector<JsonLdAgent> agents;
  for (const Element& value : ListAt(object, key)) {
    AddAgent(graph, value, &agents);
  }
  return agents;
}

std::vector<std::string> NamesAt(const Object& object, absl::string_view key) {
  std::vector<std::string> names;
  for (const Element& value : ListAt(object, key)) {
    Object inner;
    std::string name(StringOf(value));
    if (value.get(inner) == simdjson::SUCCESS) name = TextAt(inner, "name");
    if (!name.empty() && names.size() < 200) names.push_back(std::move(name));
  }
  return names;
}

std::vector<JsonLdImage> ImagesAt(const Graph& graph, const Object& object) {
  std::vector<JsonLdImage> images;
  for (const Element& value : ListAt(object, "image")) {
    if (images.size() >= 20) break;
    Object inner;
    JsonLdImage image;
    if (value.get(inner) == simdjson::SUCCESS) {
      inner = graph.Resolve(inner);
      image.url = TextOfAny(inner, {"contentUrl", "url", "@id"});
      image.caption = TextOfAny(inner, {"caption", "description"});
      image.credit = TextOfAny(inner, {"creditText", "author", "creator"});
      image.width = NumberAt(inner, "width");
      image.height = NumberAt(inner, "height");
    } else {
      image.url = std::string(StringOf(value));
    }
    if (!image.url.empty()) images.push_back(std::move(image));
  }
  return images;
}

absl::optional<bool> BoolAt(const Object& object, absl::string_view key) {
  const absl::optional<Element> value = Get(object, key);
  if (!value.has_value()) return absl::nullopt;
  bool truth = false;
  if (value->get(truth) == simdjson::SUCCESS) return truth;
  const absl::string_view text = ShortType(StringOf(*value));
  if (absl::EqualsIgnoreCase(text, "true")) return true;
  if (absl::EqualsIgnoreCase(text, "false")) return false;
  return absl::nullopt;
}

std::vector<JsonLdLiveUpdate> LiveUpdatesAt(const Graph& graph,
                                            const Object& object) {
  std::vector<JsonLdLiveUpdate> updates;
  for (const Element& value : ListAt(object, "liveBlogUpdate")) {
    Object inner;
    // One more than are written says that there are more.
    if (updates.size() > kMostLiveUpdates) break;
    if (value.get(inner) != simdjson::SUCCESS) continue;
    inner = graph.Resolve(inner);
    updates.push_back({TextOfAny(inner, {"headline", "name"}),
                       TextOfAny(inner, {"datePublished", "dateModified"}),
                       TextOfAny(inner, {"articleBody", "text"}),
                       TextOfAny(inner, {"url", "@id"}),
                       AgentsAt(graph, inner, "author")});
  }
  return updates;
}

// Fills what `article` leaves open from `node`.
void Fill(const Graph& graph, const Node& node, JsonLdArticle* article) {
  const Object& o = node.object;
  const auto fill = [&o](std::string* field,
                         std::initializer_list<const char*> keys) {
    if (field->empty()) *field = TextOfAny(o, keys);
  };
  fill(&article->headline, {"headline"});
  fill(&article->name, {"name"});
  fill(&article->alternative_headline,
       {"alternativeHeadline", "alternateName"});
  fill(&article->description, {"description"});
  fill(&article->article_body, {"articleBody", "text"});
  fill(&article->date_published, {"datePublished", "uploadDate"});
  fill(&article->date_modified, {"dateModified"});
  fill(&article->date_created, {"dateCreated"});
  fill(&article->url, {"url"});
  fill(&article->in_language, {"inLanguage"});
  if (article->authors.empty()) {
    article->authors = AgentsAt(graph, o, "author");
  }
  if (article->authors.empty()) {
    article->authors = AgentsAt(graph, o, "creator");
  }
  if (article->sections.empty()) {
    article->sections = NamesAt(o, "articleSection");
  }
  if (article->keywords.empty()) article->keywords = NamesAt(o, "keywords");
  if (article->about.empty()) article->about = NamesAt(o, "about");
  if (article->images.empty()) article->images = ImagesAt(graph, o);
  if (!article->is_accessible_for_free.has_value()) {
    article->is_accessible_for_free = BoolAt(o, "isAccessibleForFree");
  }
  const std::vector<JsonLdAgent> publishers = AgentsAt(graph, o, "publisher");
  if (article->publisher.name.empty() && !publishers.empty()) {
    article->publisher = publishers.front();
  }
  if (article->live_updates.empty()) {
    article->live_updates = LiveUpdatesAt(graph, o);
  }
}

JsonLdArticle ArticleOf(const Graph& graph) {
  JsonLdArticle article;
  const Node* best = nullptr;
  for (const Node& node : graph.nodes()) {
    if (best == nullptr || node.score > best->score) best = &node;
  }
  if (best == nullptr || best->score < 0) return article;
  article.found = best->kind >= NodeKind::kArticle;
  article.types = best->types;
  Fill(graph, *best, &article);
  const std::string headline = article.headline;
  for (const Node& node : graph.nodes()) {
    if (&node == best || node.score < 0) continue;
    const bool same =
        node.kind <= NodeKind::kWebPage ||
        (!headline.empty() && TextAt(node.object, "headline") == headline);
    if (!same) continue;
    Fill(graph, node, &article);
    for (const std::string& type : node.types) article.types.push_back(type);
  }
  return article;
}

}  // namespace

JsonLdArticle ReadJsonLd(const std::vector<std::string>& scripts,
                         absl::string_view url) {
  Graph graph(url);
  std::vector<std::unique_ptr<simdjson::dom::parser>> parsers;
  size_t bytes = 0;
  for (const std::string& script : scripts) {
    bytes += script.size();
    if (bytes > kMostBytes || parsers.size() >= 50) break;
    auto parser = std::make_unique<simdjson::dom::parser>();
    Element root;
    if (parser->parse(script).get(root) != simdjson::SUCCESS &&
        parser->parse(MendJson(script)).get(root) != simdjson::SUCCESS) {
      continue;
    }
    parsers.push_back(std::move(parser));
    graph.Add(root);
  }
  return ArticleOf(graph);
}

}  // namespace dateline

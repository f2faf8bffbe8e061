#include "parser/core/authors.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "parser/core/byline.h"
#include "parser/core/metadata_class_words.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

struct Name {
  std::string name;
  std::string url;
  bool is_organisation = false;
};

// The names one source gives.
struct AuthorSource {
  v1::EvidenceSource source;
  std::string detail;
  std::vector<Name> names;
};

class AuthorReader {
 public:
  AuthorReader(const MetadataInput& input, const Node* headline,
               const std::string& publisher)
      : input_(input), headline_(headline), publisher_(publisher) {}

  std::vector<AuthorSource> Sources() {
    FromJsonLd();
    FromMetas();
    FromProperties();
    FromBylines();
    if (!HasPerson()) FromTextNearHeadline();
    FromFeed();
    return std::move(sources_);
  }

  v1::AuthorKind KindOf(const Name& name) const {
    const v1::AuthorKind kind = KindOfName(name.name, publisher_);
    return kind == v1::AUTHOR_KIND_PERSON && name.is_organisation
               ? v1::AUTHOR_KIND_ORGANIZATION
               : kind;
  }

  const std::vector<const Node*>& byline_nodes() const { return nodes_; }

 private:
  void Add(v1::EvidenceSource source, absl::string_view detail,
           std::vector<Name> names) {
    if (names.empty()) return;
    sources_.push_back({source, std::string(detail), std::move(names)});
  }

  static void Append(absl::string_view text, absl::string_view url,
                     bool is_organisation, std::vector<Name>* names) {
    for (std::string& name : NamesInByline(text)) {
      const bool known =
          std::any_of(names->begin(), names->end(), [&name](const Name& other) {
            return ToLower(other.name) == ToLower(name);
          });
      if (!known) {
        names->push_back({std::move(name), std::string(url), is_organisation});
      }
    }
  }

  void FromJsonLd() {
    std::vector<Name> names;
    for (const JsonLdAgent& agent : input_.json_ld.authors) {
      const bool organisation = absl::EndsWith(agent.type, "Organization") ||
                                agent.type == "Corporation";
      if (organisation) {
        const std::string name = PlainText(agent.name);
        if (!name.empty() && !absl::StrContains(name, "://")) {
          names.push_back({name, agent.url, true});
        }
      } else {
        Append(agent.name, agent.url, false, &names);
      }
    }
    Add(v1::EVIDENCE_SOURCE_JSON_LD, "author", std::move(names));
  }

  void FromMetas() {
    for (const char* name :
         {"article:author_name", "author", "byl", "article:author",
          "og:article:author", "og:author", "parsely-author", "sailthru.author",
          "cxenseparse:author", "citation_author", "dc.creator", "dc:creator",
          "dcterms.creator", "articleauthor", "authors", "dc.contributor",
          "mrf:authors", "twitter:creator"}) {
      std::vector<Name> names;
      for (const absl::string_view content : input_.scan.Metas(name)) {
        if (absl::StartsWith(content, "@") ||
            absl::StrContains(content, "://")) {
          continue;
        }
        Append(content, "", false, &names);
      }
      Add(v1::EVIDENCE_SOURCE_META, name, std::move(names));
    }
    FromTwitterLabels();
  }

  // Some content systems put "Written by" and the name into a card's label.
  void FromTwitterLabels() {
    for (const char* digit : {"1", "2"}) {
      const std::string label =
          ToLower(input_.scan.Meta(absl::StrCat("twitter:label", digit)));
      const bool is_author = absl::StrContains(label, "written by") ||
                             absl::StrContains(label, "verfasst von") ||
                             absl::StrContains(label, "geschrieben von") ||
                             absl::StrContains(label, "écrit par") ||
                             absl::StrContains(label, "escrito por") ||
                             absl::StrContains(label, "scritto da") ||
                             absl::StrContains(label, "geschreven door") ||
                             absl::StrContains(label, "skrevet a") ||
                             absl::StrContains(label, "skriven av");
      if (!is_author) continue;
      std::vector<Name> names;
      Append(input_.scan.Meta(absl::StrCat("twitter:data", digit)), "", false,
             &names);
      Add(v1::EVIDENCE_SOURCE_META, absl::StrCat("twitter:data", digit),
          std::move(names));
    }
  }

  void FromProperties() {
    std::vector<Name> names;
    for (const ItemProperty& property : input_.scan.item_properties) {
      if (property.name != "author" || property.spot.elsewhere ||
          TagOf(property.spot.node) == LXB_TAG_META) {
        continue;
      }
      AppendElement(property.spot.node, &names);
    }
    Add(v1::EVIDENCE_SOURCE_MICRODATA, "itemprop=author", std::move(names));
  }

  // The name inside an author element: that of its own `name` property, of its
  // links, or its text.
  void AppendElement(Node* node, std::vector<Name>* names) {
    std::vector<Name> found;
    for (Node* at = NextNode(node, node); at != nullptr;
         at = NextNode(at, node)) {
      if (!IsElement(at)) continue;
      if (Attribute(at, "itemprop") == "name") {
        absl::string_view content = Attribute(at, "content");
        Append(content.empty() ? TextOf(at, 300) : std::string(content), "",
               false, &found);
      }
    }
    if (found.empty()) {
      const std::string text = TextOf(node, 400);
      if (text.size() <= 200) Append(text, "", false, &found);
      found.erase(std::remove_if(found.begin(), found.end(),
                                 [](const Name& name) {
                                   return !IsPlausibleName(name.name);
                                 }),
                  found.end());
    }
    for (Name& name : found) names->push_back(std::move(name));
  }

  // The elements whose class says that they are a byline; the first that gives
  // a name, and those like it close behind.
  void FromBylines() {
    std::vector<Name> names;
    size_t last = 0;
    const Node* last_node = nullptr;
    for (const Spot& spot : input_.scan.byline_spots) {
      if (spot.elsewhere ||
          (spot.words & (kAboutWord | kPhotoWord | kElsewhereWord)) != 0) {
        continue;
      }
      if (last_node != nullptr && spot.order > last + 25) break;
      std::vector<Name> found = NamesOfSpot(spot);
      if (found.empty()) continue;
      nodes_.push_back(spot.node);
      const bool inside =
          last_node != nullptr && Contains(last_node, spot.node);
      if (inside) {
        // The inner element knows the name better than the line around it.
        if ((spot.words & kNameWord) != 0 && !refined_) {
          names.clear();
          refined_ = true;
        } else if (!refined_) {
          continue;
        }
      } else {
        last_node = spot.node;
        refined_ = false;
      }
      last = spot.order;
      for (Name& name : found) {
        const bool known =
            std::any_of(names.begin(), names.end(), [&name](const Name& other) {
              return ToLower(other.name) == ToLower(name.name);
            });
        if (!known) names.push_back(std::move(name));
      }
    }
    Add(v1::EVIDENCE_SOURCE_MARKUP, "byline", std::move(names));
  }

  static bool Contains(const Node* outer, const Node* inner) {
    for (const Node* at = inner; at != nullptr; at = at->parent) {
      if (at == outer) return true;
    }
    return false;
  }

  std::vector<Name> NamesOfSpot(const Spot& spot) const {
    std::vector<Name> names;
    const std::string text = TextOf(spot.node, 400);
    if (text.empty() || text.size() > 160) return names;
    std::vector<Name> found;
    const absl::string_view href = Attribute(spot.node, "href");
    Append(text, href.empty() ? "" : input_.document.Resolve(href), false,
           &found);
    for (Name& name : found) {
      if (IsPlausibleName(name.name)) names.push_back(std::move(name));
    }
    // Half of what stands there is no name: neither is the rest.
    if (names.size() * 2 < found.size()) names.clear();
    return names;
  }

  bool HasPerson() const {
    for (const AuthorSource& source : sources_) {
      for (const Name& name : source.names) {
        if (KindOf(name) == v1::AUTHOR_KIND_PERSON) return true;
      }
    }
    return false;
  }

  // A short line behind the headline that begins like a byline.
  void FromTextNearHeadline() {
    if (headline_ == nullptr || input_.document.body() == nullptr) return;
    constexpr int kReach = 400;
    Node* const body = input_.document.body();
    Node* node = NextSkippingChildren(headline_, body);
    for (int i = 0; i < kReach && node != nullptr; ++i) {
      const absl::string_view data = absl::StripAsciiWhitespace(DataOf(node));
      if (data.size() < 3 || data.size() > 120 || !OpensByline(data)) {
        node = NextNode(node, body);
        continue;
      }
      const std::string line = TextOf(node->parent, 300);
      std::vector<Name> found;
      if (line.size() <= 120) Append(line, "", false, &found);
      const bool all = std::all_of(
          found.begin(), found.end(),
          [](const Name& name) { return IsPlausibleName(name.name); });
      if (!found.empty() && all) {
        nodes_.push_back(node->parent);
        return Add(v1::EVIDENCE_SOURCE_TEXT, "byline", std::move(found));
      }
      node = NextNode(node, body);
    }
  }

  void FromFeed() {
    std::vector<Name> names;
    for (const std::string& author : input_.page.hints().authors()) {
      Append(author, "", false, &names);
    }
    Add(v1::EVIDENCE_SOURCE_FEED, "authors", std::move(names));
  }

  const MetadataInput& input_;
  const Node* headline_;
  const std::string& publisher_;
  std::vector<AuthorSource> sources_;
  std::vector<const Node*> nodes_;
  bool refined_ = false;
};

// The source to believe: the first that names a person, else the first.
size_t BestSource(const AuthorReader& reader,
                  const std::vector<AuthorSource>& sources) {
  for (size_t i = 0; i < sources.size(); ++i) {
    for (const Name& name : sources[i].names) {
      if (reader.KindOf(name) == v1::AUTHOR_KIND_PERSON) return i;
    }
  }
  return 0;
}

std::string Joined(const std::vector<Name>& names) {
  return absl::StrJoin(names, "; ", [](std::string* out, const Name& name) {
    out->append(name.name);
  });
}

}  // namespace

void ReadAuthors(const MetadataInput& input, const Node* headline,
                 EvidenceLog& log, std::vector<const Node*>* byline_nodes,
                 v1::Article& article) {
  const std::string publisher = article.publisher().name();
  AuthorReader reader(input, headline, publisher);
  const std::vector<AuthorSource> sources = reader.Sources();
  *byline_nodes = reader.byline_nodes();
  if (sources.empty()) return;
  const size_t best = BestSource(reader, sources);
  for (size_t i = 0; i < sources.size(); ++i) {
    const AuthorSource& source = sources[i];
    if (i != best) {
      log.Lost("authors", source.source, source.detail, Joined(source.names));
      continue;
    }
    log.Won("authors", source.source, source.detail, Joined(source.names));
    for (const Name& name : source.names) {
      v1::Author& author = *article.add_authors();
      author.set_name(name.name);
      author.set_kind(reader.KindOf(name));
      if (!name.url.empty()) {
        author.set_url(input.document.Resolve(name.url));
      }
    }
  }
}

}  // namespace dateline

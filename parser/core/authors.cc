#include "parser/core/authors.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/url.h"
#include "parser/core/authors_choice.h"
#include "parser/core/byline.h"
#include "parser/core/metadata_class_words.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

using Name = AuthorName;

class AuthorReader {
 public:
  AuthorReader(const MetadataInput& input, const Node* headline,
               const std::string& publisher)
      : input_(input),
        headline_(headline),
        publisher_(publisher),
        host_(HostOf(input.document.url())) {}

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
    const v1::AuthorKind kind = KindOfName(name.name, publisher_, host_);
    return kind == v1::AUTHOR_KIND_PERSON && name.is_organisation
               ? v1::AUTHOR_KIND_ORGANIZATION
               : kind;
  }

  const std::vector<const Node*>& byline_nodes() const { return nodes_; }

 private:
  void Add(v1::EvidenceSource source, absl::string_view detail,
           std::vector<Name> names) {
    constexpr size_t kMostAuthors = 30;
    if (names.empty()) return;
    if (names.size() > kMostAuthors) names.resize(kMostAuthors);
    for (Name& name : names) name.kind = KindOf(name);
    sources_.push_back({source, std::string(detail), std::move(names)});
  }

  static void Append(absl::string_view text, absl::string_view url,
                     bool is_organisation, std::vector<Name>* names) {
    constexpr size_t kMostNames = 60;
    if (names->size() >= kMostNames) return;
    for (std::string& name : NamesInByline(text)) {
      const bool known =
          std::any_of(names->begin(), names->end(), [&name](const Name& other) {
            return ToLower(other.name) == ToLower(name);
          });
      if (!known) {
        names->push_back(
            {std::move(name), std::string(url), is_organisation, {}});
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
          names.push_back({name, agent.url, true, {}});
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
          "mrf:authors"}) {
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
    constexpr size_t kMostAuthors = 12;
    if (names.size() > kMostAuthors) names.clear();
    Add(v1::EVIDENCE_SOURCE_MICRODATA, "itemprop=author", std::move(names));
  }

  // The name inside an author element: that of its own `name` property, of its
  // links, or its text.
  void AppendElement(Node* node, std::vector<Name>* names) {
    std::vector<Name> found;
    constexpr int kMostNodes = 300;
    int nodes = 0;
    for (Node* at = NextNode(node, node); at != nullptr && nodes < kMostNodes;
         at = NextNode(at, node), ++nodes) {
      if (!IsElement(at)) continue;
      if (Attribute(at, "itemprop") == "name") {
        absl::string_view content = Attribute(at, "content");
        Append(content.empty() ? ShortTextOf(at, 300) : std::string(content),
               "", false, &found);
      }
    }
    if (found.empty()) {
      const std::string text = ShortTextOf(node, 400);
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
    for (const Spot& spot : SpotsByDistance()) {
      if (spot.elsewhere ||
          (spot.words & (kAboutWord | kPhotoWord | kElsewhereWord)) != 0) {
        continue;
      }
      if (last_node != nullptr &&
          (spot.order > last + 25 || spot.order < last)) {
        break;
      }
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
    DropExtended(&names);
    Add(v1::EVIDENCE_SOURCE_MARKUP, "byline", std::move(names));
  }

  // "Jane Doe, reporter" where "Jane Doe" stands already.
  static void DropExtended(std::vector<Name>* names) {
    const std::vector<Name> all = *names;
    const auto is_extended = [&all](const Name& name) {
      return std::any_of(all.begin(), all.end(), [&name](const Name& other) {
        return absl::StartsWith(name.name, other.name + " ");
      });
    };
    names->erase(std::remove_if(names->begin(), names->end(), is_extended),
                 names->end());
  }

  // The byline spots in document order, but from the nearest to the headline
  // on: first those behind it, then those before.
  std::vector<Spot> SpotsByDistance() const {
    std::vector<Spot> spots = input_.scan.byline_spots;
    size_t order = 0;
    for (const Spot& spot : input_.scan.headings) {
      if (spot.node == headline_) order = spot.order;
    }
    constexpr size_t kJustBefore = 40;
    const size_t begin = order > kJustBefore ? order - kJustBefore : 0;
    std::stable_partition(
        spots.begin(), spots.end(),
        [begin](const Spot& spot) { return spot.order >= begin; });
    return spots;
  }

  static bool Contains(const Node* outer, const Node* inner) {
    for (const Node* at = inner; at != nullptr; at = at->parent) {
      if (at == outer) return true;
    }
    return false;
  }

  static bool IsInFigure(const Node* node) {
    for (int i = 0; i < 8 && node != nullptr; ++i, node = node->parent) {
      const lxb_tag_id_t tag = TagOf(node);
      if (tag == LXB_TAG_FIGURE || tag == LXB_TAG_FIGCAPTION) return true;
    }
    return false;
  }

  // Whether a style sheet sets apart what markup does not: one element's text
  // ends with a letter, and the next begins with a capital.
  static bool MeetsWithoutSpace(absl::string_view before,
                                absl::string_view after) {
    if (before.size() < 3 || after.empty()) return false;
    const auto last = static_cast<unsigned char>(before.back());
    const auto first = static_cast<unsigned char>(after.front());
    const bool is_letter = absl::ascii_isalpha(last) || last >= 0x80;
    return is_letter && absl::ascii_isupper(first);
  }

  // The text of a byline, with "|" between elements that only style sets apart.
  static std::string BylineText(Node* node) {
    constexpr size_t kMost = 400;
    constexpr int kMostNodes = 300;
    std::string text;
    int nodes = 0;
    for (Node* at = node;
         at != nullptr && text.size() < kMost && nodes < kMostNodes;
         at = NextNode(at, node), ++nodes) {
      if (!IsText(at)) continue;
      const lxb_tag_id_t parent = TagOf(at->parent);
      if (parent == LXB_TAG_SCRIPT || parent == LXB_TAG_STYLE) continue;
      const absl::string_view data = TruncateUtf8(DataOf(at), kMost);
      absl::StrAppend(&text, MeetsWithoutSpace(text, data) ? " | " : "", data);
    }
    return CleanText(text);
  }

  std::vector<Name> NamesOfSpot(const Spot& spot) const {
    std::vector<Name> names;
    if (IsInFigure(spot.node)) return names;
    std::string text = ShortTextOf(spot.node, 400);
    if (text.size() <= 160) text = BylineText(spot.node);
    if (text.empty() || text.size() > 160) return names;
    std::vector<Name> found;
    const absl::string_view href = Attribute(spot.node, "href");
    Append(text, href.empty() ? "" : input_.document.Resolve(href), false,
           &found);
    for (Name& name : found) {
      if (IsPlausibleName(name.name)) names.push_back(std::move(name));
    }
    // A log-in name where nothing else can stand.
    const bool certain = (spot.words & kNameWord) != 0 || OpensByline(text);
    if (names.empty() && certain && found.size() == 1 &&
        found[0].name.size() <= 30 && !absl::StrContains(found[0].name, " ")) {
      return found;
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

  // A short line behind the headline, or just before it, that begins like a
  // byline.
  void FromTextNearHeadline() {
    Node* const body = input_.document.body();
    if (headline_ == nullptr || body == nullptr) return;
    constexpr int kReach = 400;
    Node* node = NextSkippingChildren(headline_, body);
    for (int i = 0; i < kReach && node != nullptr; ++i) {
      if (IsText(node) && ReadLine(node)) return;
      node = NextNode(node, body);
    }
  }

  // Reads the line that a text node stands in, if the node opens a byline.
  bool ReadLine(Node* node) {
    const std::string data = CleanText(TruncateUtf8(DataOf(node), 300));
    const absl::string_view reporter = ReporterInBrackets(data);
    if (!reporter.empty()) {
      std::vector<Name> names;
      Append(reporter, "", false, &names);
      Add(v1::EVIDENCE_SOURCE_TEXT, "reporter", std::move(names));
      return true;
    }
    if (data.size() < 2 || data.size() > 160) return false;
    absl::string_view opening = data;
    for (const char* mark : {"|", "- ", "·", "•", "–"}) {
      const size_t at = opening.find(mark);
      if (at == absl::string_view::npos || OpensByline(opening)) continue;
      opening = absl::StripLeadingAsciiWhitespace(
          opening.substr(at + absl::string_view(mark).size()));
    }
    const absl::string_view labelled = LabelledNames(data);
    if (!labelled.empty()) opening = labelled;
    std::string line(opening);
    if (OpensByline(opening) || OpensByline(absl::StrCat(opening, " x"))) {
      if (opening.size() == data.size()) line = ShortTextOf(node->parent, 300);
      Node* next = node->parent->next;
      const bool is_bare = !OpensByline(opening);
      for (int i = 0; i < 5 && is_bare && next != nullptr; ++i) {
        if (line.size() > opening.size() + 1) break;
        line = absl::StrCat(opening, " ", ShortTextOf(next, 200));
        next = next->next;
      }
    } else {
      return false;
    }
    std::vector<Name> found;
    if (line.size() <= 140) Append(line, "", false, &found);
    const bool all =
        std::all_of(found.begin(), found.end(), [](const Name& name) {
          return IsPlausibleName(name.name) && name.name.size() > 2;
        });
    if (found.empty() || !all) return false;
    nodes_.push_back(node->parent);
    Add(v1::EVIDENCE_SOURCE_TEXT, "byline", std::move(found));
    return true;
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
  const std::string host_;
  std::vector<AuthorSource> sources_;
  std::vector<const Node*> nodes_;
  bool refined_ = false;
};

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
  const size_t best = BestAuthorSource(sources);
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
      author.set_kind(name.kind);
      if (!name.url.empty()) {
        author.set_url(input.document.Resolve(name.url));
      }
    }
  }
}

}  // namespace dateline

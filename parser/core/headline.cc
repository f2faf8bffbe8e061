#include "parser/core/headline.h"

#include <algorithm>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/url.h"
#include "parser/core/metadata_class_words.h"
#include "parser/core/text.h"
#include "parser/core/title_words.h"

namespace dateline {
namespace {

constexpr size_t kMostTitleBytes = 500;

struct Title {
  v1::EvidenceSource source;
  std::string detail;
  std::string text;
  const Node* node = nullptr;
};

class HeadlineReader {
 public:
  HeadlineReader(const MetadataInput& input, const v1::Article& article)
      : input_(input), site_(article.publisher().name()) {
    const absl::StatusOr<Url> url = ParseUrl(input.document.url());
    if (url.ok()) host_ = url->host;
  }

  // Every title, best first.
  std::vector<Title> Read() {
    Collect();
    StripSiteNames();
    const size_t best = Best();
    if (best != 0 && best < titles_.size()) {
      std::rotate(titles_.begin(),
                  titles_.begin() + static_cast<std::ptrdiff_t>(best),
                  titles_.begin() + static_cast<std::ptrdiff_t>(best) + 1);
    }
    return std::move(titles_);
  }

 private:
  void Add(v1::EvidenceSource source, absl::string_view detail,
           absl::string_view text, const Node* node = nullptr) {
    std::string clean = PlainText(TruncateUtf8(text, 4 * kMostTitleBytes));
    if (clean.empty() || clean.size() > kMostTitleBytes) return;
    titles_.push_back({source, std::string(detail), std::move(clean), node});
  }

  void Collect() {
    const PageScan& scan = input_.scan;
    if (input_.json_ld.found) {
      Add(v1::EVIDENCE_SOURCE_JSON_LD, "headline", input_.json_ld.headline);
    }
    for (const char* name :
         {"og:title", "twitter:title", "headline", "parsely-title",
          "sailthru.title", "cxenseparse:title", "citation_title", "dc.title",
          "dc:title", "dcterms.title", "title"}) {
      Add(v1::EVIDENCE_SOURCE_META, name, scan.Meta(name));
    }
    for (const ItemProperty& property : scan.item_properties) {
      if (property.name != "headline" || property.spot.elsewhere) continue;
      Add(v1::EVIDENCE_SOURCE_MICRODATA, property.name,
          TextOf(property.spot.node, 2000), property.spot.node);
    }
    for (const Spot& spot : scan.headings) {
      if (TagOf(spot.node) == LXB_TAG_H1) {
        AddHeading(spot);
      }
    }
    Add(v1::EVIDENCE_SOURCE_MARKUP, "title", scan.title);
    Add(v1::EVIDENCE_SOURCE_FEED, "title", input_.page.hints().title());
  }

  void AddHeading(const Spot& spot) {
    Add(v1::EVIDENCE_SOURCE_MARKUP, spot.elsewhere ? "h1 elsewhere" : "h1",
        TextOf(spot.node, 2000), spot.node);
  }

  void StripSiteNames() {
    std::vector<std::string> others;
    for (const Title& title : titles_) {
      if (title.detail == "h1" || title.detail == "headline") {
        others.push_back(title.text);
      }
    }
    for (Title& title : titles_) {
      if (title.node != nullptr) continue;
      title.text = WithoutSiteName(title.text, site_, host_, others);
    }
  }

  const Title* Find(absl::string_view detail) const {
    for (const Title& title : titles_) {
      if (title.detail == detail) return &title;
    }
    return nullptr;
  }

  // How well the other titles support `title`: the sum of word overlaps.
  double Support(const Title& title) const {
    double support = 0;
    for (const Title& other : titles_) {
      if (&other == &title) continue;
      support += WordOverlap(title.text, other.text);
    }
    return support;
  }

  size_t Best() const {
    const Title* heading = nullptr;
    double best = 0;
    for (const Title& title : titles_) {
      if (title.detail != "h1") continue;
      const double support = Support(title);
      if (heading == nullptr || support > best + 0.01) {
        heading = &title;
        best = support;
      }
    }
    const size_t others = titles_.size() - 1;
    if (heading != nullptr &&
        (others == 0 || best >= 0.4 * std::min<double>(2, double(others)))) {
      return static_cast<size_t>(heading - titles_.data());
    }
    return 0;
  }

  const MetadataInput& input_;
  const std::string site_;
  std::string host_;
  std::vector<Title> titles_;
};

}  // namespace

const Node* ReadHeadline(const MetadataInput& input, EvidenceLog& log,
                         std::vector<std::string>* headlines,
                         v1::Article& article) {
  HeadlineReader reader(input, article);
  const std::vector<Title> titles = reader.Read();
  const Node* node = nullptr;
  for (size_t i = 0; i < titles.size(); ++i) {
    const Title& title = titles[i];
    if (i == 0) {
      article.set_headline(title.text);
      log.Won("headline", title.source, title.detail, title.text);
    } else {
      log.Lost("headline", title.source, title.detail, title.text);
    }
    headlines->push_back(title.text);
  }
  double best = 0.3;
  for (const Title& title : titles) {
    if (title.node == nullptr) continue;
    const double overlap = WordOverlap(title.text, article.headline());
    if (overlap > best) {
      best = overlap;
      node = title.node;
    }
  }
  if (node == nullptr) {
    for (const Title& title : titles) {
      if (title.node != nullptr && title.detail == "h1") return title.node;
    }
  }
  return node;
}

void ReadDescription(const MetadataInput& input, const Node*, EvidenceLog& log,
                     std::vector<std::string>* descriptions,
                     v1::Article& article) {
  const auto add = [&](v1::EvidenceSource source, absl::string_view detail,
                       absl::string_view text) {
    std::string clean = PlainText(TruncateUtf8(text, 4000));
    if (clean.size() < 2) return;
    if (article.description().empty()) {
      article.set_description(clean);
      log.Won("description", source, detail, clean);
    } else {
      log.Lost("description", source, detail, clean);
    }
    descriptions->push_back(std::move(clean));
  };
  for (const char* name : {"og:description", "description"}) {
    add(v1::EVIDENCE_SOURCE_META, name, input.scan.Meta(name));
  }
  add(v1::EVIDENCE_SOURCE_JSON_LD, "description", input.json_ld.description);
  for (const char* name :
       {"twitter:description", "dc.description", "dcterms.abstract"}) {
    add(v1::EVIDENCE_SOURCE_META, name, input.scan.Meta(name));
  }
  add(v1::EVIDENCE_SOURCE_FEED, "description",
      input.page.hints().description());
  const std::string alternative = PlainText(input.json_ld.alternative_headline);
  if (!alternative.empty() && alternative != article.headline()) {
    article.set_alternative_headline(alternative);
    log.Won("alternative_headline", v1::EVIDENCE_SOURCE_JSON_LD,
            "alternativeHeadline", alternative);
    return;
  }
  for (const Spot& spot : input.scan.decks) {
    if (spot.elsewhere) continue;
    const std::string text = TextOf(spot.node, 2000);
    const size_t words = CountWords(text);
    if (words < 3 || words > 80 || text == article.headline()) continue;
    article.set_alternative_headline(text);
    log.Won("alternative_headline", v1::EVIDENCE_SOURCE_MARKUP, "class", text);
    return;
  }
}

}  // namespace dateline

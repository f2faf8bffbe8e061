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
constexpr size_t kMostTitles = 60;

struct Title {
  v1::EvidenceSource source;
  std::string detail;
  std::string text;
  const Node* node = nullptr;
  double weight = 0;
  std::vector<std::string> words = {};
};

// How much a source's word counts. What an editor wrote for sharing (og and
// twitter agreeing) outweighs what content systems derive; JSON-LD outweighs
// either alone; a heading outweighs the title element.
constexpr std::pair<const char*, double> kMetaTitles[] = {
    {"og:title", 2.0},       {"twitter:title", 2.4},
    {"headline", 0.9},       {"parsely-title", 0.9},
    {"sailthru.title", 0.9}, {"cxenseparse:title", 0.9},
    {"citation_title", 2.5}, {"dc.title", 0.5},
    {"dc:title", 0.5},       {"dcterms.title", 0.5},
    {"title", 0.5}};
constexpr double kJsonLdWeight = 3.2;
constexpr double kMicrodataWeight = 0.9;
constexpr double kHeadingWeight = 1.4;
constexpr double kElsewhereWeight = 0.7;
constexpr double kLesserHeadingWeight = 0.3;
constexpr double kTitleWeight = 1.2;
constexpr double kFaint = 0.02;
// What JSON-LD's headline gains by a title element that says the same.
constexpr double kAgreement = 1.3;

class HeadlineReader {
 public:
  HeadlineReader(const MetadataInput& input, const v1::Article& article)
      : input_(input),
        site_(article.publisher().name()),
        host_(HostOf(input.document.url())) {}

  // Every title, best first.
  std::vector<Title> Read() {
    Collect();
    StripSiteNames();
    for (Title& title : titles_) title.words = TitleWords(title.text);
    WeighHeadings();
    WeighOthers();
    CutKickers();
    const size_t best = Best();
    if (best < titles_.size()) {
      std::rotate(titles_.begin(),
                  titles_.begin() + static_cast<std::ptrdiff_t>(best),
                  titles_.begin() + static_cast<std::ptrdiff_t>(best) + 1);
    }
    return std::move(titles_);
  }

 private:
  void Add(v1::EvidenceSource source, absl::string_view detail,
           absl::string_view text, double weight, const Node* node = nullptr) {
    std::string clean = PlainText(TruncateUtf8(text, 4 * kMostTitleBytes));
    if (clean.empty() || clean.size() > kMostTitleBytes ||
        titles_.size() >= kMostTitles) {
      return;
    }
    titles_.push_back(
        {source, std::string(detail), std::move(clean), node, weight});
  }

  void Collect() {
    const PageScan& scan = input_.scan;
    if (input_.json_ld.found) {
      Add(v1::EVIDENCE_SOURCE_JSON_LD, "headline",
          input_.json_ld.headline.empty() ? input_.json_ld.name
                                          : input_.json_ld.headline,
          kJsonLdWeight);
    }
    for (const auto& [name, weight] : kMetaTitles) {
      Add(v1::EVIDENCE_SOURCE_META, name, scan.Meta(name), weight);
    }
    for (const ItemProperty& property : scan.item_properties) {
      if (property.name != "headline" || property.spot.elsewhere) continue;
      Add(v1::EVIDENCE_SOURCE_MICRODATA, property.name,
          ShortTextOf(property.spot.node, 2000), kMicrodataWeight,
          property.spot.node);
      break;
    }
    Add(v1::EVIDENCE_SOURCE_MARKUP, "title", scan.title, kTitleWeight);
    Add(v1::EVIDENCE_SOURCE_FEED, "title", input_.page.hints().title(), 0.5);
    CollectHeadings();
  }

  void CollectHeadings() {
    const Spot* lesser = nullptr;
    for (const Spot& spot : input_.scan.headings) {
      const lxb_tag_id_t tag = TagOf(spot.node);
      if (tag == LXB_TAG_H1) {
        AddHeading(spot);
      } else if ((tag == LXB_TAG_H2 || tag == LXB_TAG_H3) && !spot.elsewhere &&
                 !LinksHome(spot.node)) {
        // One whose class calls it a headline, else the first.
        const bool named = (spot.words & kHeadlineWord) != 0;
        if (lesser == nullptr ||
            (named && (lesser->words & kHeadlineWord) == 0)) {
          lesser = &spot;
        }
      }
    }
    if (lesser == nullptr) return;
    Add(v1::EVIDENCE_SOURCE_MARKUP, "lesser heading",
        ShortTextOf(lesser->node, 2000),
        (lesser->words & kHeadlineWord) != 0 ? kLesserHeadingWeight : kFaint,
        lesser->node);
  }

  void AddHeading(const Spot& spot) {
    const bool is_home = LinksHome(spot.node);
    const std::string text = ShortTextOf(spot.node, 2000);
    if (is_home && site_.empty()) site_ = text;
    Add(v1::EVIDENCE_SOURCE_MARKUP, spot.elsewhere ? "h1 elsewhere" : "h1",
        text,
        is_home          ? kFaint / 2
        : spot.elsewhere ? kElsewhereWeight
                         : kHeadingWeight,
        spot.node);
  }

  // Whether a heading is a link to the site's front page, as a site's name is.
  bool LinksHome(Node* heading) const {
    if (ShortTextOf(heading, 1000).empty()) return false;
    Node* link = FindFirst(heading, LXB_TAG_A);
    if (link == nullptr && TagOf(heading->parent) == LXB_TAG_A) {
      link = heading->parent;
    }
    if (link == nullptr || !HasAttribute(link, "href")) return false;
    std::string target = input_.document.Resolve(Attribute(link, "href"));
    const size_t inner = target.rfind("://");
    if (inner == std::string::npos || target.size() > 200) return false;
    const size_t path = target.find('/', inner + 3);
    return path == std::string::npos || path + 1 == target.size();
  }

  void StripSiteNames() {
    std::vector<std::string> others;
    for (const Title& title : titles_) {
      if (title.node != nullptr || title.detail == "headline") {
        others.push_back(title.text);
      }
    }
    const SiteNames site(site_, host_);
    for (Title& title : titles_) {
      if (title.node == nullptr) title.text = site.Without(title.text, others);
    }
    for (Title& title : titles_) {
      if (site.Contain(title.text)) title.weight = kFaint / 2;
    }
  }

  // Of several headings of a kind only the one that the other titles speak of
  // counts; the first where they are silent.
  void WeighHeadings() {
    Title* best = nullptr;
    double best_support = 0;
    for (Title& title : titles_) {
      if (!absl::StartsWith(title.detail, "h1")) continue;
      const double support = Support(title) *
                             (title.detail == "h1" ? 1.0 : 0.8) *
                             (title.weight < kFaint ? 0.01 : 1.0);
      if (best == nullptr || support > best_support + 0.01) {
        if (best != nullptr) best->weight = std::min(best->weight, kFaint);
        best = &title;
        best_support = support;
      } else {
        title.weight = std::min(title.weight, kFaint);
      }
    }
  }

  double Support(const Title& title) const {
    double support = 0;
    for (const Title& other : titles_) {
      if (&other == &title || other.node != nullptr) continue;
      support += WordOverlap(title.words, other.words);
    }
    return support;
  }

  // A machine's description makes heading and title element count less; a
  // shared title that speaks of something else than both is the section's.
  void WeighOthers() {
    const Title* heading = nullptr;
    const Title* element = nullptr;
    bool described = false;
    for (const Title& title : titles_) {
      if (title.detail == "h1" && title.weight > kFaint) heading = &title;
      if (title.detail == "title" && title.source != v1::EVIDENCE_SOURCE_META) {
        element = &title;
      }
      described |= title.source == v1::EVIDENCE_SOURCE_JSON_LD;
    }
    if (described) ConfirmDescribed(element);
    const bool agree = heading != nullptr && element != nullptr &&
                       WordOverlap(heading->words, element->words) > 0.6;
    for (Title& title : titles_) {
      if (described && title.node != nullptr && title.weight > 1) {
        title.weight = 1;
      }
      if (described && &title == element) title.weight = 2 * kFaint;
      const bool shared =
          title.detail == "og:title" || title.detail == "twitter:title";
      if (shared && agree && WordOverlap(title.words, heading->words) < 0.01) {
        title.weight = std::min(title.weight, 0.5);
      }
    }
  }

  // Where the title element says what JSON-LD says and no heading does, the
  // headline was set short on the page and reworded for sharing.
  void ConfirmDescribed(const Title* element) {
    const auto described =
        std::find_if(titles_.begin(), titles_.end(), [](const Title& title) {
          return title.source == v1::EVIDENCE_SOURCE_JSON_LD;
        });
    if (element == nullptr || element->words != described->words) return;
    const bool is_heading = std::any_of(
        titles_.begin(), titles_.end(), [&described](const Title& title) {
          return title.detail == "h1" && title.weight > kFaint &&
                 title.words == described->words;
        });
    if (!is_heading) described->weight += kAgreement;
  }

  // A heading that ends with all of another title has a kicker before it, and
  // one that goes on with a number after it a date: its weight is the other's.
  void CutKickers() {
    for (Title& title : titles_) {
      if (title.detail != "h1" || title.weight <= kFaint) continue;
      for (Title& other : titles_) {
        const size_t size = other.words.size();
        if (other.node != nullptr || size < 3 || size >= title.words.size()) {
          continue;
        }
        const bool ends = std::equal(other.words.rbegin(), other.words.rend(),
                                     title.words.rbegin());
        const bool begins = std::equal(other.words.begin(), other.words.end(),
                                       title.words.begin()) &&
                            absl::ascii_isdigit(static_cast<unsigned char>(
                                title.words[size][0]));
        if (!ends && !begins) continue;
        other.weight += title.weight;
        title.weight = kFaint;
        break;
      }
    }
  }

  // Titles of the same words pool their weights.
  size_t Best() const {
    size_t best = 0;
    double best_weight = -1;
    for (size_t i = 0; i < titles_.size(); ++i) {
      double weight = 0;
      for (const Title& other : titles_) {
        if (other.words == titles_[i].words) weight += other.weight;
      }
      if (weight > best_weight + 1e-9) {
        best = i;
        best_weight = weight;
      }
    }
    return best;
  }

  const MetadataInput& input_;
  std::string site_;
  const std::string host_;
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
    const double overlap = WordOverlap(title.words, titles[0].words);
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
    const std::string text = ShortTextOf(spot.node, 2000);
    const size_t words = CountWords(text);
    if (words < 3 || words > 80 || text == article.headline()) continue;
    article.set_alternative_headline(text);
    log.Won("alternative_headline", v1::EVIDENCE_SOURCE_MARKUP, "class", text);
    return;
  }
}

}  // namespace dateline

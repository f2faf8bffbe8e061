#include "parser/core/article_time.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "parser/core/dates.h"
#include "parser/core/metadata_class_words.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

struct TimeCandidate {
  v1::EvidenceSource source;
  std::string detail;
  v1::ArticleTime time;
};

constexpr const char* kPublishMetas[] = {"article:published_time",
                                         "article:published",
                                         "og:published_time",
                                         "og:article:published_time",
                                         "datepublished",
                                         "rnews:datepublished",
                                         "article:publicationdate",
                                         "article_date_original",
                                         "originalpublicationdate",
                                         "parsely-pub-date",
                                         "sailthru.date",
                                         "cxenseparse:recs:publishtime",
                                         "cxenseparse:publishtime",
                                         "cxenseparse:recs:published_time",
                                         "publishdate",
                                         "publish-date",
                                         "publish_date",
                                         "publisheddate",
                                         "published_at",
                                         "published_time",
                                         "published",
                                         "publication_date",
                                         "pubdate",
                                         "pub_date",
                                         "ptime",
                                         "displaydate",
                                         "article.published",
                                         "article.created",
                                         "bt:pubdate",
                                         "date.created",
                                         "dcterms.created",
                                         "dc.date.created",
                                         "dcterms.issued",
                                         "dc.date.issued",
                                         "date.available",
                                         "prism.publicationdate",
                                         "citation_online_date",
                                         "citation_publication_date",
                                         "citation_date",
                                         "weibo:article:create_at",
                                         "pdate",
                                         "uploaddate",
                                         "datecreated",
                                         "created",
                                         "creation_date",
                                         "dcterms.date",
                                         "dc.date",
                                         "dc:date",
                                         "timestamp",
                                         "date",
                                         "last-published"};

constexpr const char* kModifiedMetas[] = {"article:modified_time",
                                          "article:modified",
                                          "og:updated_time",
                                          "og:modified_time",
                                          "datemodified",
                                          "dateupdated",
                                          "date.updated",
                                          "date.modified",
                                          "dcterms.modified",
                                          "dc.date.modified",
                                          "cxenseparse:recs:modifiedtime",
                                          "cxenseparse:modificationtime",
                                          "utime",
                                          "last-modified",
                                          "lastmod",
                                          "revised",
                                          "updated",
                                          "modified"};

class TimeReader {
 public:
  TimeReader(const MetadataInput& input, const Node* headline)
      : input_(input), headline_(headline) {
    context_.language = input.date_language;
    if (input.page.has_fetch_time()) {
      context_.now = absl::FromUnixSeconds(input.page.fetch_time().seconds());
    }
  }

  void Read() {
    FromJsonLd();
    FromProperties();
    FromMetas();
    FromTimeElements();
    FromDateSpots();
    FromUrl();
    if (published.empty()) FromTextNearHeadline();
    FromHints();
  }

  std::vector<TimeCandidate> published;
  std::vector<TimeCandidate> modified;
  std::vector<const Node*> nodes;

 private:
  absl::optional<v1::ArticleTime> Parse(absl::string_view text) const {
    absl::optional<v1::ArticleTime> time = ReadMachineTime(text);
    return time.has_value() ? time : ReadDate(text, context_);
  }

  bool Add(v1::EvidenceSource source, absl::string_view detail,
           absl::string_view text, std::vector<TimeCandidate>* candidates) {
    if (text.empty()) return false;
    absl::optional<v1::ArticleTime> time = Parse(text);
    if (!time.has_value() || IsAhead(*time)) return false;
    time->set_raw(CleanText(time->raw()));
    candidates->push_back({source, std::string(detail), *std::move(time)});
    return true;
  }

  // Later than two days after the page was fetched: no date of this article.
  bool IsAhead(const v1::ArticleTime& time) const {
    return context_.now != absl::InfiniteFuture() &&
           absl::FromUnixSeconds(time.time().seconds()) >
               context_.now + absl::Hours(48);
  }

  void FromJsonLd() {
    constexpr auto kSource = v1::EVIDENCE_SOURCE_JSON_LD;
    const JsonLdArticle& data = input_.json_ld;
    Add(kSource, "datePublished", data.date_published, &published);
    Add(kSource, "dateCreated", data.date_created, &published);
    Add(kSource, "dateModified", data.date_modified, &modified);
  }

  void FromProperties() {
    for (const ItemProperty& property : input_.scan.item_properties) {
      const bool is_modified = absl::StrContains(property.name, "datemodified");
      if (!is_modified && !absl::StrContains(property.name, "datepublished") &&
          !absl::StrContains(property.name, "datecreated")) {
        continue;
      }
      if (property.spot.elsewhere) continue;
      AddElement(v1::EVIDENCE_SOURCE_MICRODATA, property.name,
                 property.spot.node, is_modified ? &modified : &published);
    }
  }

  // An element's machine-readable time, else its text.
  bool AddElement(v1::EvidenceSource source, absl::string_view detail,
                  Node* node, std::vector<TimeCandidate>* candidates) {
    bool added = false;
    for (const char* name : {"content", "datetime", "data-datetime",
                             "data-timestamp", "data-date", "title"}) {
      if (added) break;
      added = Add(source, detail, Attribute(node, name), candidates);
    }
    if (!added) {
      const std::string text = TextOf(node, 400);
      if (text.size() <= 200) added = Add(source, detail, text, candidates);
    }
    if (added) nodes.push_back(node);
    return added;
  }

  void FromMetas() {
    constexpr auto kSource = v1::EVIDENCE_SOURCE_META;
    for (const char* name : kPublishMetas) {
      Add(kSource, name, input_.scan.Meta(name), &published);
    }
    for (const char* name : kModifiedMetas) {
      Add(kSource, name, input_.scan.Meta(name), &modified);
    }
  }

  static bool SaysModified(Node* node) {
    for (const Node* at = node; at != nullptr && at != node->parent->parent;
         at = at->parent) {
      if ((ClassWords(ClassOf(at)) & kModifiedWord) != 0) return true;
    }
    const std::string text = ToLower(TextOf(node->parent, 200));
    for (const char* word :
         {"updated", "aktualisiert", "modified", "mis à jour", "actualizado",
          "aggiornato", "bijgewerkt", "oppdatert", "opdateret", "uppdaterad",
          "güncelleme", "обновлено", "stand:", "last changed",
          "zuletzt geändert", "更新", "atualizado"}) {
      const size_t at = text.find(word);
      if (at == std::string::npos) continue;
      // The word right before this element's own text.
      const std::string own = ToLower(TextOf(node, 100));
      const size_t mine = text.find(own);
      return mine == std::string::npos || at <= mine ? at + 30 >= mine : false;
    }
    return false;
  }

  void FromTimeElements() {
    for (const bool in_article : {true, false}) {
      for (const Spot& spot : input_.scan.times) {
        if (spot.elsewhere || spot.in_article != in_article) continue;
        AddElement(v1::EVIDENCE_SOURCE_MARKUP, "time", spot.node,
                   SaysModified(spot.node) ? &modified : &published);
      }
    }
  }

  void FromDateSpots() {
    for (const Spot& spot : input_.scan.date_spots) {
      if (spot.elsewhere || TagOf(spot.node) == LXB_TAG_TIME) continue;
      const bool is_modified = (spot.words & kModifiedWord) != 0;
      AddElement(v1::EVIDENCE_SOURCE_MARKUP, "class", spot.node,
                 is_modified ? &modified : &published);
      if (published.size() > 60) break;
    }
  }

  void FromUrl() {
    absl::optional<v1::ArticleTime> time = ReadUrlDate(input_.document.url());
    if (!time.has_value() || IsAhead(*time)) return;
    published.push_back({v1::EVIDENCE_SOURCE_URL, "path", *std::move(time)});
  }

  // Short texts behind, then before, the headline.
  void FromTextNearHeadline() {
    Node* const body = input_.document.body();
    if (body == nullptr) return;
    Node* node =
        headline_ == nullptr ? body : NextSkippingChildren(headline_, body);
    if (FromTexts(node, body, 3000)) return;
    if (headline_ != nullptr) FromTexts(body, body, 3000);
  }

  bool FromTexts(Node* node, Node* body, int reach) {
    for (int i = 0; i < reach && node != nullptr; ++i) {
      const absl::string_view data = DataOf(node);
      const bool has_digit =
          data.size() >= 6 && data.size() <= 400 &&
          data.find_first_of("0123456789") != absl::string_view::npos;
      if (has_digit && TagOf(node->parent) != LXB_TAG_SCRIPT &&
          TagOf(node->parent) != LXB_TAG_STYLE) {
        const std::string text = CleanText(data);
        if (text.size() <= 120 &&
            Add(v1::EVIDENCE_SOURCE_TEXT, "near headline", text, &published)) {
          return true;
        }
      }
      node = NextNode(node, body);
    }
    return false;
  }

  void FromHints() {
    const v1::SourceHints& hints = input_.page.hints();
    if (hints.has_publish_time()) {
      published.push_back(
          {v1::EVIDENCE_SOURCE_FEED, "publish_time", hints.publish_time()});
    }
    if (hints.has_modified_time()) {
      modified.push_back(
          {v1::EVIDENCE_SOURCE_FEED, "modified_time", hints.modified_time()});
    }
  }

  const MetadataInput& input_;
  const Node* headline_;
  DateContext context_;
};

// The day of the stated wall clock.
absl::CivilDay DayOf(const v1::ArticleTime& time) {
  return absl::ToCivilDay(
      absl::FromUnixSeconds(time.time().seconds() + time.offset_minutes() * 60),
      absl::UTCTimeZone());
}

// Whether the wall clock says midnight, as it does where only the day is known.
bool IsMidnight(const v1::ArticleTime& time) {
  return (time.time().seconds() + time.offset_minutes() * 60) % 86400 == 0;
}

bool IsDayOnly(const v1::ArticleTime& time) {
  return time.precision() == v1::TIME_PRECISION_DAY || IsMidnight(time);
}

size_t MostExact(const std::vector<TimeCandidate>& candidates) {
  if (!IsDayOnly(candidates[0].time)) return 0;
  for (size_t i = 1; i < candidates.size(); ++i) {
    if (!IsDayOnly(candidates[i].time) &&
        DayOf(candidates[i].time) == DayOf(candidates[0].time)) {
      return i;
    }
  }
  return 0;
}

void Choose(const char* field, const std::vector<TimeCandidate>& candidates,
            EvidenceLog& log, v1::ArticleTime* time) {
  const size_t best = MostExact(candidates);
  for (size_t i = 0; i < candidates.size(); ++i) {
    const TimeCandidate& candidate = candidates[i];
    if (i == best) {
      *time = candidate.time;
      log.Won(field, candidate.source, candidate.detail, candidate.time.raw());
    } else {
      log.Lost(field, candidate.source, candidate.detail, candidate.time.raw());
    }
  }
}

}  // namespace

void ReadArticleTimes(const MetadataInput& input, const Node* headline,
                      EvidenceLog& log, std::vector<const Node*>* date_nodes,
                      v1::Article& article) {
  TimeReader reader(input, headline);
  reader.Read();
  *date_nodes = std::move(reader.nodes);
  if (!reader.published.empty()) {
    Choose("publish_time", reader.published, log,
           article.mutable_publish_time());
  } else if (!reader.modified.empty()) {
    // A page that dates only its last change was published by then.
    Choose("publish_time", reader.modified, log,
           article.mutable_publish_time());
  }
  if (!reader.modified.empty()) {
    Choose("modified_time", reader.modified, log,
           article.mutable_modified_time());
  }
}

}  // namespace dateline

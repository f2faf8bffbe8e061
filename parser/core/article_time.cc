#include "parser/core/article_time.h"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/time/time.h"
#include "parser/core/article_time_choice.h"
#include "parser/core/article_time_text.h"
#include "parser/core/dates.h"
#include "parser/core/metadata_class_words.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr absl::string_view kPublishMetas[] = {
    "article:published_time",
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

constexpr absl::string_view kModifiedMetas[] = {"article:modified_time",
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
    FromMarginTimes();
    FromUrl();
    if (published.empty() || is_ambiguous_) FromTextNearHeadline();
    FromHints();
    if (published.empty() && modified.empty()) FromScripts();
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

  // A machine may write day and month in another order than the page's readers
  // do: the other reading stands as well, for other dates to confirm.
  void AddMeta(absl::string_view name, std::vector<TimeCandidate>* candidates) {
    const absl::string_view text = input_.scan.Meta(name);
    if (!Add(v1::EVIDENCE_SOURCE_META, name, text, candidates)) return;
    if (!absl::StrContains(text, '/')) return;
    for (const char* language : {"en-US", "en-GB"}) {
      absl::optional<v1::ArticleTime> other = ReadDate(text, {language});
      if (!other.has_value() || IsAhead(*other) ||
          other->time().seconds() == candidates->back().time.time().seconds()) {
        continue;
      }
      other->set_raw(CleanText(other->raw()));
      candidates->push_back({v1::EVIDENCE_SOURCE_META, kOtherOrder, *other});
      is_ambiguous_ = true;
      return;
    }
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
      const std::string text = ShortTextOf(node, 400);
      if (text.size() <= 120) added = Add(source, detail, text, candidates);
    }
    if (added) nodes.push_back(node);
    // What readers are shown beside it tells the offset (see OffsetByClock).
    if (added && TagOf(node) == LXB_TAG_TIME &&
        HasAttribute(node, "datetime")) {
      const std::string text = ShortTextOf(node, 200);
      if (text.size() <= 80) {
        Add(v1::EVIDENCE_SOURCE_MARKUP, "time text", text, candidates);
      }
    }
    return added;
  }

  void FromMetas() {
    for (const absl::string_view name : kPublishMetas)
      AddMeta(name, &published);
    for (const absl::string_view name : kModifiedMetas)
      AddMeta(name, &modified);
  }

  static bool SaysModified(Node* node) {
    for (const Node* at = node; at != nullptr && at != node->parent->parent;
         at = at->parent) {
      if ((ClassWords(ClassOf(at)) & kModifiedWord) != 0) return true;
    }
    const std::string text = ToLower(ShortTextOf(node->parent, 200));
    for (const char* word :
         {"updated", "aktualisiert", "modified", "mis à jour", "actualizado",
          "aggiornato", "bijgewerkt", "oppdatert", "opdateret", "uppdaterad",
          "güncelleme", "обновлено", "stand:", "last changed",
          "zuletzt geändert", "更新", "atualizado"}) {
      const size_t at = text.find(word);
      if (at == std::string::npos) continue;
      // The word right before this element's own text.
      const std::string own = ToLower(ShortTextOf(node, 100));
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

  // From the headline on, then what stands before it.
  std::vector<Spot> SpotsByDistance() const {
    std::vector<Spot> spots = input_.scan.date_spots;
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

  void FromDateSpots() {
    for (const Spot& spot : SpotsByDistance()) {
      if (spot.elsewhere || TagOf(spot.node) == LXB_TAG_TIME) continue;
      if (IsWithinTitleLink(spot.node)) continue;
      const bool is_modified = (spot.words & kModifiedWord) != 0;
      AddElement(v1::EVIDENCE_SOURCE_MARKUP, "class", spot.node,
                 is_modified ? &modified : &published);
      if (published.size() > 60) break;
    }
  }

  // Whether a date stands in a link's longer text: it is what is linked to that
  // appeared then.
  static bool IsWithinTitleLink(Node* node) {
    constexpr size_t kDateWords = 5;
    Node* link = node;
    while (link != nullptr && TagOf(link) != LXB_TAG_A) link = link->parent;
    if (link == nullptr) link = FindFirst(node, LXB_TAG_A);
    return link != nullptr && HasAttribute(link, "href") &&
           CountWords(ShortTextOf(link, 400)) > kDateWords;
  }

  // Where no other element shows a date, one in the margin beside the headline
  // is the piece's own.
  void FromMarginTimes() {
    constexpr size_t kBehind = 60;
    for (const TimeCandidate& candidate : published) {
      if (candidate.source == v1::EVIDENCE_SOURCE_MARKUP ||
          candidate.source == v1::EVIDENCE_SOURCE_MICRODATA) {
        return;
      }
    }
    size_t order = 0;
    for (const Spot& spot : input_.scan.headings) {
      if (spot.node == headline_) order = spot.order;
    }
    if (order == 0) return;
    for (const Spot& spot : input_.scan.times) {
      if (!spot.elsewhere || spot.order < order) continue;
      if (spot.order > order + kBehind) return;
      if (IsWithinTitleLink(spot.node)) continue;
      AddElement(v1::EVIDENCE_SOURCE_MARKUP, "time in margin", spot.node,
                 SaysModified(spot.node) ? &modified : &published);
    }
  }

  void FromUrl() {
    absl::optional<v1::ArticleTime> time = ReadUrlDate(input_.document.url());
    if (!time.has_value() || IsAhead(*time)) return;
    published.push_back({v1::EVIDENCE_SOURCE_URL, "path", *std::move(time)});
  }

  // The first text that dates the piece; what speaks of a change is kept for
  // want of one.
  void FromTextNearHeadline() {
    constexpr auto kSource = v1::EVIDENCE_SOURCE_TEXT;
    const size_t changes = modified.size();
    for (const DatedText& dated :
         DatedTextsNear(input_.document.body(), headline_)) {
      if (modified.size() > changes && (dated.is_change || dated.is_sentence)) {
        continue;
      }
      if (!Add(kSource, "near headline", dated.text,
               dated.is_change ? &modified : &published)) {
        continue;
      }
      nodes.push_back(dated.node->parent);
      if (!dated.is_change) return;
    }
  }

  void FromScripts() {
    Add(v1::EVIDENCE_SOURCE_SCRIPT, "script", TimeInData(input_.page.body()),
        &published);
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
  bool is_ambiguous_ = false;
};

void Choose(const char* field, const std::vector<TimeCandidate>& candidates,
            absl::string_view country, EvidenceLog& log,
            v1::ArticleTime* time) {
  const size_t best = BestTime(candidates);
  for (size_t i = 0; i < candidates.size(); ++i) {
    const TimeCandidate& candidate = candidates[i];
    if (i == best) {
      *time = candidate.time;
      if (time->offset_known() && time->offset_minutes() == 0) {
        time->set_offset_minutes(OffsetByClock(*time, candidates));
        if (time->offset_minutes() == 0) {
          time->set_offset_minutes(OffsetOfMidnight(*time, country));
        }
      }
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
  const std::string& country = article.publisher().country();
  if (!reader.published.empty()) {
    Choose("publish_time", reader.published, country, log,
           article.mutable_publish_time());
  } else if (!reader.modified.empty()) {
    // A page that dates only its last change was published by then.
    Choose("publish_time", reader.modified, country, log,
           article.mutable_publish_time());
  }
  if (!reader.modified.empty()) {
    Choose("modified_time", reader.modified, country, log,
           article.mutable_modified_time());
  }
}

}  // namespace dateline

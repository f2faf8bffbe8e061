#include "parser/core/topics.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "parser/core/metadata_class_words.h"
#include "parser/core/text.h"
#include "parser/core/title_words.h"

namespace dateline {
namespace {

constexpr size_t kMostTopics = 60;

struct TopicSource {
  v1::EvidenceSource source;
  std::string detail;
  std::vector<std::string> topics;
};

// The names under which the site itself may stand among the topics.
struct OwnNames {
  std::string name;
  std::string host;
};

bool IsSite(absl::string_view topic, const OwnNames& site) {
  const std::string squeezed = SqueezedTitle(topic);
  if (squeezed.size() < 2) return true;
  if (!site.name.empty() &&
      (squeezed == site.name || (absl::StartsWith(site.name, squeezed) &&
                                 squeezed.size() * 2 > site.name.size()))) {
    return true;
  }
  if (squeezed == site.host) return true;
  return squeezed.size() >= 5 && absl::StartsWith(site.host, squeezed) &&
         squeezed.size() * 3 > site.host.size() * 2;
}

// "26157981-b4f7-4929-adc1-e860c6f03636" and host names are no topics.
bool IsMachineWord(absl::string_view topic) {
  if (absl::StrContains(topic, "://") || absl::StartsWith(topic, "www.")) {
    return true;
  }
  const auto hex =
      static_cast<size_t>(std::count_if(topic.begin(), topic.end(), [](char c) {
        return absl::ascii_isxdigit(static_cast<unsigned char>(c)) || c == '-';
      }));
  return topic.size() >= 16 && hex == topic.size();
}

// Of "Subject: Justice" the value, where the key says that it is a topic; ""
// where it says something else ("Page Type: Article"); the whole where there is
// no key.
absl::string_view ValueOfKeyed(absl::string_view topic) {
  const size_t colon = topic.find(':');
  if (colon == absl::string_view::npos || colon == 0 || colon > 24) {
    return topic;
  }
  const bool spaced = colon + 1 < topic.size() && topic[colon + 1] == ' ';
  const absl::string_view key = topic.substr(0, colon);
  const std::string lower = ToLower(key);
  for (const char* word :
       {"subject", "topic", "tag", "entity", "keyword", "person", "place",
        "location", "organi", "category", "thema", "section"}) {
    if (absl::StrContains(lower, word) &&
        !absl::StrContains(lower, "nlp cat") &&
        !absl::StrContains(lower, "sub-")) {
      return absl::StripAsciiWhitespace(topic.substr(colon + 1));
    }
  }
  for (const char* word : {"type", "partner", "language", "day", "time", "wc",
                           "nlp", "region", "author", "source", "is", "cms",
                           "content", "id", "sub-", "has", "page", "video"}) {
    if (absl::StartsWith(lower, word) || absl::EndsWith(lower, word)) {
      return spaced || key == lower || absl::StartsWith(lower, "is") ? ""
                                                                     : topic;
    }
  }
  return topic;
}

// Of "topic/fraud" the last part: content systems name topics by paths.
absl::string_view LastOfPath(absl::string_view topic) {
  const size_t slash = topic.rfind('/');
  if (slash == absl::string_view::npos || slash < 4) return topic;
  for (const char c : topic.substr(0, slash)) {
    if (!absl::ascii_islower(static_cast<unsigned char>(c)) && c != '/' &&
        c != '-') {
      return topic;
    }
  }
  return topic.substr(slash + 1);
}

class TopicList {
 public:
  explicit TopicList(const OwnNames& site) : site_(site) {}

  void Add(absl::string_view text) {
    const std::string clean = PlainText(TruncateUtf8(text, 400));
    absl::string_view topic = clean;
    while (absl::ConsumePrefix(&topic, "#")) {
    }
    topic = LastOfPath(ValueOfKeyed(topic));
    topic = absl::StripAsciiWhitespace(topic);
    if (topic.size() < 2 || topic.size() > 100 || IsMachineWord(topic) ||
        topics_.size() >= kMostTopics || IsSite(topic, site_)) {
      return;
    }
    if (!seen_.insert(ToLower(topic)).second) return;
    topics_.emplace_back(topic);
  }

  void AddList(absl::string_view text) {
    const char mark = absl::StrContains(text, ",")   ? ','
                      : absl::StrContains(text, ";") ? ';'
                      : absl::StrContains(text, "|") ? '|'
                                                     : ',';
    for (const absl::string_view part : absl::StrSplit(text, mark)) Add(part);
  }

  std::vector<std::string> Take() { return std::move(topics_); }

 private:
  const OwnNames& site_;
  std::vector<std::string> topics_;
  absl::flat_hash_set<std::string> seen_;
};

class TopicReader {
 public:
  TopicReader(const MetadataInput& input, const OwnNames& site)
      : input_(input), site_(site) {}

  // From the source that is most careful with its topics on.
  std::vector<TopicSource> Read() {
    for (const char* name : {"news_keywords", "dc.subject", "dc:subject",
                             "article:tag", "og:article:tag"}) {
      FromMeta(name);
    }
    FromJsonLd("keywords", input_.json_ld.keywords);
    for (const char* name :
         {"keywords", "parsely-tags", "sailthru.tags", "cxenseparse:taglinks",
          "citation_keywords", "tags", "article:tags"}) {
      FromMeta(name);
    }
    FromLinks();
    FromJsonLd("about", input_.json_ld.about);
    FromHints();
    return std::move(sources_);
  }

 private:
  void Add(v1::EvidenceSource source, absl::string_view detail,
           TopicList& list) {
    std::vector<std::string> topics = list.Take();
    if (topics.empty()) return;
    sources_.push_back({source, std::string(detail), std::move(topics)});
  }

  void FromJsonLd(absl::string_view detail,
                  const std::vector<std::string>& values) {
    TopicList list(site_);
    for (const std::string& value : values) {
      if (values.size() == 1) {
        list.AddList(value);
      } else {
        list.Add(value);
      }
    }
    Add(v1::EVIDENCE_SOURCE_JSON_LD, detail, list);
  }

  void FromMeta(const char* name) {
    TopicList list(site_);
    const std::vector<absl::string_view> contents = input_.scan.Metas(name);
    const bool one_each = contents.size() > 1 && absl::EndsWith(name, "tag");
    for (const absl::string_view content : contents) {
      one_each ? list.Add(content) : list.AddList(content);
    }
    Add(v1::EVIDENCE_SOURCE_META, name, list);
  }

  void FromLinks() {
    TopicList rel(site_), lists(site_);
    for (const Spot& spot : input_.scan.tag_links) {
      if (spot.elsewhere) continue;
      const std::string text = ShortTextOf(spot.node, 300);
      if (CountWords(text) > 6) continue;
      if ((spot.words & kTagWord) != 0) rel.Add(text);
      lists.Add(text);
    }
    Add(v1::EVIDENCE_SOURCE_MARKUP, "rel=tag", rel);
    Add(v1::EVIDENCE_SOURCE_MARKUP, "tag links", lists);
  }

  void FromHints() {
    TopicList list(site_);
    for (const std::string& keyword : input_.page.hints().keywords()) {
      list.Add(keyword);
    }
    Add(v1::EVIDENCE_SOURCE_FEED, "keywords", list);
  }

  const MetadataInput& input_;
  const OwnNames& site_;
  std::vector<TopicSource> sources_;
};

// Whether the page's own words have any of the topics: keywords that are the
// same on every page of a site seldom do.
bool SpeaksOfPage(const TopicSource& source, const v1::Article& article) {
  const std::string text =
      ToLower(absl::StrCat(article.headline(), " ", article.description(), " ",
                           article.alternative_headline()));
  for (const std::string& topic : source.topics) {
    for (const std::string& word : TitleWords(topic)) {
      if (word.size() >= 3 && absl::StrContains(text, word)) return true;
    }
  }
  return false;
}

bool IsContained(const std::vector<std::string>& less,
                 const std::vector<std::string>& more) {
  absl::flat_hash_set<std::string> all;
  for (const std::string& topic : more) all.insert(ToLower(topic));
  for (const std::string& topic : less) {
    if (!all.contains(ToLower(topic))) return false;
  }
  return true;
}

// The first source, but: one lone topic gives way to a list, keywords that have
// nothing to do with the page to any that have, and a list to a meta element
// that has all of it and more.
size_t BestSource(const std::vector<TopicSource>& sources,
                  const v1::Article& article) {
  size_t best = 0;
  for (size_t i = 1; i < sources.size(); ++i) {
    const TopicSource& chosen = sources[best];
    const bool is_meta = sources[i].source == v1::EVIDENCE_SOURCE_META;
    const bool is_machine =
        is_meta || sources[i].source == v1::EVIDENCE_SOURCE_JSON_LD;
    const bool lone = chosen.topics.size() == 1 && is_machine &&
                      sources[i].topics.size() >= 3;
    const bool extends = is_meta &&
                         sources[i].topics.size() > chosen.topics.size() &&
                         IsContained(chosen.topics, sources[i].topics);
    const bool stale =
        !SpeaksOfPage(chosen, article) && SpeaksOfPage(sources[i], article);
    if (lone || extends || stale) best = i;
  }
  return best;
}

void ReadSection(const MetadataInput& input, EvidenceLog& log,
                 v1::Article& article) {
  const auto take = [&log, &article](v1::EvidenceSource source,
                                     absl::string_view detail,
                                     absl::string_view text) {
    const std::string section = PlainText(TruncateUtf8(text, 300));
    if (section.empty() || absl::StrContains(section, "://")) return;
    if (!article.section().empty()) {
      return log.Lost("section", source, detail, section);
    }
    article.set_section(section);
    log.Won("section", source, detail, section);
  };
  const std::vector<std::string>& sections = input.json_ld.sections;
  if (!sections.empty()) {
    take(v1::EVIDENCE_SOURCE_JSON_LD, "articleSection", sections.back());
  }
  for (const char* name :
       {"article:subsection", "article:section", "og:article:section",
        "og:section", "section", "articlesection", "parsely-section",
        "prism.section", "cxenseparse:category"}) {
    take(v1::EVIDENCE_SOURCE_META, name, input.scan.Meta(name));
  }
  for (const ItemProperty& property : input.scan.item_properties) {
    if (property.name == "articlesection" && !property.spot.elsewhere) {
      take(v1::EVIDENCE_SOURCE_MICRODATA, property.name,
           ShortTextOf(property.spot.node, 300));
    }
  }
  take(v1::EVIDENCE_SOURCE_FEED, "section", input.page.hints().section());
}

}  // namespace

void ReadTopics(const MetadataInput& input, EvidenceLog& log,
                v1::Article& article) {
  ReadSection(input, log, article);
  OwnNames site;
  site.name = SqueezedTitle(article.publisher().name());
  const std::string& domain = article.publisher().domain();
  site.host = SqueezedTitle(domain.substr(0, domain.find('.')));
  TopicReader reader(input, site);
  const std::vector<TopicSource> sources = reader.Read();
  if (sources.empty()) return;
  const size_t best = BestSource(sources, article);
  for (size_t i = 0; i < sources.size(); ++i) {
    const std::string joined = absl::StrJoin(sources[i].topics, ", ");
    if (i != best) {
      log.Lost("keywords", sources[i].source, sources[i].detail, joined);
      continue;
    }
    log.Won("keywords", sources[i].source, sources[i].detail, joined);
    for (const std::string& topic : sources[i].topics) {
      article.add_keywords(topic);
    }
  }
}

}  // namespace dateline

#include "parser/core/topics.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "parser/core/metadata_class_words.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr size_t kMostTopics = 60;

struct TopicSource {
  v1::EvidenceSource source;
  std::string detail;
  std::vector<std::string> topics;
};

class TopicList {
 public:
  explicit TopicList(absl::string_view site) : site_(ToLower(site)) {}

  void Add(absl::string_view text) {
    std::string topic = PlainText(TruncateUtf8(text, 400));
    while (absl::StartsWith(topic, "#")) topic.erase(0, 1);
    topic = std::string(absl::StripAsciiWhitespace(topic));
    if (topic.size() < 2 || topic.size() > 100 ||
        topics_.size() >= kMostTopics) {
      return;
    }
    const std::string key = ToLower(topic);
    if (key == site_ || !seen_.insert(key).second) return;
    topics_.push_back(std::move(topic));
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
  const std::string site_;
  std::vector<std::string> topics_;
  absl::flat_hash_set<std::string> seen_;
};

class TopicReader {
 public:
  TopicReader(const MetadataInput& input, const std::string& site)
      : input_(input), site_(site) {}

  std::vector<TopicSource> Read() {
    FromJsonLd("keywords", input_.json_ld.keywords);
    for (const char* name :
         {"article:tag", "og:article:tag", "news_keywords", "keywords",
          "parsely-tags", "sailthru.tags", "cxenseparse:taglinks", "mrf:tags",
          "dc.subject", "dc:subject", "citation_keywords", "tags",
          "article:tags"}) {
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
    for (const absl::string_view content : input_.scan.Metas(name)) {
      list.AddList(content);
    }
    Add(v1::EVIDENCE_SOURCE_META, name, list);
  }

  void FromLinks() {
    TopicList rel(site_), lists(site_);
    for (const Spot& spot : input_.scan.tag_links) {
      if (spot.elsewhere) continue;
      const std::string text = TextOf(spot.node, 300);
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
  const std::string& site_;
  std::vector<TopicSource> sources_;
};

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
           TextOf(property.spot.node, 300));
    }
  }
  take(v1::EVIDENCE_SOURCE_FEED, "section", input.page.hints().section());
}

}  // namespace

void ReadTopics(const MetadataInput& input, EvidenceLog& log,
                v1::Article& article) {
  ReadSection(input, log, article);
  const std::string site = article.publisher().name();
  TopicReader reader(input, site);
  const std::vector<TopicSource> sources = reader.Read();
  for (size_t i = 0; i < sources.size(); ++i) {
    const std::string joined = absl::StrJoin(sources[i].topics, ", ");
    if (i != 0) {
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

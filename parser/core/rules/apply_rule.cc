#include "parser/core/rules/apply_rule.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "parser/core/byline.h"
#include "parser/core/dates.h"
#include "parser/core/language.h"
#include "parser/core/metadata_scan.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr size_t kMaxFieldBytes = 2000;
constexpr size_t kMaxAuthors = 30;

// How many of the elements that a selector finds are looked at for a value.
constexpr size_t kMaxLooked = 20;
constexpr size_t kMaxBodyParts = 200;

// What an element says: of <meta> its content, else its text.
std::string ValueOf(Node* node) {
  if (TagOf(node) != LXB_TAG_META) return ShortTextOf(node, kMaxFieldBytes);
  return CleanText(TruncateUtf8(Attribute(node, "content"), kMaxFieldBytes));
}

// The day on the clock that a time was stated by, counted from 1970.
int64_t DayOf(const v1::ArticleTime& time) {
  const int64_t seconds = time.time().seconds() + time.offset_minutes() * 60;
  return seconds >= 0 ? seconds / 86400 : (seconds - 86399) / 86400;
}

bool IsMoreExact(const v1::ArticleTime& known, const v1::ArticleTime& stated) {
  return stated.precision() == v1::TIME_PRECISION_DAY &&
         known.precision() > v1::TIME_PRECISION_DAY &&
         DayOf(known) == DayOf(stated);
}

bool IsBelow(const Node* node, const Node* above) {
  while (node != nullptr && node != above) node = node->parent;
  return node != nullptr;
}

class Applier {
 public:
  Applier(const CompiledRule& rule, const Document& document,
          absl::Time fetch_time, bool explain, PageMetadata* metadata,
          v1::Article* article)
      : rule_(rule),
        document_(document),
        search_(document),
        explain_(explain),
        metadata_(*metadata),
        article_(*article),
        date_language_(DateLanguage(*article, article->publisher().country())) {
    dates_.language = date_language_;
    dates_.now = fetch_time;
  }

  RuleParts Run() {
    Headline();
    Line("alternative_headline", rule_.alternative_headline,
         article_.mutable_alternative_headline());
    Line("section", rule_.section, article_.mutable_section());
    Authors();
    if (absl::optional<v1::ArticleTime> time =
            Time("publish_time", rule_.publish_time, article_.publish_time())) {
      *article_.mutable_publish_time() = *std::move(time);
    }
    if (absl::optional<v1::ArticleTime> time = Time(
            "modified_time", rule_.modified_time, article_.modified_time())) {
      *article_.mutable_modified_time() = *std::move(time);
    }
    RuleParts parts;
    Body(&parts);
    Drop(&parts);
    return parts;
  }

 private:
  void Body(RuleParts* parts) {
    for (const Selector& selector : rule_.body) {
      for (Node* node : search_.Find(selector, kMaxBodyParts)) {
        // In document order, what is below one follows right behind it.
        const bool is_held =
            !parts->body.empty() && IsBelow(node, parts->body.back());
        if (!is_held && !TextOf(node, kMaxFieldBytes).empty()) {
          parts->body.push_back(node);
        }
      }
      if (!parts->body.empty()) return;
    }
  }

  // The first element with text that a selector finds; nullptr where none does.
  Node* FirstOf(const std::vector<Selector>& selectors, std::string* value) {
    for (const Selector& selector : selectors) {
      for (Node* node : search_.Find(selector, kMaxLooked)) {
        *value = ValueOf(node);
        if (!value->empty()) return node;
      }
    }
    return nullptr;
  }

  // Writes down that the rule's value won (or lost) against what was chosen.
  void Note(absl::string_view field, absl::string_view value, bool chosen) {
    auto* all = article_.mutable_evidence();
    if (chosen) {
      for (v1::Evidence& entry : *all) {
        if (entry.field() == field) entry.set_chosen(false);
      }
      if (!explain_) {
        all->erase(std::remove_if(all->begin(), all->end(),
                                  [&field](const v1::Evidence& entry) {
                                    return entry.field() == field;
                                  }),
                   all->end());
      }
    } else if (!explain_) {
      return;
    }
    v1::Evidence* entry = all->Add();
    entry->set_field(std::string(field));
    entry->set_source(v1::EVIDENCE_SOURCE_RULE);
    entry->set_detail(rule_.file);
    entry->set_value(std::string(TruncateUtf8(value, 200)));
    entry->set_chosen(chosen);
  }

  const Node* Line(absl::string_view field,
                   const std::vector<Selector>& selectors, std::string* out) {
    std::string value;
    const Node* node = FirstOf(selectors, &value);
    if (node == nullptr) return nullptr;
    *out = value;
    Note(field, value, true);
    return node;
  }

  void Headline() {
    const Node* node =
        Line("headline", rule_.headline, article_.mutable_headline());
    if (node == nullptr) return;
    metadata_.headline_node = node;
    metadata_.headlines.insert(metadata_.headlines.begin(),
                               article_.headline());
  }

  void Authors() {
    for (const Selector& selector : rule_.authors) {
      const std::vector<Node*> nodes = search_.Find(selector, kMaxAuthors);
      std::vector<v1::Author> authors;
      std::string all;
      for (Node* node : nodes) AddNames(node, &authors, &all);
      if (authors.empty()) continue;
      article_.clear_authors();
      for (v1::Author& author : authors) {
        *article_.add_authors() = std::move(author);
      }
      metadata_.byline_nodes.insert(metadata_.byline_nodes.end(), nodes.begin(),
                                    nodes.end());
      Note("authors", all, true);
      return;
    }
  }

  void AddNames(Node* node, std::vector<v1::Author>* authors,
                std::string* all) const {
    const std::string value = ValueOf(node);
    const std::vector<std::string> names = NamesInByline(value);
    for (const std::string& name : names) {
      const bool is_known = std::any_of(
          authors->begin(), authors->end(),
          [&name](const v1::Author& author) { return author.name() == name; });
      if (is_known || authors->size() >= kMaxAuthors) continue;
      v1::Author author;
      author.set_name(name);
      author.set_kind(KindOfName(name, article_.publisher().name(),
                                 article_.publisher().domain()));
      // The one link beside the one name is the author's page.
      if (names.size() == 1) author.set_url(LinkOf(node));
      authors->push_back(std::move(author));
      if (!all->empty()) all->append("; ");
      all->append(name);
    }
  }

  std::string LinkOf(Node* node) const {
    Node* link = TagOf(node) == LXB_TAG_A ? node : FindFirst(node, LXB_TAG_A);
    const absl::string_view href =
        link == nullptr ? absl::string_view() : Attribute(link, "href");
    return href.empty() ? "" : document_.Resolve(href);
  }

  // The time the rule finds, unless what is `known` is the same, more exactly.
  absl::optional<v1::ArticleTime> Time(absl::string_view field,
                                       const std::vector<Selector>& selectors,
                                       const v1::ArticleTime& known) {
    for (const Selector& selector : selectors) {
      for (Node* node : search_.Find(selector, kMaxLooked)) {
        absl::optional<v1::ArticleTime> time = ReadTime(node);
        if (!time.has_value()) continue;
        time->set_raw(CleanText(time->raw()));
        metadata_.date_nodes.push_back(node);
        const bool wins = !IsMoreExact(known, *time);
        Note(field, time->raw(), wins);
        if (!wins) time.reset();
        return time;
      }
    }
    return absl::nullopt;
  }

  absl::optional<v1::ArticleTime> ReadTime(Node* node) const {
    for (const char* name : {"datetime", "content"}) {
      const absl::string_view stated = Attribute(node, name);
      absl::optional<v1::ArticleTime> time = ReadMachineTime(stated);
      if (!time.has_value()) time = ReadDate(stated, dates_);
      if (time.has_value()) return time;
    }
    return ReadDate(ShortTextOf(node, kMaxFieldBytes), dates_);
  }

  void Drop(RuleParts* parts) {
    std::vector<Node*> inline_nodes;
    for (const Selector& selector : rule_.drop) {
      for (Node* node : search_.Find(selector)) {
        if (IsBlockTag(TagOf(node))) {
          parts->dropped.push_back(node);
        } else if (node != document_.html() && node != document_.head()) {
          inline_nodes.push_back(node);
        }
      }
    }
    // Removing twice, or below what is removed, is harmless: nodes stay alive.
    for (Node* node : inline_nodes) {
      if (node->parent != nullptr) lxb_dom_node_remove(node);
    }
  }

  const CompiledRule& rule_;
  const Document& document_;
  SelectorSearch search_;
  const bool explain_;
  PageMetadata& metadata_;
  v1::Article& article_;
  const std::string date_language_;
  DateContext dates_;
};

}  // namespace

RuleParts ApplyRule(const CompiledRule& rule, const Document& document,
                    absl::Time fetch_time, bool explain, PageMetadata* metadata,
                    v1::Article* article) {
  return Applier(rule, document, fetch_time, explain, metadata, article).Run();
}

void DropMedia(const RuleParts& parts, PageModel* model) {
  if (parts.dropped.empty()) return;
  const absl::flat_hash_set<const Node*> dropped(parts.dropped.begin(),
                                                 parts.dropped.end());
  std::vector<bool> in_dropped(model->boxes.size());
  for (size_t i = 0; i < in_dropped.size(); ++i) {
    const Box& box = model->boxes[i];
    in_dropped[i] =
        dropped.contains(box.node) ||
        (box.parent >= 0 && in_dropped[static_cast<size_t>(box.parent)]);
  }
  const auto is_dropped = [&in_dropped](const MediaPlace& place) {
    return in_dropped[static_cast<size_t>(place.box)];
  };
  model->media.erase(
      std::remove_if(model->media.begin(), model->media.end(), is_dropped),
      model->media.end());
}

}  // namespace dateline

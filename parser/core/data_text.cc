#include "parser/core/data_text.h"

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "parser/core/data_markup.h"
#include "parser/core/json_ld.h"
#include "parser/core/page_data.h"
#include "parser/core/text.h"
#include "parser/core/title_words.h"
#include "simdjson.h"

namespace dateline {
namespace {

using Element = simdjson::dom::element;
using Object = simdjson::dom::object;
using Array = simdjson::dom::array;

// Keys and items of all objects and lists that are gone through, however often
// flat data leads to one, and 16 bytes of a title.
constexpr size_t kMostValues = 400000;
constexpr int kMostDepth = 60;
constexpr size_t kMostCandidates = 20;
// For all that is read of a page's data, some of it in vain (see MarkupOfData).
constexpr size_t kBudget = 400000;
constexpr double kFewestWords = 60;
// Data's text must be this many times the text shown.
constexpr double kFarLonger = 3;

constexpr const char* kBodyKeys[] = {"content_elements",
                                     "contentElements",
                                     "articleBody",
                                     "article_body",
                                     "bodyHtml",
                                     "bodyHTML",
                                     "body_html",
                                     "htmlBody",
                                     "contentHtml",
                                     "content_html",
                                     "fullText",
                                     "full_text",
                                     "bodyText",
                                     "storyHtml",
                                     "richText",
                                     "rich_text",
                                     "body",
                                     "content",
                                     "blocks",
                                     "paragraphs",
                                     "components",
                                     "contentBlocks",
                                     "html",
                                     "text",
                                     "texto",
                                     "cuerpo",
                                     "inhalt",
                                     "corpo"};
constexpr const char* kTitleKeys[] = {"headline", "title",  "headlines",
                                      "hed",      "titulo", "titel",
                                      "titre",    "titolo"};
constexpr const char* kDateKeys[] = {"datePublished",
                                     "publishedAt",
                                     "published_at",
                                     "publishDate",
                                     "publish_date",
                                     "published",
                                     "publishedDate",
                                     "published_date",
                                     "display_date",
                                     "firstPublished",
                                     "first_publish_date",
                                     "firstPublishedAt",
                                     "publicationDate",
                                     "publishTime",
                                     "createdAt",
                                     "created_at",
                                     "date"};

// Keys that lead away from the page's own article.
bool LeadsElsewhere(absl::string_view key) {
  const std::string lower = FoldedName(key);
  for (const char* part :
       {"related",  "recommend",  "latest",      "mostread",   "popular",
        "trending", "comment",    "footer",      "navigation", "sidebar",
        "cookie",   "consent",    "translation", "i18n",       "locale",
        "message",  "newsletter", "promo",       "advert",     "teaser",
        "readalso", "suggest",    "similar",     "morefrom",   "breaking",
        "menu",     "caption",    "author",      "biograph",   "disclaimer"}) {
    if (absl::StrContains(lower, part)) return true;
  }
  return false;
}

struct Candidate {
  std::string markup;
  std::string text;
  std::string title;
  std::string path;
  double words = 0;
  bool has_date = false;
};

struct Context {
  std::string title;
  bool has_date = false;
};

// Collects what may be an article's text in one document.
class Collector {
 public:
  // `values` and `budget` are what is left for this and all other documents.
  Collector(const DataView& view, size_t* values, size_t* budget,
            std::vector<Candidate>* found)
      : view_(view), values_(*values), budget_(*budget), found_(*found) {}

  void Visit(Element value, const Context& outer, const std::string& path,
             int depth) {
    if (depth > kMostDepth || found_.size() >= kMostCandidates) return;
    Array array;
    Object object;
    if (value.get(array) == simdjson::SUCCESS) {
      if (!Pays(1 + array.size())) return;
      for (const Element item : array) {
        if (item.is_string()) continue;
        Visit(view_.Follow(item), outer, path, depth + 1);
      }
    } else if (value.get(object) == simdjson::SUCCESS &&
               Pays(1 + object.size())) {
      VisitObject(object, outer, path, depth);
    }
  }

 private:
  bool Pays(size_t price) {
    if (values_ < price) return false;
    values_ -= price;
    return true;
  }

  void VisitObject(const Object& object, const Context& outer,
                   const std::string& path, int depth) {
    Context context = outer;
    const std::string title = TitleOf(object);
    if (!title.empty()) context = {title, false};
    for (const char* key : kDateKeys) {
      context.has_date = context.has_date || HasValue(object, key);
    }
    absl::string_view taken;
    Candidate candidate = BodyOf(object, &taken);
    if (!taken.empty()) {
      candidate.title = context.title;
      candidate.has_date = context.has_date;
      candidate.path = absl::StrCat(path, path.empty() ? "" : ".", taken);
      found_.push_back(std::move(candidate));
    }
    for (const auto& [raw_key, value] : object) {
      const absl::string_view key(raw_key.data(), raw_key.size());
      if (key == taken || LeadsElsewhere(key)) continue;
      const Element inner = view_.Follow(value);
      if (!inner.is_object() && !inner.is_array()) continue;
      Visit(inner, context,
            path.size() > 150 ? path
                              : absl::StrCat(path, path.empty() ? "" : ".",
                                             TruncateUtf8(key, 60)),
            depth + 1);
    }
  }

  bool HasValue(const Object& object, absl::string_view key) const {
    const absl::optional<Element> value = view_.Get(object, key);
    return value.has_value() && !value->is_null() &&
           (!value->is_string() || !view_.TextAt(object, key).empty());
  }

  // A title, or the first string of an object that stands for it.
  std::string TitleOf(const Object& object) {
    for (const char* key : kTitleKeys) {
      const absl::optional<Element> value = view_.Get(object, key);
      if (!value.has_value()) continue;
      absl::string_view text = view_.TextAt(object, key);
      Object inner;
      if (value->get(inner) == simdjson::SUCCESS) {
        for (const char* name :
             {"basic", "default", "main", "text", "rendered", "value"}) {
          if (text.empty()) text = view_.TextAt(inner, name);
        }
      }
      if (text.size() < 8 || text.size() >= 500) continue;
      return Pays(text.size() / 16) ? PlainText(text) : "";
    }
    return "";
  }

  // The longest text of the object's own; `taken` is the key it stands at,
  // empty where there is none.
  Candidate BodyOf(const Object& object, absl::string_view* taken) {
    Candidate best;
    for (const char* key : kBodyKeys) {
      const absl::optional<Element> value = view_.Get(object, key);
      if (!value.has_value() || !MayBeText(*value)) continue;
      Candidate candidate;
      candidate.markup = MarkupOfData(view_, *value, &budget_);
      if (candidate.markup.size() < kFewestBytes) continue;
      candidate.text = PlainText(candidate.markup);
      candidate.words = static_cast<double>(CountWords(candidate.text));
      if (candidate.words < kFewestWords || candidate.words <= best.words) {
        continue;
      }
      best = std::move(candidate);
      *taken = key;
    }
    return best;
  }

  static bool MayBeText(Element value) {
    std::string_view text;
    if (value.get(text) == simdjson::SUCCESS) {
      return text.size() >= kFewestBytes;
    }
    return value.is_array() || value.is_object();
  }

  static constexpr size_t kFewestBytes = 200;
  const DataView& view_;
  size_t& values_;
  size_t& budget_;
  std::vector<Candidate>& found_;
};

std::vector<Candidate> CandidatesIn(absl::string_view source) {
  std::vector<Candidate> candidates;
  size_t values = kMostValues;
  size_t budget = kBudget;
  for (const PageData& data : FindPageData(source)) {
    const absl::string_view json = data.text();
    simdjson::dom::parser parser;
    Element root;
    if (parser.parse(json.data(), json.size()).get(root) != simdjson::SUCCESS) {
      continue;
    }
    const DataView view(root, data.is_flat);
    Collector(view, &values, &budget, &candidates)
        .Visit(view.root(), {}, "", 0);
  }
  return candidates;
}

// Whether the page says that a candidate is its own article's.
bool IsOfPage(const Candidate& candidate, const DataTextQuery& query) {
  constexpr double kAlike = 0.6;
  for (const std::string& headline : query.clues.headlines) {
    if (WordOverlap(candidate.title, headline) >= kAlike) return true;
  }
  if (!candidate.title.empty() && query.shown_words < 15) return false;
  const ShingleSet text(candidate.text);
  if (query.shown_words >= 15 && text.Coverage(query.shown) >= 0.5) return true;
  if (!candidate.title.empty()) return false;
  for (const std::string& description : query.clues.descriptions) {
    if (CountWords(description) >= 8 && text.Coverage(description) >= kAlike) {
      return true;
    }
  }
  return false;
}

// Where nothing matches: the only text with a title and a date, on a page that
// shows nothing at all.
const Candidate* OnlyArticle(const std::vector<Candidate>& candidates,
                             const DataTextQuery& query) {
  if (query.shown_words >= 10) return nullptr;
  const Candidate* only = nullptr;
  for (const Candidate& candidate : candidates) {
    if (candidate.title.empty() || !candidate.has_date) continue;
    if (only != nullptr && only->text != candidate.text) return nullptr;
    only = &candidate;
  }
  return only;
}

std::string PageAround(absl::string_view markup) {
  return absl::StrCat("<!DOCTYPE html><body><article>", markup,
                      "</article></body>");
}

}  // namespace

absl::optional<DataText> FindDataText(const DataTextQuery& query) {
  if (query.shown_words > kEnoughShownWords) return absl::nullopt;
  const double fewest = std::max(kFewestWords, kFarLonger * query.shown_words);
  const std::vector<Candidate> candidates = CandidatesIn(query.source);
  const Candidate* best = nullptr;
  for (const Candidate& candidate : candidates) {
    if (candidate.words < fewest || !IsOfPage(candidate, query)) continue;
    if (best == nullptr || candidate.words > best->words) best = &candidate;
  }
  const bool is_only = best == nullptr;
  if (is_only) best = OnlyArticle(candidates, query);
  if (best != nullptr && best->words >= fewest) {
    return DataText{PageAround(best->markup), best->title, is_only,
                    v1::EVIDENCE_SOURCE_SCRIPT, best->path};
  }
  const std::string& plain = query.clues.article_body;
  if (static_cast<double>(CountWords(plain)) < fewest) return absl::nullopt;
  return DataText{PageAround(MarkupOfText(query.article_body)), "", false,
                  v1::EVIDENCE_SOURCE_JSON_LD, "articleBody"};
}

}  // namespace dateline

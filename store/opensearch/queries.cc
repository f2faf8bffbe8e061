#include "store/opensearch/queries.h"

#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/error_details.h"
#include "store/core/grouping.h"
#include "store/core/indexed_text.h"
#include "store/core/letter_words.h"
#include "store/opensearch/errors.h"
#include "store/opensearch/index_fields.h"

namespace dateline::store {
namespace {

using Json = nlohmann::json;

constexpr char kMarkBegin[] = "\u2068";
constexpr char kMarkEnd[] = "\u2069";
constexpr char kEllipsis[] = "\u2026";
// Of a snippet, in characters.
constexpr int kSnippetLength = 200;
constexpr size_t kMaxSnippetBytes = 2000;
// Of words that a phrase's last, unfinished one may become.
constexpr int kPrefixExpansions = 1000;

// A word in the headline counts as five in the body.
Json FieldsOf(SearchTerm::Field field) {
  switch (field) {
    case SearchTerm::Field::kHeadline:
      return {"headline^5"};
    case SearchTerm::Field::kBody:
      return {"body"};
    case SearchTerm::Field::kAny:
      break;
  }
  return {"headline^5", "body"};
}

// Whether the index's analyzer makes one word of it, for certain.
bool IsOneWord(const std::string& utf8) {
  const icu::UnicodeString text = icu::UnicodeString::fromUTF8(utf8);
  constexpr uint32_t kOfWords = U_GC_L_MASK | U_GC_N_MASK | U_GC_M_MASK;
  for (int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    if ((U_GET_GC_MASK(c) & kOfWords) == 0 || IsLetterWord(c)) return false;
  }
  return true;
}

Json TermMatch(const SearchTerm& term) {
  Json match = {{"query", term.text},
                {"fields", FieldsOf(term.field)},
                // The sum of the fields' scores.
                {"tie_breaker", 1.0}};
  if (!term.prefix) {
    match["type"] = "phrase";
  } else if (IsOneWord(term.text)) {
    match["type"] = "bool_prefix";
  } else {
    match["type"] = "phrase_prefix";
    match["max_expansions"] = kPrefixExpansions;
  }
  return {{"multi_match", std::move(match)}};
}

std::string FirstFragment(const Json& hit, const char* field) {
  const auto highlight = hit.find("highlight");
  if (highlight == hit.end()) return {};
  const auto fragments = highlight->find(field);
  if (fragments == highlight->end() || fragments->empty()) return {};
  return fragments->front().get<std::string>();
}

// A fragment is cut where a word or sentence ends, and so may be of any length:
// what is left of a long one around its first mark.
std::string Bounded(const std::string& fragment) {
  if (fragment.size() <= kMaxSnippetBytes) return fragment;
  const auto is_inside = [&](size_t at) {
    return at < fragment.size() && (fragment[at] & 0xc0) == 0x80;
  };
  const size_t mark = std::min(fragment.find(kMarkBegin), fragment.size());
  size_t begin = mark - std::min(mark, kMaxSnippetBytes / 4);
  while (is_inside(begin)) ++begin;
  size_t end = std::min(begin + kMaxSnippetBytes, fragment.size());
  while (is_inside(end)) --end;
  std::string piece = fragment.substr(begin, end - begin);
  const size_t opened = piece.rfind(kMarkBegin);
  const size_t closed = piece.rfind(kMarkEnd);
  if (opened != std::string::npos &&
      (closed == std::string::npos || closed < opened)) {
    piece.append(kMarkEnd);
  }
  return piece;
}

// Marks that touch become one, and what is left out of `text` an ellipsis.
std::string ToSnippet(const std::string& found, const std::string& text) {
  if (found.empty()) return {};
  const std::string fragment = Bounded(found);
  std::string snippet =
      absl::StrReplaceAll(fragment, {{absl::StrCat(kMarkEnd, kMarkBegin), ""}});
  const std::string plain =
      absl::StrReplaceAll(fragment, {{kMarkBegin, ""}, {kMarkEnd, ""}});
  const size_t at = text.find(plain);
  if (at == std::string::npos) return snippet;
  if (at > 0) snippet.insert(0, kEllipsis);
  if (at + plain.size() < text.size()) snippet.append(kEllipsis);
  return snippet;
}

Json Groups(v1::AggregateGrouping grouping, int top, int shard_size) {
  const Json order =
      IsTimeGrouping(grouping)
          ? Json{{"_key", "desc"}}
          : Json::array({{{"_count", "desc"}}, {{"_key", "asc"}}});
  return {{"terms",
           {{"field", field::OfGrouping(grouping)},
            {"size", top},
            {"shard_size", shard_size},
            {"order", order}}}};
}

Json Missing(v1::AggregateGrouping grouping) {
  return {{"missing", {{"field", field::OfGrouping(grouping)}}}};
}

// False where counts may be wrong.
template <typename Message>
bool ReadGroups(const Json& aggregations, Message& message) {
  const auto groups = aggregations.find("groups");
  if (groups == aggregations.end()) return true;
  if (groups->value("doc_count_error_upper_bound", int64_t{0}) > 0) {
    return false;
  }
  message.set_other_count(groups->value("sum_other_doc_count", int64_t{0}));
  message.set_missing_count(
      aggregations.at("missing").value("doc_count", int64_t{0}));
  for (const Json& bucket : groups->at("buckets")) {
    v1::AggregateGroup& group = *message.add_groups();
    group.set_value(bucket.at("key").get<std::string>());
    group.set_count(bucket.at("doc_count").get<int64_t>());
    if (!ReadGroups(bucket, group)) return false;
  }
  return true;
}

}  // namespace

Json TermQuery(const char* field, Json value) {
  Json term = Json::object();
  term[field] = std::move(value);
  return {{"term", std::move(term)}};
}

Json TermsQuery(const char* field, Json values) {
  Json terms = Json::object();
  terms[field] = std::move(values);
  return {{"terms", std::move(terms)}};
}

Json AllOf(Json queries) {
  return {{"bool", {{"filter", std::move(queries)}}}};
}

Json SelectionQuery(const Selection& selection) {
  Json body = {
      {"filter", Json::array({TermQuery(field::kKind, field::kKindArticle)})}};
  if (selection.filter != filter::Condition()) {
    body["filter"].push_back(
        filter::ToOpenSearchQuery(selection.filter, field::FilterSchema()));
  }
  for (const SearchTerm& term : selection.terms) {
    body["must"].push_back(TermMatch(term));
  }
  return {{"bool", std::move(body)}};
}

Json ListSort(const ListOrder& order) {
  const char* direction = order.descending ? "desc" : "asc";
  Json time = Json::object();
  time[order.field == ListOrder::Field::kPublishTime ? field::kPublishTime
                                                     : field::kFetchTime] = {
      {"order", direction}, {"missing", order.descending ? "_last" : "_first"}};
  return Json::array({std::move(time), {{field::kUid, direction}}});
}

Json SearchSort() {
  return Json::array({{{"_score", "desc"}}, {{field::kUid, "asc"}}});
}

Json StorySort() {
  Json time = Json::object();
  time[field::kStoryLast] = {{"order", "desc"}, {"missing", "_last"}};
  return Json::array({std::move(time), {{field::kUid, "desc"}}});
}

absl::StatusOr<std::optional<Json>> ReadCursor(absl::string_view cursor,
                                               size_t size) {
  if (cursor.empty()) return std::nullopt;
  Json values = Json::parse(cursor.begin(), cursor.end(), nullptr, false);
  bool good = values.is_array() && values.size() == size;
  // A text is where the uid stands, last.
  for (size_t i = 0; good && i < size; ++i) {
    good = i + 1 < size ? values[i].is_number() : values[i].is_string();
  }
  if (!good) {
    return InvalidField("page_token", "is none of this store");
  }
  return values;
}

Json Highlight() {
  return {
      {"pre_tags", {kMarkBegin}},
      {"post_tags", {kMarkEnd}},
      {"order", "score"},
      {"number_of_fragments", 1},
      {"fragment_size", kSnippetLength},
      {"fields",
       {{field::kHeadline, Json::object()}, {field::kBody, Json::object()}}}};
}

std::string SnippetOf(const Json& hit, const v1::Article& article) {
  if (const std::string fragment = FirstFragment(hit, field::kBody);
      !fragment.empty()) {
    return ToSnippet(fragment, IndexedText(article));
  }
  return ToSnippet(FirstFragment(hit, field::kHeadline), article.headline());
}

Json Aggregations(const std::vector<v1::AggregateGrouping>& groupings, int top,
                  int shard_size, const std::vector<std::string>& outer) {
  Json aggregations = Json::object();
  for (auto it = groupings.rbegin(); it != groupings.rend(); ++it) {
    Json groups = Groups(*it, top, shard_size);
    if (!aggregations.empty()) groups["aggs"] = std::move(aggregations);
    aggregations = {{"groups", std::move(groups)}, {"missing", Missing(*it)}};
  }
  if (!outer.empty()) aggregations["groups"]["terms"]["include"] = outer;
  return aggregations;
}

std::optional<v1::AggregateArticlesResponse> ReadAggregations(
    const Json& answer) {
  v1::AggregateArticlesResponse response;
  if (!ReadGroups(answer.at("aggregations"), response)) return std::nullopt;
  response.set_total_count(
      answer.at("hits").at("total").at("value").get<int64_t>());
  return response;
}

}  // namespace dateline::store

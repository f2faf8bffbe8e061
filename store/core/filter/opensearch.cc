#include "store/core/filter/opensearch.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"

namespace dateline::store::filter {
namespace {

using Json = nlohmann::json;

const std::string& Name(Field field, const OpenSearchSchema& schema) {
  switch (field) {
    case Field::kPublisher:
      return schema.publisher;
    case Field::kDomain:
      return schema.domain;
    case Field::kLanguage:
      return schema.language;
    case Field::kSection:
      return schema.section;
    case Field::kAuthor:
      return schema.author;
    case Field::kKeyword:
      return schema.keyword;
    case Field::kAccess:
      return schema.access;
    case Field::kArticleType:
      return schema.article_type;
    case Field::kPublishTime:
      return schema.publish_time;
    case Field::kFetchTime:
      return schema.fetch_time;
    case Field::kHeadline:
      break;
  }
  return schema.headline;
}

std::string EscapeForWildcard(absl::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '*' || c == '?' || c == '\\') escaped.push_back('\\');
    escaped.push_back(c);
  }
  return escaped;
}

// {query: {field: body}}
Json FieldQuery(absl::string_view query, const std::string& field, Json body) {
  Json inner = Json::object();
  inner[field] = std::move(body);
  Json outer = Json::object();
  outer[std::string(query)] = std::move(inner);
  return outer;
}

// One query for each kind of test.
struct TestQuery {
  const Predicate& predicate;
  const std::string& name;

  Json operator()(const Present&) const {
    return {{"exists", {{"field", name}}}};
  }

  Json operator()(const TextMatch& match) const {
    const auto query = [&](absl::string_view kind, std::string value) {
      Json body = {{"value", std::move(value)}};
      if (match.ignore_case) body["case_insensitive"] = true;
      return FieldQuery(kind, name, std::move(body));
    };
    switch (match.kind) {
      case TextMatch::Kind::kEquals:
        return query("term", match.text);
      case TextMatch::Kind::kBegins:
        return query("prefix", match.text);
      case TextMatch::Kind::kEnds:
        return query("wildcard",
                     absl::StrCat("*", EscapeForWildcard(match.text)));
      case TextMatch::Kind::kContains:
        break;
    }
    return query("wildcard",
                 absl::StrCat("*", EscapeForWildcard(match.text), "*"));
  }

  Json operator()(const EnumMatch& match) const {
    const auto* value =
        EnumOf(predicate.field)->FindValueByNumber(match.number);
    return FieldQuery("term", name, {{"value", value->name()}});
  }

  Json operator()(const TimeRange& range) const {
    Json bounds = Json::object();
    if (range.begin_us) bounds["gte"] = *range.begin_us;
    if (range.end_us) bounds["lt"] = *range.end_us;
    return FieldQuery("range", name, std::move(bounds));
  }
};

Json Bool(absl::string_view occurrence, Json queries) {
  Json body = Json::object();
  body[std::string(occurrence)] = std::move(queries);
  if (occurrence == "should") body["minimum_should_match"] = 1;
  return {{"bool", std::move(body)}};
}

Json LeafQuery(const Predicate& predicate, const OpenSearchSchema& schema) {
  Json query = std::visit(TestQuery{predicate, Name(predicate.field, schema)},
                          predicate.test);
  if (!predicate.negated) return query;
  return Bool("must_not", Json::array({std::move(query)}));
}

}  // namespace

nlohmann::json ToOpenSearchQuery(const Condition& condition,
                                 const OpenSearchSchema& schema) {
  if (condition.kind == TreeKind::kLeaf) {
    return LeafQuery(condition.leaf, schema);
  }
  Json queries = Json::array();
  for (const Condition& operand : condition.operands) {
    queries.push_back(ToOpenSearchQuery(operand, schema));
  }
  const bool any = condition.kind == TreeKind::kAny;
  if (queries.empty())
    return {{any ? "match_none" : "match_all", Json::object()}};
  if (condition.kind == TreeKind::kNot)
    return Bool("must_not", std::move(queries));
  return Bool(any ? "should" : "filter", std::move(queries));
}

}  // namespace dateline::store::filter

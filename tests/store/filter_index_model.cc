#include "tests/store/filter_index_model.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "gtest/gtest.h"

namespace dateline::store::filter {
namespace {

using Json = nlohmann::json;

void SetText(Json& document, const std::string& name, const std::string& text) {
  if (!text.empty()) document[name] = Json::array({text});
}

void AddText(Json& document, const std::string& name, const std::string& text) {
  if (!text.empty()) document[name].push_back(text);
}

Json Micros(const google::protobuf::Timestamp& time) {
  return Json::array({time.seconds() * 1'000'000 + time.nanos() / 1000});
}

// OpenSearch's wildcard patterns: * ? and a backslash that escapes.
bool MatchesWildcard(absl::string_view pattern, absl::string_view text) {
  if (pattern.empty()) return text.empty();
  if (pattern[0] == '*') {
    for (size_t i = 0; i <= text.size(); ++i) {
      if (MatchesWildcard(pattern.substr(1), text.substr(i))) return true;
    }
    return false;
  }
  if (text.empty()) return false;
  if (pattern[0] == '\\') {
    pattern.remove_prefix(1);
  } else if (pattern[0] == '?') {
    return MatchesWildcard(pattern.substr(1), text.substr(1));
  }
  return pattern[0] == text[0] &&
         MatchesWildcard(pattern.substr(1), text.substr(1));
}

bool FindsText(const std::string& kind, const Json& body, const Json& value) {
  std::string text = value.get<std::string>();
  std::string wanted = body.at("value").get<std::string>();
  if (body.value("case_insensitive", false)) {
    absl::AsciiStrToLower(&text);
    absl::AsciiStrToLower(&wanted);
  }
  if (kind == "term") return text == wanted;
  if (kind == "prefix") return absl::StartsWith(text, wanted);
  EXPECT_EQ(kind, "wildcard");
  return MatchesWildcard(wanted, text);
}

bool FindsNumber(const Json& body, const Json& value) {
  const auto number = value.get<int64_t>();
  return (!body.contains("gte") || number >= body["gte"].get<int64_t>()) &&
         (!body.contains("lt") || number < body["lt"].get<int64_t>());
}

bool FindsByBool(const Json& body, const Json& document) {
  const auto finds = [&](const Json& query) { return Finds(query, document); };
  if (body.contains("must_not")) {
    return std::none_of(body["must_not"].begin(), body["must_not"].end(),
                        finds);
  }
  if (body.contains("should")) {
    EXPECT_EQ(body.at("minimum_should_match"), 1);
    return std::any_of(body["should"].begin(), body["should"].end(), finds);
  }
  return std::all_of(body.at("filter").begin(), body.at("filter").end(), finds);
}

}  // namespace

OpenSearchSchema ModelSchema() {
  return {.publisher = "publisher",
          .domain = "domain",
          .language = "language",
          .section = "section",
          .author = "author",
          .keyword = "keyword",
          .headline = "headline",
          .access = "access",
          .article_type = "article_type",
          .publish_time = "publish_time",
          .fetch_time = "fetch_time"};
}

Json ToDocument(const v1::Article& article) {
  Json document = Json::object();
  SetText(document, "publisher", article.publisher().name());
  SetText(document, "domain", article.publisher().domain());
  SetText(document, "language", article.language().tag());
  SetText(document, "section", article.section());
  SetText(document, "headline", article.headline());
  for (const auto& author : article.authors()) {
    AddText(document, "author", author.name());
  }
  for (const auto& word : article.keywords()) {
    AddText(document, "keyword", word);
  }
  if (article.access() != 0) {
    SetText(document, "access", v1::Access_Name(article.access()));
  }
  if (article.article_type() != 0) {
    SetText(document, "article_type",
            v1::ArticleType_Name(article.article_type()));
  }
  if (article.publish_time().has_time()) {
    document["publish_time"] = Micros(article.publish_time().time());
  }
  if (article.has_fetch_time()) {
    document["fetch_time"] = Micros(article.fetch_time());
  }
  return document;
}

bool Finds(const Json& query, const Json& document) {
  EXPECT_EQ(query.size(), 1u);
  const std::string kind = query.begin().key();
  const Json& body = query.begin().value();
  if (kind == "match_all") return true;
  if (kind == "bool") return FindsByBool(body, document);
  if (kind == "exists") {
    return document.contains(body.at("field").get<std::string>());
  }
  const std::string field = body.begin().key();
  if (!document.contains(field)) return false;
  const Json& values = document[field];
  return std::any_of(values.begin(), values.end(), [&](const Json& value) {
    return kind == "range" ? FindsNumber(body.begin().value(), value)
                           : FindsText(kind, body.begin().value(), value);
  });
}

}  // namespace dateline::store::filter

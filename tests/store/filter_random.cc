#include "tests/store/filter_random.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"

namespace dateline::store::filter {
namespace {

constexpr absl::string_view kTexts[] = {
    "",      "a",     "A",        "ab",   "aB",    "b",    "pt",
    "pt-BR", "PT-br", "pt_BR",    "a%b",  "a_b",   "axb",  "a*b",
    "a?b",   "[a]",   "a]",       "\\a",  "a\"b",  "it's", "Éa",
    "éa",    "日本",  "日本経済", "AND",  "-a",    "(a)",  "a b",
    "a:b",   "a=b",   "a\\%b",    "[^a]", "ab-ab", "😀a",   "*"};

std::vector<std::string> TextsOf(const v1::Article& article,
                                 absl::string_view field) {
  if (field == "publisher") return {article.publisher().name()};
  if (field == "domain") return {article.publisher().domain()};
  if (field == "language") return {article.language().tag()};
  if (field == "section") return {article.section()};
  if (field == "headline") return {article.headline()};
  std::vector<std::string> texts;
  if (field == "keyword") {
    texts.assign(article.keywords().begin(), article.keywords().end());
  } else {
    for (const auto& author : article.authors()) texts.push_back(author.name());
  }
  return texts;
}

std::optional<absl::Time> TimeOf(const v1::Article& article, bool publish) {
  if (publish ? !article.publish_time().has_time()
              : !article.has_fetch_time()) {
    return std::nullopt;
  }
  const auto& time =
      publish ? article.publish_time().time() : article.fetch_time();
  return absl::FromUnixSeconds(time.seconds()) +
         absl::Nanoseconds(time.nanos());
}

std::string InQuotes(absl::string_view text, char quote) {
  std::string quoted(1, quote);
  for (const char c : text) {
    if (c == quote || c == '\\' || c == '*') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return quoted;
}

bool NeedsQuotes(absl::string_view text) {
  return text.empty() || text == "AND" ||
         text.find_first_of(" ()\"'=!<>\\*") != absl::string_view::npos;
}

}  // namespace

absl::string_view Random::Pick() { return kTexts[Below(std::size(kTexts))]; }

v1::Article Random::MakeArticle() {
  v1::Article article;
  const auto text = [this] { return std::string(Pick()); };
  article.mutable_publisher()->set_name(text());
  article.mutable_publisher()->set_domain(text());
  article.mutable_language()->set_tag(text());
  article.set_section(text());
  article.set_headline(text() + text());
  for (size_t i = Below(4); i > 0; --i) article.add_authors()->set_name(text());
  for (size_t i = Below(4); i > 0; --i) article.add_keywords(text());
  article.set_access(static_cast<v1::Access>(Below(4)));
  article.set_article_type(static_cast<v1::ArticleType>(Below(9)));
  const auto set_time = [this](google::protobuf::Timestamp* time) {
    // Around the epoch, often on a boundary.
    time->set_seconds((static_cast<int64_t>(Below(9)) - 4) * 43'200);
    time->set_nanos(OneIn(2) ? 0 : static_cast<int32_t>(Below(3)) * 500'500);
  };
  if (!OneIn(4)) set_time(article.mutable_publish_time()->mutable_time());
  if (!OneIn(4)) set_time(article.mutable_fetch_time());
  return article;
}

Random::Filter Random::TextRestriction() {
  constexpr absl::string_view kNames[] = {"publisher", "domain", "language",
                                          "section",   "author", "keyword",
                                          "headline"};
  const absl::string_view name = kNames[Below(std::size(kNames))];
  const absl::string_view value = Pick();
  const absl::string_view op =
      value.empty() || !OneIn(2) ? (OneIn(2) ? "=" : "!=") : ":";
  const bool before = OneIn(4);
  const bool behind = OneIn(4);
  const char* star_before = before ? "*" : "";
  const char* star_behind = behind ? "*" : "";
  std::string written;
  if (NeedsQuotes(value) || OneIn(3)) {
    const char quote = OneIn(2) ? '"' : '\'';
    written = InQuotes(value, quote);
    written.insert(1, star_before);
    absl::StrAppend(&written, star_behind, std::string(1, quote));
  } else {
    written = absl::StrCat(star_before, value, star_behind);
  }
  const auto holds_for = [=](std::string text) {
    if (before || behind) {
      if (value.empty()) return !text.empty();
    } else if (value.empty()) {
      return text.empty();
    }
    std::string wanted(value);
    if (op == ":") {
      text = absl::AsciiStrToLower(text);
      wanted = absl::AsciiStrToLower(wanted);
    }
    const bool list = name == "author" || name == "keyword";
    if (op == ":" && !before && !behind && !list) {
      if (name != "language") return absl::StrContains(text, wanted);
      return text == wanted || absl::StartsWith(text, wanted + "-");
    }
    if (before && behind) return absl::StrContains(text, wanted);
    if (before) return absl::EndsWith(text, wanted);
    if (behind) return absl::StartsWith(text, wanted);
    return text == wanted;
  };
  const auto holds = [=](const v1::Article& article) {
    const std::vector<std::string> texts = TextsOf(article, name);
    const bool any = std::any_of(texts.begin(), texts.end(), holds_for);
    const bool none = std::all_of(texts.begin(), texts.end(), holds_for);
    // "keyword = ''": there is none.
    const bool absence = value.empty() && !before && !behind;
    return (absence ? none : any) != (op == "!=");
  };
  return {
      absl::StrCat(name, OneIn(2) ? " " : "", op, OneIn(2) ? " " : "", written),
      holds};
}

Random::Filter Random::EnumRestriction() {
  const bool access = OneIn(2);
  const bool negated = OneIn(3);
  const int number = static_cast<int>(Below(access ? 4 : 9));
  std::string value =
      access ? v1::Access_Name(number) : v1::ArticleType_Name(number);
  if (OneIn(2)) {
    value = std::string(
        absl::StripPrefix(value, access ? "ACCESS_" : "ARTICLE_TYPE_"));
  }
  const bool any = OneIn(6);
  return {absl::StrCat(access ? "access" : "article_type",
                       negated    ? "!="
                       : OneIn(2) ? "="
                                  : ":",
                       any ? "*" : value),
          [=](const v1::Article& article) {
            const int actual = access
                                   ? static_cast<int>(article.access())
                                   : static_cast<int>(article.article_type());
            return (any ? actual != 0 : actual == number) != negated;
          }};
}

Random::Filter Random::TimeRestriction() {
  constexpr absl::string_view kOperators[] = {
      "=", "!=", "<", "<=", ">", ">=", ":"};
  const absl::string_view op = kOperators[Below(std::size(kOperators))];
  const bool publish = OneIn(2);
  const bool date = OneIn(2);
  absl::Time begin =
      absl::UnixEpoch() + (static_cast<int>(Below(5)) - 2) * absl::Hours(24);
  if (!date) begin += static_cast<int>(Below(2)) * absl::Microseconds(500);
  const absl::Time end =
      begin + (date ? absl::Hours(24) : absl::Microseconds(1));
  const absl::TimeZone zone =
      absl::FixedTimeZone((static_cast<int>(Below(3)) - 1) * 5400);
  const std::string value =
      date ? absl::FormatTime("%Y-%m-%d", begin, absl::UTCTimeZone())
           : absl::FormatTime(absl::RFC3339_full, begin, zone);
  const auto holds = [=](const v1::Article& article) {
    const std::optional<absl::Time> time = TimeOf(article, publish);
    if (!time.has_value()) return op == "!=";
    if (op == "<") return *time < begin;
    if (op == "<=") return *time < end;
    if (op == ">") return *time >= end;
    if (op == ">=") return *time >= begin;
    return (*time >= begin && *time < end) != (op == "!=");
  };
  return {absl::StrCat(publish ? "publish_time" : "fetch_time", op, value),
          holds};
}

Random::Filter Random::Restriction() {
  if (OneIn(4)) return TimeRestriction();
  if (OneIn(4)) return EnumRestriction();
  return TextRestriction();
}

Random::Filter Random::Negation(int depth) {
  Filter inner = OneIn(2) ? Restriction() : MakeFilter(depth - 1);
  return {absl::StrCat(OneIn(2) ? "NOT " : "-", "(", inner.text, ")"),
          [holds = inner.holds](const v1::Article& article) {
            return !holds(article);
          }};
}

Random::Filter Random::MakeFilter(int depth) {
  if (depth == 0 || OneIn(5)) return Restriction();
  if (OneIn(4)) return Negation(depth);
  const bool conjunction = OneIn(2);
  Filter left = MakeFilter(depth - 1);
  Filter right = MakeFilter(depth - 1);
  const absl::string_view between = !conjunction ? " OR "
                                    : OneIn(2)   ? " AND "
                                                 : " ";
  return {absl::StrCat("(", left.text, ")", between, "(", right.text, ")"),
          [=](const v1::Article& article) {
            return conjunction ? left.holds(article) && right.holds(article)
                               : left.holds(article) || right.holds(article);
          }};
}

}  // namespace dateline::store::filter

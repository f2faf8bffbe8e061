#include "parser/core/extract_line.h"

#include <time.h>

#include <nlohmann/json.hpp>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "parser/core/article_text.h"
#include "parser/core/extract.h"
#include "simdjson.h"

namespace dateline {
namespace {

using Json = nlohmann::ordered_json;

int64_t Microseconds(clockid_t clock) {
  timespec now;
  clock_gettime(clock, &now);
  return now.tv_sec * int64_t{1000000} + now.tv_nsec / 1000;
}

// Questions hold whole pages, which simdjson reads many times as fast.
using Question = simdjson::dom::object;

absl::string_view StringAt(const Question& question, const char* key) {
  std::string_view text;
  if (question.at_key(key).get(text) != simdjson::SUCCESS) return "";
  return {text.data(), text.size()};
}

// Any JSON, as it stands.
Json IdOf(const Question& question) {
  simdjson::dom::element id;
  if (question.at_key("id").get(id) != simdjson::SUCCESS) return nullptr;
  return Json::parse(simdjson::minify(id), nullptr, /*allow_exceptions=*/false);
}

// Takes "text/html; charset=UTF-8" apart.
void SetContentType(absl::string_view content_type, v1::RawPage* page) {
  const size_t end = std::min(content_type.find(';'), content_type.size());
  page->set_media_type(absl::AsciiStrToLower(
      absl::StripAsciiWhitespace(content_type.substr(0, end))));
  const std::string lower = absl::AsciiStrToLower(content_type);
  const size_t at = lower.find("charset=");
  if (at == std::string::npos) return;
  absl::string_view charset = content_type.substr(at + 8);
  charset = charset.substr(0, std::min(charset.find(';'), charset.size()));
  charset = absl::StripAsciiWhitespace(charset);
  if (charset.size() > 1 && charset.front() == '"') {
    charset = charset.substr(1, charset.size() - 2);
  }
  page->set_charset(std::string(charset));
}

absl::StatusOr<v1::RawPage> ReadQuestion(const Question& question) {
  v1::RawPage page;
  page.set_url(std::string(StringAt(question, "url")));
  page.set_requested_url(page.url());
  SetContentType(StringAt(question, "content_type"), &page);
  const absl::string_view charset = StringAt(question, "charset");
  if (!charset.empty()) page.set_charset(std::string(charset));
  std::string_view html;
  if (question.at_key("html_base64").get(html) != simdjson::SUCCESS) {
    return absl::InvalidArgumentError("no \"html_base64\"");
  }
  if (!absl::Base64Unescape({html.data(), html.size()}, page.mutable_body())) {
    return absl::InvalidArgumentError("\"html_base64\" is no base64");
  }
  return page;
}

// ISO 8601, no more exact than the article is.
std::string Iso8601(const v1::ArticleTime& time) {
  const absl::Time at = absl::FromUnixSeconds(
      time.time().seconds() +
      (time.offset_known() ? time.offset_minutes() * 60 : 0));
  if (time.precision() == v1::TIME_PRECISION_DAY) {
    return absl::FormatTime("%Y-%m-%d", at, absl::UTCTimeZone());
  }
  std::string text =
      absl::FormatTime("%Y-%m-%dT%H:%M:%S", at, absl::UTCTimeZone());
  if (!time.offset_known()) return text;
  const int offset = time.offset_minutes();
  absl::StrAppendFormat(&text, "%c%02d:%02d", offset < 0 ? '-' : '+',
                        std::abs(offset) / 60, std::abs(offset) % 60);
  return text;
}

void WriteArticle(const v1::Article& article, const std::string& deck,
                  Json* answer) {
  (*answer)["title"] = article.headline();
  Json authors = Json::array();
  for (const v1::Author& author : article.authors()) {
    authors.push_back(author.name());
  }
  (*answer)["authors"] = std::move(authors);
  if (article.has_publish_time()) {
    (*answer)["published"] = Iso8601(article.publish_time());
  }
  if (article.has_modified_time()) {
    (*answer)["modified"] = Iso8601(article.modified_time());
  }
  (*answer)["language"] = article.language().tag();
  (*answer)["dateline"] = article.dateline();
  (*answer)["section"] = article.section();
  Json topics = Json::array();
  for (const std::string& keyword : article.keywords()) {
    topics.push_back(keyword);
  }
  (*answer)["topics"] = std::move(topics);
  std::string body = deck;
  if (!deck.empty() && article.body_size() > 0) body += "\n\n";
  body += BodyText(article.body());
  for (const v1::LiveUpdate& update : article.live_updates()) {
    if (!update.headline().empty()) {
      absl::StrAppend(&body, "\n\n", update.headline());
    }
    absl::StrAppend(&body, "\n\n", BodyText(update.body()));
  }
  (*answer)["body"] = std::move(body);
  (*answer)["sitename"] = article.publisher().name();
}

void WriteBlocks(const v1::Explanation& explanation, Json* answer) {
  Json blocks = Json::array();
  for (const v1::BlockExplanation& block : explanation.blocks()) {
    blocks.push_back(Json{{"kept", block.kept()},
                          {"rule", block.rule()},
                          {"path", block.path()},
                          {"text", block.text()}});
  }
  (*answer)["blocks"] = std::move(blocks);
}

}  // namespace

std::string ExtractLine(absl::string_view line, bool explain,
                        const SiteRules* rules) {
  Json answer;
  simdjson::dom::parser parser;
  Question question;
  const bool is_object =
      parser.parse(line.data(), line.size()).get(question) == simdjson::SUCCESS;
  absl::StatusOr<v1::RawPage> page =
      is_object ? ReadQuestion(question)
                : absl::StatusOr<v1::RawPage>(
                      absl::InvalidArgumentError("no JSON object"));
  answer["id"] = is_object ? IdOf(question) : Json(nullptr);
  answer["version"] = DATELINE_VERSION;
  if (!page.ok()) {
    answer["error"] = std::string(page.status().message());
  } else {
    const int64_t wall = Microseconds(CLOCK_MONOTONIC);
    const int64_t cpu = Microseconds(CLOCK_THREAD_CPUTIME_ID);
    ExtractOptions options;
    options.parse_time = absl::Now();
    options.explain = explain;
    options.rules = rules;
    const absl::StatusOr<Extraction> extraction =
        ExtractArticle(*page, options);
    answer["cpu_us"] = Microseconds(CLOCK_THREAD_CPUTIME_ID) - cpu;
    answer["elapsed_us"] = Microseconds(CLOCK_MONOTONIC) - wall;
    if (extraction.ok()) {
      WriteArticle(extraction->article, extraction->deck, &answer);
      if (explain) WriteBlocks(extraction->explanation, &answer);
    } else {
      answer["error"] = std::string(extraction.status().message());
    }
  }
  return answer.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace dateline

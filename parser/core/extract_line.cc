#include "parser/core/extract_line.h"

#include <time.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
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

// A question's fields, within its reader; "" where there are none.
struct Question {
  std::string id = "null";  // any JSON, as it stands
  absl::string_view url;
  absl::string_view content_type;
  absl::string_view charset;
  absl::optional<absl::string_view> html;
};

// Reads questions. They hold whole pages, which simdjson reads many times as
// fast as others.
class QuestionReader {
 public:
  // Nothing where the line is no JSON object. The answer lives as long as the
  // line and this object.
  absl::optional<Question> Read(absl::string_view line) {
    simdjson::dom::object object;
    const simdjson::error_code error =
        parser_.parse(line.data(), line.size()).get(object);
    if (error == simdjson::NUMBER_ERROR) return ReadLazily(line);
    if (error != simdjson::SUCCESS) return absl::nullopt;
    Question question;
    simdjson::dom::element id;
    if (object.at_key("id").get(id) == simdjson::SUCCESS) {
      question.id = simdjson::minify(id);
    }
    for (const auto& [key, value] : object) {
      std::string_view text;
      if (value.get(text) == simdjson::SUCCESS) Set(key, text, &question);
    }
    return question;
  }

 private:
  // Numbers may be larger than the parser's own; here they stay text.
  absl::optional<Question> ReadLazily(absl::string_view line) {
    const std::string_view text(line.data(), line.size());
    if (!Json::accept(text)) return absl::nullopt;
    padded_ = simdjson::padded_string(text);
    simdjson::ondemand::object object;
    if (lazy_parser_.iterate(padded_).get(document_) != simdjson::SUCCESS ||
        document_.get_object().get(object) != simdjson::SUCCESS) {
      return absl::nullopt;
    }
    Question question;
    for (auto field : object) {
      std::string_view key, string, raw;
      simdjson::ondemand::value value;
      if (field.unescaped_key().get(key) != simdjson::SUCCESS ||
          field.value().get(value) != simdjson::SUCCESS) {
        return absl::nullopt;
      }
      if (key == "id") {
        if (simdjson::to_json_string(value).get(raw) != simdjson::SUCCESS) {
          return absl::nullopt;
        }
        question.id = WithoutSpace(raw);
      } else if (value.get_string().get(string) == simdjson::SUCCESS) {
        Set(key, string, &question);
      }
    }
    return question;
  }

  static std::string WithoutSpace(std::string_view json) {
    std::string out(json.size(), '\0');
    size_t size = 0;
    if (simdjson::minify(json.data(), json.size(), out.data(), size) !=
        simdjson::SUCCESS) {
      return "null";
    }
    out.resize(size);
    return out;
  }

  static void Set(std::string_view key, std::string_view value,
                  Question* question) {
    const absl::string_view text(value.data(), value.size());
    if (key == "url") question->url = text;
    if (key == "content_type") question->content_type = text;
    if (key == "charset") question->charset = text;
    if (key == "html_base64") question->html = text;
  }

  simdjson::dom::parser parser_;
  simdjson::padded_string padded_;
  simdjson::ondemand::parser lazy_parser_;
  simdjson::ondemand::document document_;
};

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

absl::StatusOr<v1::RawPage> PageIn(const Question& question) {
  v1::RawPage page;
  page.set_url(std::string(question.url));
  page.set_requested_url(page.url());
  SetContentType(question.content_type, &page);
  if (!question.charset.empty()) {
    page.set_charset(std::string(question.charset));
  }
  if (!question.html.has_value()) {
    return absl::InvalidArgumentError("no \"html_base64\"");
  }
  if (!absl::Base64Unescape(*question.html, page.mutable_body())) {
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
  std::vector<std::string> parts = {deck, BodyText(article.body())};
  for (const v1::LiveUpdate& update : article.live_updates()) {
    parts.push_back(update.headline());
    parts.push_back(BodyText(update.body()));
  }
  parts.erase(std::remove(parts.begin(), parts.end(), ""), parts.end());
  (*answer)["body"] = absl::StrJoin(parts, "\n\n");
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

// Extracts the page and measures it.
void Answer(const v1::RawPage& page, const ExtractOptions& options,
            Json* answer) {
  const int64_t wall = Microseconds(CLOCK_MONOTONIC);
  const int64_t cpu = Microseconds(CLOCK_THREAD_CPUTIME_ID);
  Extraction extraction;
  absl::Status status;
  if (options.explain) {
    status = ExplainArticle(page, options, &extraction);
  } else if (auto extracted = ExtractArticle(page, options); extracted.ok()) {
    extraction = *std::move(extracted);
  } else {
    status = extracted.status();
  }
  (*answer)["cpu_us"] = Microseconds(CLOCK_THREAD_CPUTIME_ID) - cpu;
  (*answer)["elapsed_us"] = Microseconds(CLOCK_MONOTONIC) - wall;
  if (status.ok()) {
    WriteArticle(extraction.article, extraction.deck, answer);
  } else {
    (*answer)["error"] = std::string(status.message());
  }
  if (options.explain) WriteBlocks(extraction.explanation, answer);
}

}  // namespace

std::string ExtractLine(absl::string_view line, bool explain,
                        const SiteRules* rules) {
  QuestionReader reader;
  const absl::optional<Question> question = reader.Read(line);
  absl::StatusOr<v1::RawPage> page =
      question.has_value() ? PageIn(*question)
                           : absl::StatusOr<v1::RawPage>(
                                 absl::InvalidArgumentError("no JSON object"));
  Json answer;
  answer["version"] = DATELINE_VERSION;
  if (page.ok()) {
    ExtractOptions options;
    options.parse_time = absl::Now();
    options.explain = explain;
    options.rules = rules;
    Answer(*page, options, &answer);
  } else {
    answer["error"] = std::string(page.status().message());
  }
  const std::string rest =
      answer.dump(-1, ' ', false, Json::error_handler_t::replace);
  return absl::StrCat("{\"id\":", question.has_value() ? question->id : "null",
                      ",", rest.substr(1));
}

}  // namespace dateline

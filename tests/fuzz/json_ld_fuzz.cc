// Any text as JSON-LD: scripts parted by NUL.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/str_split.h"
#include "parser/core/json_ld.h"
#include "tests/fuzz/properties.h"

namespace dateline {
namespace {

constexpr absl::string_view kUrl = "https://news.example/story";

void CheckText(absl::string_view text, size_t most_bytes) {
  RequireUtf8(text);
  Require(text.size() <= most_bytes);
}

void CheckTexts(const std::vector<std::string>& texts, size_t most_bytes) {
  for (const std::string& text : texts) CheckText(text, most_bytes);
}

void CheckAgents(const std::vector<JsonLdAgent>& agents, size_t most_bytes) {
  for (const JsonLdAgent& agent : agents) {
    CheckTexts({agent.name, agent.url, agent.type}, most_bytes);
  }
}

void CheckArticle(const JsonLdArticle& article, size_t most_bytes) {
  CheckTexts({article.headline, article.name, article.alternative_headline,
              article.description, article.article_body, article.date_published,
              article.date_modified, article.date_created, article.url,
              article.in_language, article.publisher_country},
             most_bytes);
  CheckTexts(article.types, most_bytes);
  CheckTexts(article.sections, most_bytes);
  CheckTexts(article.keywords, most_bytes);
  CheckTexts(article.about, most_bytes);
  CheckAgents(article.authors, most_bytes);
  CheckAgents({article.publisher}, most_bytes);
  for (const JsonLdImage& image : article.images) {
    CheckTexts({image.url, image.caption, image.credit}, most_bytes);
  }
  for (const JsonLdLiveUpdate& update : article.live_updates) {
    CheckTexts({update.headline, update.date_published, update.article_body,
                update.url},
               most_bytes);
    CheckAgents(update.authors, most_bytes);
  }
}

void Check(const std::vector<std::string>& scripts, size_t bytes) {
  const JsonLdArticle article = ReadJsonLd(scripts, kUrl);
  // Texts are copied, and joined at most.
  CheckArticle(article, 4 * bytes + 64);
  const JsonLdArticle again = ReadJsonLd(scripts, kUrl);
  Require(again.found == article.found && again.types == article.types &&
          again.headline == article.headline &&
          again.article_body == article.article_body &&
          again.keywords == article.keywords &&
          again.date_published == article.date_published &&
          again.authors.size() == article.authors.size() &&
          again.images.size() == article.images.size() &&
          again.live_updates.size() == article.live_updates.size());
  for (const std::string& script : scripts) {
    const std::string mended = MendJson(script);
    Require(mended == MendJson(script));
    // "\u0000" for a byte, and what closes 500 levels.
    CheckText(mended, 6 * script.size() + 8 * 500 + 2);
    Require(mended.front() == '[' && mended.back() == ']');
    CheckText(PlainText(script), 3 * script.size());
  }
}

}  // namespace
}  // namespace dateline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string text = dateline::ValidUtf8(dateline::TextOf(data, size));
  dateline::Check(absl::StrSplit(text, '\0'), text.size());
  return 0;
}

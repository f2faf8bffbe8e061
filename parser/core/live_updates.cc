#include "parser/core/live_updates.h"

#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "absl/types/optional.h"
#include "common/url.h"
#include "parser/core/dates.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

void WriteUpdate(const JsonLdLiveUpdate& update, absl::string_view page_url,
                 v1::LiveUpdate* out) {
  out->set_headline(PlainText(update.headline));
  absl::optional<v1::ArticleTime> time = ReadMachineTime(update.date_published);
  if (time.has_value()) *out->mutable_time() = *std::move(time);
  for (absl::string_view line : absl::StrSplit(update.article_body, '\n')) {
    std::string text = PlainText(line);
    if (text.empty()) continue;
    out->add_body()->mutable_paragraph()->set_text(std::move(text));
  }
  if (!update.url.empty()) out->set_url(LiveUpdateUrl(page_url, update.url));
  for (const JsonLdAgent& author : update.authors) {
    if (author.name.empty()) continue;
    v1::Author* written = out->add_authors();
    written->set_name(CleanText(author.name));
    if (author.type == "Person") written->set_kind(v1::AUTHOR_KIND_PERSON);
    if (author.type == "Organization") {
      written->set_kind(v1::AUTHOR_KIND_ORGANIZATION);
    }
  }
}

// WHATWG URL §4.4, fragment state.
std::string EncodedFragment(absl::string_view fragment) {
  constexpr absl::string_view kEncoded = "\"<>` ";
  std::string out;
  for (const char c : fragment.substr(0, 500)) {
    if (c > ' ' && c < 0x7f && !absl::StrContains(kEncoded, c)) {
      out.push_back(c);
    } else {
      absl::StrAppendFormat(&out, "%%%02X", static_cast<unsigned char>(c));
    }
  }
  return out;
}

}  // namespace

std::string LiveUpdateUrl(absl::string_view base, absl::string_view reference) {
  const absl::StatusOr<std::string> url = ResolveUrl(base, reference);
  if (!url.ok()) return "";
  const size_t mark = reference.find('#');
  if (mark == absl::string_view::npos || mark + 1 == reference.size()) {
    return *url;
  }
  return absl::StrCat(*url, "#", EncodedFragment(reference.substr(mark + 1)));
}

std::string WriteLiveUpdates(const JsonLdArticle& json_ld,
                             v1::Article* article) {
  std::string all;
  for (const JsonLdLiveUpdate& update : json_ld.live_updates) {
    if (article->live_updates_size() >= static_cast<int>(kMostLiveUpdates)) {
      break;
    }
    if (update.headline.empty() && update.article_body.empty()) continue;
    v1::LiveUpdate* out = article->add_live_updates();
    WriteUpdate(update, article->url(), out);
    absl::StrAppend(&all, out->headline(), "\n");
    for (const v1::Block& block : out->body()) {
      absl::StrAppend(&all, block.paragraph().text(), "\n");
    }
  }
  return all;
}

}  // namespace dateline

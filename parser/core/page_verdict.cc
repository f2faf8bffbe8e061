#include "parser/core/page_verdict.h"

#include <utility>

#include "absl/status/status.h"
#include "common/framing/value_frame.h"
#include "dateline/v1/page.pb.h"
#include "parser/core/extract.h"

namespace dateline {
namespace {

PageVerdict Malformed() {
  PageVerdict verdict;
  verdict.reason = v1::DEAD_LETTER_REASON_MALFORMED_RECORD;
  verdict.message = "the value is no dateline.v1.RawPage with a URL";
  return verdict;
}

absl::Status Read(const v1::RawPage& page, const PageTask& task,
                  const SiteRules* rules, Extraction* extraction) {
  const ExtractOptions options = {.parse_time = task.now, .rules = rules};
  if (task.explain) return ExplainArticle(page, options, extraction);
  absl::StatusOr<Extraction> extracted = ExtractArticle(page, options);
  if (!extracted.ok()) return extracted.status();
  *extraction = *std::move(extracted);
  return absl::OkStatus();
}

void SetPlace(const PagePlace& place, v1::Article* article) {
  v1::Provenance* provenance = article->mutable_provenance();
  provenance->set_topic(place.topic);
  provenance->set_partition(place.partition);
  provenance->set_offset(place.offset);
}

std::vector<std::string> MissingFields(const v1::Article& article) {
  std::vector<std::string> missing;
  if (article.headline().empty()) missing.push_back("headline");
  if (article.authors().empty()) missing.push_back("authors");
  if (!article.has_publish_time()) missing.push_back("publish_time");
  if (article.section().empty()) missing.push_back("section");
  if (!article.has_language()) missing.push_back("language");
  return missing;
}

}  // namespace

PageVerdict JudgePage(const PageTask& task, const SiteRules* rules) {
  v1::RawPage page;
  if (task.raw_page == nullptr || !ParseValue(*task.raw_page, &page) ||
      (task.place.has_value() && page.url().empty())) {
    return Malformed();
  }
  Extraction extraction;
  const absl::Status status = Read(page, task, rules, &extraction);
  PageVerdict verdict;
  if (task.explain) {
    verdict.explanation = extraction.explanation.SerializeAsString();
  }
  if (!status.ok()) {
    verdict.url = page.url();
    verdict.reason = DeadLetterReasonOf(status);
    verdict.message = std::string(status.message());
    return verdict;
  }
  v1::Article& article = extraction.article;
  if (task.place.has_value()) SetPlace(*task.place, &article);
  verdict.article = article.SerializeAsString();
  verdict.uid = article.uid();
  verdict.url = article.url();
  verdict.source = page.hints().source();
  verdict.missing = MissingFields(article);
  return verdict;
}

}  // namespace dateline

#include "parser/explain/evidence_list.h"

#include <algorithm>

#include "absl/algorithm/container.h"

namespace dateline::explain {
namespace {

constexpr size_t kMaxDetailBytes = 300;
// Of one field; a page can state a keyword ten thousand times.
constexpr size_t kMaxShown = 100;

void WriteItem(const v1::Evidence& evidence, HtmlWriter* out) {
  if (evidence.chosen()) {
    out->Markup("<li class=\"won\"><b>won</b> ");
  } else {
    out->Markup("<li class=\"lost\"><b>lost</b> ");
  }
  out->Text(SourceName(evidence.source()));
  if (!evidence.detail().empty()) {
    out->Markup(" <code>")
        .Text(evidence.detail(), kMaxDetailBytes)
        .Markup("</code>");
  }
  if (!evidence.value().empty()) {
    out->Markup(" <q dir=\"auto\">")
        .Text(evidence.value(), kMaxDetailBytes)
        .Markup("</q>");
  }
  out->Markup("</li>");
}

}  // namespace

EvidenceByField GroupEvidence(const Extraction& extraction) {
  const auto& all = extraction.explanation.evidence().empty()
                        ? extraction.article.evidence()
                        : extraction.explanation.evidence();
  EvidenceByField by_field;
  for (const v1::Evidence& evidence : all) {
    const std::string& field = evidence.field();
    by_field[field.substr(0, field.find('.'))].push_back(&evidence);
  }
  for (auto& [field, list] : by_field) {
    absl::c_stable_sort(list, [](const v1::Evidence* a, const v1::Evidence* b) {
      return a->chosen() && !b->chosen();
    });
  }
  return by_field;
}

absl::string_view SourceName(v1::EvidenceSource source) {
  switch (source) {
    case v1::EVIDENCE_SOURCE_JSON_LD:
      return "JSON-LD";
    case v1::EVIDENCE_SOURCE_MICRODATA:
      return "microdata";
    case v1::EVIDENCE_SOURCE_META:
      return "meta";
    case v1::EVIDENCE_SOURCE_MARKUP:
      return "markup";
    case v1::EVIDENCE_SOURCE_TEXT:
      return "text";
    case v1::EVIDENCE_SOURCE_URL:
      return "URL";
    case v1::EVIDENCE_SOURCE_FEED:
      return "feed";
    case v1::EVIDENCE_SOURCE_RULE:
      return "site rule";
    case v1::EVIDENCE_SOURCE_HTTP:
      return "HTTP";
    case v1::EVIDENCE_SOURCE_DETECTION:
      return "detection";
    case v1::EVIDENCE_SOURCE_SCRIPT:
      return "script";
    default:
      return "unknown source";
  }
}

void WriteEvidence(const std::vector<const v1::Evidence*>& evidence,
                   HtmlWriter* out) {
  if (evidence.empty()) return;
  const auto lost = absl::c_count_if(
      evidence, [](const v1::Evidence* item) { return !item->chosen(); });
  const v1::Evidence& best = *evidence.front();
  out->Markup("<details class=\"evidence\"><summary>");
  if (best.chosen()) {
    out->Text(SourceName(best.source()));
  } else {
    out->Markup("none won");
  }
  if (lost > 0) out->Markup(", ").Number(lost).Markup(" lost");
  out->Markup("</summary><ul>");
  for (size_t i = 0; i < std::min(evidence.size(), kMaxShown); ++i) {
    WriteItem(*evidence[i], out);
  }
  if (evidence.size() > kMaxShown) {
    out->Markup("<li class=\"lost\">and ")
        .Number(static_cast<int64_t>(evidence.size() - kMaxShown))
        .Markup(" more</li>");
  }
  out->Markup("</ul></details>");
}

}  // namespace dateline::explain

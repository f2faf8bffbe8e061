#include "parser/core/metadata_evidence.h"

#include "parser/core/text.h"

namespace dateline {

void EvidenceLog::Won(absl::string_view field, v1::EvidenceSource source,
                      absl::string_view detail, absl::string_view value) {
  Add(field, source, detail, value, true);
}

void EvidenceLog::Lost(absl::string_view field, v1::EvidenceSource source,
                       absl::string_view detail, absl::string_view value) {
  if (explain_) Add(field, source, detail, value, false);
}

void EvidenceLog::Add(absl::string_view field, v1::EvidenceSource source,
                      absl::string_view detail, absl::string_view value,
                      bool chosen) {
  constexpr int kMostEntries = 500;
  if (article_.evidence_size() >= kMostEntries) return;
  v1::Evidence& entry = *article_.add_evidence();
  entry.set_field(std::string(field));
  entry.set_source(source);
  entry.set_detail(std::string(detail));
  entry.set_value(std::string(TruncateUtf8(value, 200)));
  entry.set_chosen(chosen);
}

}  // namespace dateline

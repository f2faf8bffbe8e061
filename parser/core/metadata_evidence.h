#ifndef DATELINE_PARSER_CORE_METADATA_EVIDENCE_H_
#define DATELINE_PARSER_CORE_METADATA_EVIDENCE_H_

#include "absl/strings/string_view.h"
#include "dateline/v1/article.pb.h"

namespace dateline {

// Writes down where values came from. Keeps what lost only if asked to.
class EvidenceLog {
 public:
  // `article` must outlive this object.
  EvidenceLog(bool explain, v1::Article& article)
      : explain_(explain), article_(article) {}

  // `value` is shortened to 200 bytes.
  void Won(absl::string_view field, v1::EvidenceSource source,
           absl::string_view detail, absl::string_view value);
  void Lost(absl::string_view field, v1::EvidenceSource source,
            absl::string_view detail, absl::string_view value);

  bool explain() const { return explain_; }

 private:
  void Add(absl::string_view field, v1::EvidenceSource source,
           absl::string_view detail, absl::string_view value, bool chosen);

  const bool explain_;
  v1::Article& article_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_METADATA_EVIDENCE_H_

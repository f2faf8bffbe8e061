#include "parser/core/rights.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_split.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr char kNoArchive[] = "rights.noarchive";
constexpr char kOptOut[] = "rights.ai_training_opt_out";

// One list of robots directives. Those for a named agent ("otherbot: noindex")
// count as well: who says noai to one says it.
void ReadDirectives(absl::string_view list, v1::EvidenceSource source,
                    absl::string_view detail, EvidenceLog& log,
                    v1::Rights& rights) {
  for (absl::string_view item : absl::StrSplit(list, ',')) {
    const size_t colon = item.rfind(':');
    if (colon != absl::string_view::npos) item.remove_prefix(colon + 1);
    const std::string word =
        absl::AsciiStrToLower(absl::StripAsciiWhitespace(item));
    if (word == "noarchive" && !rights.noarchive()) {
      rights.set_noarchive(true);
      log.Won(kNoArchive, source, detail, word);
    }
    if (word == "noai" && !rights.ai_training_opt_out()) {
      rights.set_ai_training_opt_out(true);
      log.Won(kOptOut, source, detail, word);
    }
  }
}

void ReadReservation(absl::string_view value, v1::EvidenceSource source,
                     EvidenceLog& log, v1::Rights& rights) {
  if (absl::StripAsciiWhitespace(value) != "1" ||
      rights.ai_training_opt_out()) {
    return;
  }
  rights.set_ai_training_opt_out(true);
  log.Won(kOptOut, source, "tdm-reservation", value);
}

void ReadPolicy(absl::string_view value, v1::EvidenceSource source,
                EvidenceLog& log, v1::Rights& rights) {
  value = absl::StripAsciiWhitespace(value);
  if (value.empty() || !rights.policy_url().empty()) return;
  rights.set_policy_url(CleanText(TruncateUtf8(value, 2000)));
  log.Won("rights.policy_url", source, "tdm-policy", value);
}

}  // namespace

void ReadHeaderRights(const v1::RawPage& page, EvidenceLog& log,
                      v1::Article& article) {
  constexpr auto kHttp = v1::EVIDENCE_SOURCE_HTTP;
  for (const v1::HttpHeader& header : page.headers()) {
    if (absl::EqualsIgnoreCase(header.name(), "x-robots-tag")) {
      ReadDirectives(header.value(), kHttp, "x-robots-tag", log,
                     *article.mutable_rights());
    } else if (absl::EqualsIgnoreCase(header.name(), "tdm-reservation")) {
      ReadReservation(header.value(), kHttp, log, *article.mutable_rights());
    } else if (absl::EqualsIgnoreCase(header.name(), "tdm-policy")) {
      ReadPolicy(header.value(), kHttp, log, *article.mutable_rights());
    }
  }
}

void ReadMetaRights(const MetadataInput& input, EvidenceLog& log,
                    v1::Article& article) {
  constexpr auto kMeta = v1::EVIDENCE_SOURCE_META;
  v1::Rights& rights = *article.mutable_rights();
  for (const MetaTag& meta : input.scan.metas) {
    if (meta.name == "robots" || meta.name == "googlebot") {
      ReadDirectives(meta.content, kMeta, meta.name, log, rights);
    } else if (meta.name == "tdm-reservation") {
      ReadReservation(meta.content, kMeta, log, rights);
    } else if (meta.name == "tdm-policy") {
      ReadPolicy(input.document.Resolve(meta.content), kMeta, log, rights);
    }
  }
}

}  // namespace dateline

#ifndef DATELINE_PARSER_CORE_LANGUAGE_H_
#define DATELINE_PARSER_CORE_LANGUAGE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "parser/core/metadata_evidence.h"
#include "parser/core/metadata_input.h"

namespace dateline {

// A language tag in BCP 47's usual spelling ("pt_br" gives "pt-BR"); "" where
// it is none. Old codes give way to new ones ("iw" to "he").
std::string CanonicalLanguage(absl::string_view tag);

// Sets `article.language` by <html lang>, og:locale and the like, JSON-LD, the
// Content-Language header and the feed: what markup says, unproved.
void ReadDeclaredLanguage(const MetadataInput& input, EvidenceLog& log,
                          v1::Article& article);

// The language of a text by CLD2, from its first 4 kB; "" where it can't tell.
struct DetectedLanguage {
  std::string tag;
  float confidence = 0;
};
DetectedLanguage DetectLanguage(absl::string_view text);

// The language to read dates in: the declared one, and of English without a
// region that of the host's country.
std::string DateLanguage(const v1::Article& article, absl::string_view country);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_LANGUAGE_H_

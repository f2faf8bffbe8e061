#ifndef DATELINE_PARSER_CORE_BYLINE_H_
#define DATELINE_PARSER_CORE_BYLINE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dateline/v1/article.pb.h"

namespace dateline {

// The names in a byline or in a field for authors, in order, each once: "By
// Jane Doe and John Roe (dpa)", "Von X", "X og Y", "Doe, Jane; Roe, John".
// Opening words, roles ("Staff Writer"), e-mail and web addresses, dates and
// photographers' names are left out. At most 30.
std::vector<std::string> NamesInByline(absl::string_view text);

// Whether `text` begins with a word that opens bylines ("By ", "Von ",
// "Text:").
bool OpensByline(absl::string_view text);

// "作者：周晓敏" out of "2024-08-02 来源：… 作者：周晓敏 编辑：…"; empty where
// there is no such label.
absl::string_view LabelledNames(absl::string_view text);

// "林美惠" out of "〔記者林美惠／北港報導〕", and "이서준" out of
// "(강변=강변통신) 이서준 기자 = …", as wire copy opens; empty where `text`
// does not.
absl::string_view ReporterInBrackets(absl::string_view text);

// Whether a name taken from running text can be one: a few words, most of them
// beginning with a capital or of a script without capitals, no sentence.
bool IsPlausibleName(absl::string_view name);

// What a name names. The site's own name and its host's are organisations'.
v1::AuthorKind KindOfName(absl::string_view name, absl::string_view publisher,
                          absl::string_view host = "");

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_BYLINE_H_

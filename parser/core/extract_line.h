#ifndef DATELINE_PARSER_CORE_EXTRACT_LINE_H_
#define DATELINE_PARSER_CORE_EXTRACT_LINE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "parser/core/rules/site_rules.h"

namespace dateline {

// Answers one line of dateline-extract's NDJSON: {"id","url","html_base64"},
// optionally "charset" and "content_type", gives {"id","title","authors",
// "published","modified","language","dateline","section","topics","body",
// "sitename","version","elapsed_us","cpu_us"}, and "error" where there is no
// article. `explain` adds "blocks", also where there is no article. Always one
// line of JSON, without its line feed, whatever the input is. The id is the
// question's, any JSON. `rules` as in ExtractOptions.
std::string ExtractLine(absl::string_view line, bool explain,
                        const SiteRules* rules = nullptr);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_EXTRACT_LINE_H_

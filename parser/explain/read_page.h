#ifndef DATELINE_PARSER_EXPLAIN_READ_PAGE_H_
#define DATELINE_PARSER_EXPLAIN_READ_PAGE_H_

#include <string>

#include "absl/status/statusor.h"
#include "dateline/v1/page.pb.h"

namespace dateline {

// Reads a page from a file, or from standard input where `path` is "-". The
// media type is told by the file's ending (.html, .htm, .xhtml, .txt); it stays
// empty for any other, and the bytes tell. kNotFound where there is no such
// file, kResourceExhausted where it has more than kMaxPageBytes.
absl::StatusOr<v1::RawPage> ReadPage(const std::string& path);

}  // namespace dateline

#endif  // DATELINE_PARSER_EXPLAIN_READ_PAGE_H_

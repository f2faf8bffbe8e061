#ifndef DATELINE_PARSER_REPARSE_WARC_FILE_H_
#define DATELINE_PARSER_REPARSE_WARC_FILE_H_

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "absl/status/status.h"
#include "dateline/v1/page.pb.h"

namespace dateline {

// A page of a WARC file, as an import makes it.
struct WarcFilePage {
  v1::RawPage page;
  // Where it is from: "FILE/OFFSET/INDEX".
  std::string place;
  // Of its record in the file.
  int64_t offset = 0;
};

// Gives `take` all pages of a WARC file, in their order, and ends with the
// first error that it returns. Counts in `left_out` what gave none, by the
// codes of fetcher::PageOfRecord and fetcher::WarcReader::skipped. kNotFound:
// there is no such file, or it may not be read. kDataLoss: it can't be read to
// its end, and what is before that was given. kInvalidArgument: it holds no
// WARC record.
absl::Status ReadWarcFile(
    const std::string& path,
    const std::function<absl::Status(const WarcFilePage&)>& take,
    std::map<std::string, int64_t>& left_out);

}  // namespace dateline

#endif  // DATELINE_PARSER_REPARSE_WARC_FILE_H_

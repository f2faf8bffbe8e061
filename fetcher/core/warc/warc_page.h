#ifndef DATELINE_FETCHER_CORE_WARC_WARC_PAGE_H_
#define DATELINE_FETCHER_CORE_WARC_WARC_PAGE_H_

#include <cstddef>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "dateline/v1/page.pb.h"
#include "fetcher/core/warc/warc_record.h"

namespace dateline::fetcher {

// What becomes of one record of an archive.
struct WarcPage {
  std::optional<v1::RawPage> page;
  // Where there is none: a stable word for programs, and a sentence for people.
  std::string code;
  std::string reason;
};

// The page in a record of type response, judged as a live answer would be
// (Classify). `file` is the archive's name, for WarcPosition. Hints, redirects
// and the URL asked for are as kWarcPageField says, in archives of our own.
// Codes:
//
//   type_NAME            another type of record: "type_request"
//   not_http, bad_http   no HTTP answer in it
//   bad_url, bad_date    WARC-Target-URI or WARC-Date can't be read
//   robots               a robots.txt
//   segmented, truncated, cut_off   a part of a page
//   encoding, too_large             as for live answers, like all further ones
WarcPage PageOfRecord(const WarcRecord& record, absl::string_view file,
                      size_t max_body_bytes);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_WARC_WARC_PAGE_H_

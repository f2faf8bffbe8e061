#ifndef DATELINE_FETCHER_CORE_WARC_WARC_WRITER_H_
#define DATELINE_FETCHER_CORE_WARC_WARC_WRITER_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dateline/v1/page.pb.h"
#include "fetcher/core/warc/warc_record.h"

namespace dateline::fetcher {

enum class WarcCompression { kNone, kGzip };

// A record to write. Record ids are UUIDs, "f81d4fae-7dec-11d0-a765-...", made
// by the caller.
struct WarcDraft {
  std::string type;  // "response"
  std::string uuid;
  absl::Time date;
  std::string content_type;
  // Besides WARC-Type, WARC-Record-ID, WARC-Date, Content-Type, Content-Length
  // and the digests.
  std::vector<WarcField> fields;
  std::string block;
  // Where in `block` the payload begins, for its digest; none where there is no
  // payload.
  std::optional<size_t> payload_offset;
};

// The record by WARC 1.1, with WARC-Block-Digest and WARC-Payload-Digest, as
// one gzip member of its own or as it is: files are such records one behind
// the other. Line ends within values are written as spaces.
std::string SerializeWarcRecord(const WarcDraft& draft,
                                WarcCompression compression);

// The first record of a file. `info` are its application/warc-fields:
// "software", "operator", "format".
WarcDraft WarcinfoDraft(absl::string_view uuid, absl::Time date,
                        absl::string_view file_name,
                        const std::vector<WarcField>& info);

// The named field of a response record, an extension of ours, for what the
// standard has no field for: a RawPage in base64 with `requested_url` (where it
// isn't the record's own URL), `redirects` and `hints`.
inline constexpr char kWarcPageField[] = "Dateline-Page";

// The answer that a page came with. Its body is written as it is in the page,
// that is without codings: the headers that spoke of them, and of the length
// they made, are named "X-Crawl-...", as Common Crawl does. `address` is the
// server's, and may be empty.
WarcDraft ResponseDraft(absl::string_view uuid, const v1::RawPage& page,
                        absl::string_view address);

// The request for the response record `response_uuid`: GET of `url` with
// `headers`.
WarcDraft RequestDraft(absl::string_view uuid, absl::Time date,
                       absl::string_view url,
                       const std::vector<v1::HttpHeader>& headers,
                       absl::string_view response_uuid);

// What else is known of the response record `response_uuid`, as
// application/warc-fields.
WarcDraft MetadataDraft(absl::string_view uuid, absl::Time date,
                        absl::string_view url,
                        const std::vector<WarcField>& metadata,
                        absl::string_view response_uuid);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_WARC_WARC_WRITER_H_

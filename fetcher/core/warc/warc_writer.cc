#include "fetcher/core/warc/warc_writer.h"

#include <zlib.h>

#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "common/url.h"
#include "fetcher/core/proto_time.h"
#include "fetcher/core/warc/base32.h"

namespace dateline::fetcher {
namespace {

constexpr absl::string_view kLineEnd = "\r\n";
constexpr absl::string_view kFieldsType = "application/warc-fields";

void AppendField(absl::string_view name, absl::string_view value,
                 std::string& out) {
  if (name.empty()) return;
  absl::StrAppend(
      &out, absl::StrReplaceAll(name, {{"\r", " "}, {"\n", " "}, {":", " "}}),
      ": ", absl::StrReplaceAll(value, {{"\r", " "}, {"\n", " "}}), kLineEnd);
}

std::string FieldsBlock(const std::vector<WarcField>& fields) {
  std::string block;
  for (const WarcField& field : fields) {
    AppendField(field.name, field.value, block);
  }
  return block;
}

std::string IdOf(absl::string_view uuid) {
  return absl::StrCat("<urn:uuid:", uuid, ">");
}

// In milliseconds, as versions of articles are.
std::string DateOf(absl::Time date) {
  return absl::FormatTime("%Y-%m-%dT%H:%M:%E3SZ", date, absl::UTCTimeZone());
}

std::string Gzip(absl::string_view bytes) {
  constexpr int kGzipWindow = 15 + 16;
  constexpr int kMemoryLevel = 8;  // zlib's default
  z_stream z = {};
  std::string out;
  if (deflateInit2(&z, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindow,
                   kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) {
    return out;
  }
  out.resize(deflateBound(&z, bytes.size()));
  z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
  z.avail_in = static_cast<uInt>(bytes.size());
  z.next_out = reinterpret_cast<Bytef*>(out.data());
  z.avail_out = static_cast<uInt>(out.size());
  deflate(&z, Z_FINISH);
  out.resize(out.size() - z.avail_out);
  deflateEnd(&z);
  return out;
}

// Whether a header speaks of the body as it was sent, and no longer is.
bool IsOutdated(const v1::RawPage& page, absl::string_view name) {
  if (absl::EqualsIgnoreCase(name, "Content-Encoding")) {
    return page.content_codings().empty();
  }
  return absl::EqualsIgnoreCase(name, "Transfer-Encoding") ||
         absl::EqualsIgnoreCase(name, "Content-Length");
}

std::string ResponseHead(const v1::RawPage& page) {
  std::string head = absl::StrCat("HTTP/1.1 ", page.status(),
                                  page.status() == 200 ? " OK" : " ", kLineEnd);
  for (const v1::HttpHeader& header : page.headers()) {
    const bool renamed = IsOutdated(page, header.name());
    AppendField(absl::StrCat(renamed ? "X-Crawl-" : "", header.name()),
                header.value(), head);
  }
  AppendField("Content-Length", absl::StrCat(page.body().size()), head);
  return absl::StrCat(head, kLineEnd);
}

// kWarcPageField's value; empty where there is nothing to say, or too much for
// a head.
std::string PageField(const v1::RawPage& page) {
  constexpr size_t kMostBytes = 32 * 1024;
  v1::RawPage known;
  if (page.requested_url() != page.url()) {
    known.set_requested_url(page.requested_url());
  }
  *known.mutable_redirects() = page.redirects();
  if (page.hints().ByteSizeLong() > 0) *known.mutable_hints() = page.hints();
  const std::string bytes = known.SerializeAsString();
  return bytes.size() > kMostBytes ? "" : absl::Base64Escape(bytes);
}

}  // namespace

std::string SerializeWarcRecord(const WarcDraft& draft,
                                WarcCompression compression) {
  std::string out = absl::StrCat("WARC/1.1", kLineEnd);
  AppendField("WARC-Type", draft.type, out);
  AppendField("WARC-Record-ID", IdOf(draft.uuid), out);
  AppendField("WARC-Date", DateOf(draft.date), out);
  for (const WarcField& field : draft.fields) {
    AppendField(field.name, field.value, out);
  }
  AppendField("WARC-Block-Digest", WarcDigest(draft.block), out);
  if (draft.payload_offset.has_value()) {
    AppendField(
        "WARC-Payload-Digest",
        WarcDigest(
            absl::string_view(draft.block).substr(*draft.payload_offset)),
        out);
  }
  AppendField("Content-Type", draft.content_type, out);
  AppendField("Content-Length", absl::StrCat(draft.block.size()), out);
  absl::StrAppend(&out, kLineEnd, draft.block, kLineEnd, kLineEnd);
  return compression == WarcCompression::kGzip ? Gzip(out) : out;
}

WarcDraft WarcinfoDraft(absl::string_view uuid, absl::Time date,
                        absl::string_view file_name,
                        const std::vector<WarcField>& info) {
  return {"warcinfo",
          std::string(uuid),
          date,
          std::string(kFieldsType),
          {{"WARC-Filename", std::string(file_name)}},
          FieldsBlock(info),
          std::nullopt};
}

WarcDraft ResponseDraft(absl::string_view uuid, const v1::RawPage& page,
                        absl::string_view address) {
  std::string head = ResponseHead(page);
  const size_t payload_offset = head.size();
  WarcDraft draft = {"response",
                     std::string(uuid),
                     FromProto(page.fetch_time()),
                     "application/http; msgtype=response",
                     {{"WARC-Target-URI", page.url()}},
                     absl::StrCat(head, page.body()),
                     payload_offset};
  if (!address.empty()) {
    draft.fields.push_back({"WARC-IP-Address", std::string(address)});
  }
  if (std::string field = PageField(page); !field.empty()) {
    draft.fields.push_back({kWarcPageField, std::move(field)});
  }
  return draft;
}

WarcDraft RequestDraft(absl::string_view uuid, absl::Time date,
                       absl::string_view url,
                       const std::vector<v1::HttpHeader>& headers,
                       absl::string_view response_uuid) {
  std::string head;
  if (const absl::StatusOr<Url> parsed = ParseUrl(url); parsed.ok()) {
    head = absl::StrCat("GET ", parsed->path, parsed->query.empty() ? "" : "?",
                        parsed->query, " HTTP/1.1", kLineEnd);
    AppendField("Host", parsed->HostPort(), head);
  }
  for (const v1::HttpHeader& header : headers) {
    AppendField(header.name(), header.value(), head);
  }
  absl::StrAppend(&head, kLineEnd);
  const size_t payload_offset = head.size();
  return {"request",
          std::string(uuid),
          date,
          "application/http; msgtype=request",
          {{"WARC-Target-URI", std::string(url)},
           {"WARC-Concurrent-To", IdOf(response_uuid)}},
          std::move(head),
          payload_offset};
}

WarcDraft MetadataDraft(absl::string_view uuid, absl::Time date,
                        absl::string_view url,
                        const std::vector<WarcField>& metadata,
                        absl::string_view response_uuid) {
  return {"metadata",
          std::string(uuid),
          date,
          std::string(kFieldsType),
          {{"WARC-Target-URI", std::string(url)},
           {"WARC-Concurrent-To", IdOf(response_uuid)}},
          FieldsBlock(metadata),
          std::nullopt};
}

}  // namespace dateline::fetcher

#include "fetcher/page_record.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/cloud_event.h"
#include "common/sha256.h"
#include "fetcher/core/proto_time.h"

namespace dateline::fetcher {
namespace {

constexpr char kEventSource[] = "/dateline/fetcher";

// W3C Trace Context, version 00, sampled: one trace for each fetch of a page.
std::string TraceParent(const std::string& event_id) {
  const std::string hex = absl::BytesToHexString(Sha256(event_id));
  return absl::StrCat("00-", hex.substr(0, 32), "-", hex.substr(32, 16), "-01");
}

}  // namespace

kafka::OutgoingRecord PageRecord(const std::string& topic,
                                 const v1::RawPage& page) {
  const absl::Time time = FromProto(page.fetch_time());
  CloudEvent event;
  event.id = absl::StrCat(page.uid(), "-", absl::ToUnixMillis(time));
  event.source = kEventSource;
  event.type = "dateline.v1.RawPage";
  event.subject = page.requested_url();
  event.time = time;
  event.traceparent = TraceParent(event.id);
  kafka::OutgoingRecord record;
  record.topic = topic;
  record.key = page.uid();
  record.value = page.SerializeAsString();
  record.headers = CloudEventHeaders(event);
  return record;
}

}  // namespace dateline::fetcher

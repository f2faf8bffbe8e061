#include "fetcher/page_record.h"

#include "absl/strings/str_cat.h"
#include "common/cloud_event.h"
#include "common/trace_context.h"
#include "fetcher/core/proto_time.h"

namespace dateline::fetcher {
namespace {

constexpr char kEventSource[] = "/dateline/fetcher";

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
  // One trace for each fetch of a page.
  event.traceparent = FormatTraceparent(NewTrace(event.id));
  kafka::OutgoingRecord record;
  record.topic = topic;
  record.key = page.uid();
  record.value = page.SerializeAsString();
  record.headers = CloudEventHeaders(event);
  return record;
}

}  // namespace dateline::fetcher

#include "common/otlp/request_json.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "nlohmann/json.hpp"

namespace dateline::otlp {
namespace {

using Json = nlohmann::json;

constexpr int kStatusError = 2;

Json AttributesJson(const std::vector<Attribute>& attributes) {
  Json list = Json::array();
  for (const auto& [name, value] : attributes) {
    const auto* number = std::get_if<int64_t>(&value);
    list.push_back(
        {{"key", name},
         {"value", number != nullptr
                       ? Json{{"intValue", absl::StrCat(*number)}}
                       : Json{{"stringValue", std::get<std::string>(value)}}}});
  }
  return list;
}

Json SpanJson(const Span& span) {
  Json json = {
      {"traceId", span.context.trace_id},
      {"spanId", span.context.span_id},
      {"name", span.name},
      {"kind", static_cast<int>(span.kind)},
      {"startTimeUnixNano", absl::StrCat(absl::ToUnixNanos(span.start))},
      {"endTimeUnixNano", absl::StrCat(absl::ToUnixNanos(span.end))},
      {"attributes", AttributesJson(span.attributes)}};
  uint32_t flags = 0;
  if (absl::SimpleHexAtoi(span.context.flags, &flags)) json["flags"] = flags;
  if (!span.parent_span_id.empty()) json["parentSpanId"] = span.parent_span_id;
  if (!span.error.empty()) {
    json["status"] = {{"code", kStatusError}, {"message", span.error}};
  }
  return json;
}

}  // namespace

std::string ExportRequestJson(const Resource& resource,
                              const std::vector<Span>& spans) {
  Json list = Json::array();
  for (const Span& span : spans) list.push_back(SpanJson(span));
  const Json attributes =
      AttributesJson({{"service.name", resource.service_name},
                      {"service.version", resource.service_version},
                      {"service.instance.id", resource.service_instance_id}});
  const Json scope_spans = {
      {"scope", {{"name", "dateline"}, {"version", resource.service_version}}},
      {"spans", std::move(list)}};
  const Json resource_spans = {{"resource", {{"attributes", attributes}}},
                               {"scopeSpans", Json::array({scope_spans})}};
  return Json{{"resourceSpans", Json::array({resource_spans})}}.dump(
      -1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace dateline::otlp

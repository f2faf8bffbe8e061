#ifndef DATELINE_STORE_EXPORT_ARTICLE_JSON_H_
#define DATELINE_STORE_EXPORT_ARTICLE_JSON_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dateline/v1/article.pb.h"
#include "google/protobuf/message.h"
#include "google/protobuf/repeated_ptr_field.h"

namespace dateline::store {

// Protobuf's JSON on one line, fields under the names that the .proto gives
// them. kDataLoss where the message can't be written so, such as a time out of
// range.
absl::StatusOr<std::string> ToJson(const google::protobuf::Message& message);

// A JSON array of them; "" of none.
template <typename Message>
absl::StatusOr<std::string> ToJsonArray(
    const google::protobuf::RepeatedPtrField<Message>& messages) {
  std::string json;
  for (const Message& message : messages) {
    const absl::StatusOr<std::string> element = ToJson(message);
    if (!element.ok()) return element.status();
    json += json.empty() ? '[' : ',';
    json += *element;
  }
  if (!json.empty()) json += ']';
  return json;
}

}  // namespace dateline::store

#endif  // DATELINE_STORE_EXPORT_ARTICLE_JSON_H_

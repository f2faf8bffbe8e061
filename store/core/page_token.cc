#include "store/core/page_token.h"

#include <algorithm>
#include <memory>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/error_details.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "store/core/limits.h"
#include "store/core/sealed_token.h"

namespace dateline::store {
namespace {

using google::protobuf::Message;

// The method and all that may not change between pages.
std::string Binding(const Message& request) {
  const std::unique_ptr<Message> rest(request.New());
  rest->CopyFrom(request);
  for (const char* name : {"page_size", "page_token"}) {
    rest->GetReflection()->ClearField(
        rest.get(), rest->GetDescriptor()->FindFieldByName(name));
  }
  std::string binding = absl::StrCat(rest->GetTypeName(), "\n");
  google::protobuf::io::StringOutputStream stream(&binding);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  rest->SerializeToCodedStream(&coded);
  coded.Trim();
  return binding;
}

std::string PageToken(const Message& request) {
  return request.GetReflection()->GetString(
      request, request.GetDescriptor()->FindFieldByName("page_token"));
}

}  // namespace

std::string MakePageToken(const Message& request, absl::string_view cursor) {
  return cursor.empty() ? std::string() : SealToken(Binding(request), cursor);
}

absl::StatusOr<std::string> ReadPageToken(const Message& request) {
  const std::string token = PageToken(request);
  if (token.empty()) return token;
  absl::StatusOr<std::string> cursor = OpenToken(Binding(request), token);
  if (!cursor.ok()) {
    return InvalidField("page_token",
                        absl::StrCat(cursor.status().message(),
                                     "; between pages only page_size may "
                                     "change"));
  }
  return cursor;
}

absl::StatusOr<int> PageSize(int requested) {
  if (requested < 0) {
    return InvalidField("page_size", absl::StrCat(requested, " is negative"));
  }
  if (requested == 0) return kDefaultPageSize;
  return std::min(requested, kMaxPageSize);
}

}  // namespace dateline::store

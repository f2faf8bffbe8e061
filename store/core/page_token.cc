#include "store/core/page_token.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "google/protobuf/io/coded_stream.h"
#include "google/protobuf/io/zero_copy_stream_impl_lite.h"
#include "store/core/limits.h"
#include "store/core/sealed_token.h"

namespace dateline::store {
namespace {

template <typename Request>
std::string Binding(Request request) {
  request.clear_page_size();
  request.clear_page_token();
  std::string binding = absl::StrCat(request.GetTypeName(), "\n");
  google::protobuf::io::StringOutputStream stream(&binding);
  google::protobuf::io::CodedOutputStream coded(&stream);
  coded.SetSerializationDeterministic(true);
  request.SerializeToCodedStream(&coded);
  coded.Trim();
  return binding;
}

template <typename Request>
std::string Make(const Request& request, absl::string_view cursor) {
  return cursor.empty() ? std::string() : SealToken(Binding(request), cursor);
}

template <typename Request>
absl::StatusOr<std::string> Read(const Request& request) {
  if (request.page_token().empty()) return std::string();
  absl::StatusOr<std::string> cursor =
      OpenToken(Binding(request), request.page_token());
  if (!cursor.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("page_token: ", cursor.status().message(),
                     "; between pages only page_size may change"));
  }
  return cursor;
}

}  // namespace

std::string MakePageToken(const v1::ListArticlesRequest& request,
                          absl::string_view cursor) {
  return Make(request, cursor);
}

std::string MakePageToken(const v1::SearchArticlesRequest& request,
                          absl::string_view cursor) {
  return Make(request, cursor);
}

absl::StatusOr<std::string> ReadPageToken(
    const v1::ListArticlesRequest& request) {
  return Read(request);
}

absl::StatusOr<std::string> ReadPageToken(
    const v1::SearchArticlesRequest& request) {
  return Read(request);
}

absl::StatusOr<int> PageSize(int requested) {
  if (requested < 0) {
    return absl::InvalidArgumentError(
        absl::StrCat("page_size: ", requested, " is negative"));
  }
  if (requested == 0) return kDefaultPageSize;
  return std::min(requested, kMaxPageSize);
}

}  // namespace dateline::store

#ifndef DATELINE_STORE_CORE_PAGE_TOKEN_H_
#define DATELINE_STORE_CORE_PAGE_TOKEN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/message.h"

namespace dateline::store {

// Page tokens (AIP-158): a repository's cursor, bound to the method and to all
// fields of the request but page_size and page_token.

// Empty for an empty cursor: there is no further page. `request` has page_size
// and page_token.
std::string MakePageToken(const google::protobuf::Message& request,
                          absl::string_view cursor);

// The cursor of a request's page_token, empty where that is. kInvalidArgument,
// naming the field, where the token was made up or made for another request.
absl::StatusOr<std::string> ReadPageToken(
    const google::protobuf::Message& request);

// 0 becomes the default, too much the maximum. kInvalidArgument where negative.
absl::StatusOr<int> PageSize(int requested);

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_PAGE_TOKEN_H_

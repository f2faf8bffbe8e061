#include "parser/core/undone_page.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "common/content_coding.h"

namespace dateline {

absl::StatusOr<v1::RawPage> UndoneContentCodings(const v1::RawPage& page,
                                                 size_t max_bytes) {
  const std::vector<absl::string_view> codings(page.content_codings().begin(),
                                               page.content_codings().end());
  absl::StatusOr<std::string> body =
      UndoContentCodings(codings, page.body(), max_bytes);
  if (!body.ok()) {
    const std::string message = absl::StrCat(
        page.url(),
        ": its content coding can't be undone: ", body.status().message());
    return absl::IsResourceExhausted(body.status())
               ? absl::ResourceExhaustedError(message)
               : absl::InvalidArgumentError(message);
  }
  v1::RawPage undone = page;
  undone.set_body(*std::move(body));
  undone.clear_content_codings();
  return undone;
}

}  // namespace dateline

#include "parser/explain/read_page.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "parser/core/extract.h"

namespace dateline {
namespace {

std::string MediaTypeOf(const std::string& path) {
  const std::string lower = absl::AsciiStrToLower(path);
  if (absl::EndsWith(lower, ".html") || absl::EndsWith(lower, ".htm")) {
    return "text/html";
  }
  if (absl::EndsWith(lower, ".xhtml")) return "application/xhtml+xml";
  if (absl::EndsWith(lower, ".txt")) return "text/plain";
  return "";
}

}  // namespace

absl::StatusOr<v1::RawPage> ReadPage(const std::string& path) {
  std::unique_ptr<FILE, int (*)(FILE*)> file(
      path == "-" ? fdopen(0, "rb") : std::fopen(path.c_str(), "rb"),
      &std::fclose);
  const auto failed = [&path] {
    return absl::NotFoundError(absl::StrCat(path, ": ", std::strerror(errno)));
  };
  if (file == nullptr) return failed();
  v1::RawPage page;
  page.set_media_type(MediaTypeOf(path));
  std::string& body = *page.mutable_body();
  char buffer[1 << 16];
  while (const size_t bytes =
             std::fread(buffer, 1, sizeof(buffer), file.get())) {
    body.append(buffer, bytes);
    if (body.size() <= kMaxPageBytes) continue;
    return absl::ResourceExhaustedError(
        absl::StrCat(path, " has more than ", kMaxPageBytes, " bytes"));
  }
  if (std::ferror(file.get())) return failed();
  return page;
}

}  // namespace dateline

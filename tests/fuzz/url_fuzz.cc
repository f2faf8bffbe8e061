// The first line is the URL of a page, the rest a link on it.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "common/url.h"
#include "tests/fuzz/properties.h"

namespace dateline {
namespace {

constexpr size_t kMaxUrlBytes = 8192;

void CheckError(const absl::Status& status) {
  Require(status.code() == absl::StatusCode::kInvalidArgument);
  Require(!status.message().empty() && status.message().size() < 1500);
  RequireUtf8(status.message());
}

void CheckText(absl::string_view url) {
  Require(url.size() <= kMaxUrlBytes);
  Require(absl::StartsWith(url, "http://") ||
          absl::StartsWith(url, "https://"));
  for (const char c : url) {
    const auto byte = static_cast<unsigned char>(c);
    Require(byte > 0x20 && byte < 0x7F && c != '#');
  }
}

void CheckParsed(absl::string_view text) {
  const absl::StatusOr<Url> url = ParseUrl(text);
  if (!url.ok()) return CheckError(url.status());
  const std::string written = url->ToString();
  CheckText(written);
  Require(!url->host.empty() && absl::StartsWith(url->path, "/"));
  const absl::StatusOr<Url> again = ParseUrl(written);
  Require(again.ok() && again->ToString() == written &&
          again->host == url->host && again->port == url->port &&
          again->path == url->path && again->query == url->query);
  const std::string domain = RegistrableDomain(url->host);
  Require(!domain.empty() && absl::EndsWith(url->host, domain));
}

void CheckCanonical(absl::string_view text) {
  const absl::StatusOr<std::string> canonical = CanonicalUrl(text);
  if (!canonical.ok()) return CheckError(canonical.status());
  CheckText(*canonical);
  const absl::StatusOr<std::string> again = CanonicalUrl(*canonical);
  Require(again.ok() && *again == *canonical);
  Require(PageUid(*canonical).size() == 32);
}

void CheckResolved(absl::string_view base, absl::string_view reference) {
  const absl::StatusOr<std::string> url = ResolveUrl(base, reference);
  if (!url.ok()) return CheckError(url.status());
  CheckText(*url);
  Require(ParseUrl(*url).ok());
  const absl::StatusOr<std::string> again = ResolveUrl(base, *url);
  Require(again.ok() && *again == *url);
}

}  // namespace
}  // namespace dateline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  absl::string_view reference = dateline::TextOf(data, size);
  const absl::string_view base = dateline::TakeLine(reference);
  dateline::CheckParsed(base);
  dateline::CheckCanonical(base);
  dateline::CheckParsed(reference);
  dateline::CheckCanonical(reference);
  dateline::CheckResolved(base, reference);
  dateline::CheckResolved("https://news.example/a/b?c=d", reference);
  return 0;
}

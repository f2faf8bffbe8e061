#include "fetcher/core/source_rules.h"

#include <algorithm>
#include <iterator>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/sha256.h"
#include "common/url.h"
#include "fetcher/core/proto_time.h"
#include "fetcher/core/source_schedule.h"

namespace dateline::fetcher {
namespace {

constexpr size_t kLongestId = 63;
constexpr size_t kLongestText = 1024;

bool IsIdCharacter(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return absl::ascii_islower(byte) || absl::ascii_isdigit(byte) || c == '-';
}

std::string EtagOf(v1::Source source) {
  source.clear_etag();
  return absl::BytesToHexString(Sha256(source.SerializeAsString()))
      .substr(0, 16);
}

absl::Status CheckKind(v1::SourceKind kind) {
  switch (kind) {
    case v1::SOURCE_KIND_FEED:
    case v1::SOURCE_KIND_SITEMAP:
    case v1::SOURCE_KIND_SECTION_PAGE:
    case v1::SOURCE_KIND_SITE:
      return absl::OkStatus();
    default:
      return absl::InvalidArgumentError("source.kind is not set.");
  }
}

absl::Status CheckDuration(const google::protobuf::Duration& value,
                           absl::Duration least, absl::Duration most,
                           absl::string_view field) {
  const absl::Duration duration = FromProto(value);
  if (duration >= least && duration <= most) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat(field, " must be from ", absl::FormatDuration(least), " to ",
                   absl::FormatDuration(most), "."));
}

// Checks what people may set, and puts the URL into its canonical form.
absl::Status Normalize(v1::Source& source) {
  if (absl::Status kind = CheckKind(source.kind()); !kind.ok()) return kind;
  absl::StatusOr<std::string> url = CanonicalUrl(source.url());
  if (!url.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("source.url: ", url.status().message()));
  }
  source.set_url(*std::move(url));
  if (source.has_interval()) {
    const absl::Status interval =
        CheckDuration(source.interval(), absl::Minutes(1), absl::Hours(24),
                      "source.interval");
    if (!interval.ok()) return interval;
  }
  *source.mutable_interval() = ToProto(SourceInterval(source));
  if (source.has_host_delay()) {
    const absl::Status delay =
        CheckDuration(source.host_delay(), absl::ZeroDuration(), absl::Hours(1),
                      "source.host_delay");
    if (!delay.ok()) return delay;
  }
  for (const std::string* text :
       {&source.display_name(), &source.publisher(), &source.language()}) {
    if (text->size() > kLongestText) {
      return absl::InvalidArgumentError(absl::StrCat(
          "A text of the source is longer than ", kLongestText, " bytes."));
    }
  }
  return absl::OkStatus();
}

constexpr absl::string_view kSettable[] = {
    "kind",       "url",    "display_name", "interval",
    "host_delay", "paused", "publisher",    "language"};

bool IsSettable(absl::string_view path) {
  return std::find(std::begin(kSettable), std::end(kSettable), path) !=
         std::end(kSettable);
}

absl::Status Copy(absl::string_view path, const v1::Source& from,
                  v1::Source& to) {
  const google::protobuf::FieldDescriptor* field =
      v1::Source::descriptor()->FindFieldByName(std::string(path));
  if (field == nullptr || !IsSettable(path)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "update_mask: \"", path, "\" is no field that can be set."));
  }
  v1::Source only;
  only.CopyFrom(from);
  std::vector<const google::protobuf::FieldDescriptor*> set;
  only.GetReflection()->ListFields(only, &set);
  for (const auto* other : set) {
    if (other != field) only.GetReflection()->ClearField(&only, other);
  }
  to.GetReflection()->ClearField(&to, field);
  to.MergeFrom(only);
  return absl::OkStatus();
}

std::vector<std::string> PathsOf(const v1::UpdateSourceRequest& request) {
  std::vector<std::string> paths(request.update_mask().paths().begin(),
                                 request.update_mask().paths().end());
  if (!paths.empty()) return paths;
  std::vector<const google::protobuf::FieldDescriptor*> set;
  request.source().GetReflection()->ListFields(request.source(), &set);
  for (const auto* field : set) {
    if (IsSettable(field->name())) paths.push_back(field->name());
  }
  return paths;
}

}  // namespace

absl::Status CheckSourceName(absl::string_view name) {
  absl::string_view id = name;
  if (absl::ConsumePrefix(&id, "sources/") && !id.empty() &&
      id.size() <= kLongestId &&
      absl::ascii_islower(static_cast<unsigned char>(id[0])) &&
      std::all_of(id.begin(), id.end(), IsIdCharacter)) {
    return absl::OkStatus();
  }
  return absl::InvalidArgumentError(absl::StrCat(
      "\"", name, "\" is no source name: sources/ and 1 to 63 of lower-case ",
      "letters, digits and hyphens, beginning with a letter."));
}

absl::Span<const absl::string_view> SettableSourceFields() { return kSettable; }

std::string SourceIdOf(absl::string_view url, bool distinct) {
  const absl::StatusOr<Url> parsed = ParseUrl(url);
  std::string id = parsed.ok() ? parsed->HostPort() : "source";
  absl::string_view host = id;
  absl::ConsumePrefix(&host, "www.");
  id = std::string(host);
  for (char& c : id) {
    if (!IsIdCharacter(c)) c = '-';
  }
  if (!absl::ascii_islower(static_cast<unsigned char>(id[0]))) {
    id = absl::StrCat("host-", id);
  }
  constexpr size_t kDigits = 8;
  id.resize(std::min(id.size(), kLongestId - kDigits - 1));
  if (distinct) absl::StrAppend(&id, "-", PageUid(url).substr(0, kDigits));
  return id;
}

absl::StatusOr<v1::Source> NewSource(const v1::CreateSourceRequest& request,
                                     absl::Time now) {
  v1::Source source = request.source();
  if (absl::Status status = Normalize(source); !status.ok()) return status;
  source.set_name(absl::StrCat("sources/", request.source_id().empty()
                                               ? SourceIdOf(source.url(), false)
                                               : request.source_id()));
  if (absl::Status name = CheckSourceName(source.name()); !name.ok()) {
    return name;
  }
  source.clear_from_file();
  *source.mutable_create_time() = ToProto(now);
  *source.mutable_update_time() = ToProto(now);
  source.set_etag(EtagOf(source));
  return source;
}

absl::StatusOr<v1::Source> ChangedSource(const v1::Source& present,
                                         const v1::UpdateSourceRequest& request,
                                         absl::Time now) {
  const std::string& etag = request.source().etag();
  if (!etag.empty() && etag != present.etag()) {
    return absl::AbortedError(absl::StrCat("The etag of ", present.name(),
                                           " is ", present.etag(), " now."));
  }
  v1::Source source = present;
  for (const std::string& path : PathsOf(request)) {
    if (absl::Status copied = Copy(path, request.source(), source);
        !copied.ok()) {
      return copied;
    }
  }
  if (absl::Status status = Normalize(source); !status.ok()) return status;
  *source.mutable_update_time() = ToProto(now);
  source.set_etag(EtagOf(source));
  return source;
}

}  // namespace dateline::fetcher

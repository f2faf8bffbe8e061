#include "parser/core/publisher.h"

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/url.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr char kField[] = "publisher.name";

bool TakeName(absl::string_view name, v1::EvidenceSource source,
              absl::string_view detail, EvidenceLog& log,
              v1::Publisher& publisher) {
  const std::string clean = PlainText(TruncateUtf8(name, 300));
  if (clean.size() < 2 || absl::StrContains(clean, "://")) return false;
  if (!publisher.name().empty()) {
    log.Lost(kField, source, detail, clean);
    return false;
  }
  publisher.set_name(clean);
  log.Won(kField, source, detail, clean);
  return true;
}

}  // namespace

std::string CountryOfHost(absl::string_view host) {
  const size_t dot = host.rfind('.');
  if (dot == absl::string_view::npos) return "";
  const std::string label = absl::AsciiStrToUpper(host.substr(dot + 1));
  if (label.size() != 2 ||
      !absl::ascii_isalpha(static_cast<unsigned char>(label[0]))) {
    return "";
  }
  for (const char* generic :
       {"EU", "TV", "IO", "CO", "ME", "AI", "FM", "CC", "WS", "TO",
        "LY", "GG", "SU", "IM", "VC", "NU", "TK", "AM", "SH", "AC"}) {
    if (label == generic) return "";
  }
  return label == "UK" ? "GB" : label;
}

void SetPublisherDomain(absl::string_view url, v1::Publisher& publisher) {
  const absl::StatusOr<Url> parsed = ParseUrl(url);
  if (!parsed.ok()) return;
  publisher.set_domain(RegistrableDomain(parsed->host));
  if (publisher.country().empty()) {
    publisher.set_country(CountryOfHost(parsed->host));
  }
}

void ReadPublisher(const MetadataInput& input, EvidenceLog& log,
                   v1::Article& article) {
  v1::Publisher& publisher = *article.mutable_publisher();
  const PageScan& scan = input.scan;
  for (const char* name : {"og:site_name", "og:sitename", "application-name",
                           "sitename", "dc.publisher", "citation_publisher"}) {
    TakeName(scan.Meta(name), v1::EVIDENCE_SOURCE_META, name, log, publisher);
    if (absl::string_view(name) == "og:site_name") {
      TakeName(input.json_ld.publisher.name, v1::EVIDENCE_SOURCE_JSON_LD,
               "publisher.name", log, publisher);
    }
  }
  TakeName(scan.Meta("publisher"), v1::EVIDENCE_SOURCE_META, "publisher", log,
           publisher);
  TakeName(input.page.hints().publisher(), v1::EVIDENCE_SOURCE_FEED,
           "publisher", log, publisher);
  if (input.json_ld.publisher_country.size() == 2) {
    publisher.set_country(
        absl::AsciiStrToUpper(input.json_ld.publisher_country));
  }
  SetPublisherDomain(input.document.url(), publisher);
}

}  // namespace dateline

// dateline-explain: one HTML page that shows how a page was read, and why.

#include <signal.h>

#include <iostream>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/time/clock.h"
#include "common/service_main.h"
#include "common/url.h"
#include "parser/explain/explain_page.h"
#include "parser/explain/fetch_page.h"
#include "parser/explain/read_page.h"
#include "parser/rules_folder.h"

ABSL_FLAG(std::string, url, "",
          "The address that a page read from a file came from");
ABSL_FLAG(std::string, charset, "",
          "The charset that the server named, in place of what it did");
ABSL_FLAG(std::string, media_type, "",
          "The media type that the server named, in place of what it did");

namespace {

constexpr char kName[] = "dateline-explain";

// What has a scheme is no file; which schemes are fetched is FetchPage's.
absl::StatusOr<dateline::v1::RawPage> Read(const std::string& source) {
  if (absl::StrContains(source, "://")) return dateline::FetchPage(source);
  return dateline::ReadPage(source);
}

absl::Status TakeFlags(dateline::v1::RawPage* page) {
  const std::string url = absl::GetFlag(FLAGS_url);
  if (!url.empty()) {
    const absl::StatusOr<dateline::Url> parsed = dateline::ParseUrl(url);
    if (!parsed.ok()) return parsed.status();
    page->set_url(parsed->ToString());
    page->set_requested_url(page->url());
  }
  const std::string charset = absl::GetFlag(FLAGS_charset);
  if (!charset.empty()) page->set_charset(charset);
  const std::string media_type = absl::GetFlag(FLAGS_media_type);
  if (!media_type.empty()) page->set_media_type(media_type);
  return absl::OkStatus();
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments = dateline::InitMainWithArguments(
      argc, argv,
      "dateline-explain [flags] FILE_OR_URL > page.html\n\n"
      "Writes one HTML page that shows which lines of a news page the article "
      "keeps,\nwhich it drops, and why. \"-\" reads standard input.");
  // A filter ends at once when it is told to.
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
  if (arguments.size() != 1) {
    return dateline::FailMain(
        kName, absl::InvalidArgumentError("needs one FILE_OR_URL; see --help"));
  }
  const absl::StatusOr<dateline::SiteRules> rules =
      dateline::SiteRulesFromFlags();
  if (!rules.ok()) return dateline::FailMain(kName, rules.status());
  absl::StatusOr<dateline::v1::RawPage> page = Read(arguments[0]);
  if (!page.ok()) return dateline::FailMain(kName, page.status());
  if (const absl::Status status = TakeFlags(&*page); !status.ok()) {
    return dateline::FailMain(kName, status);
  }
  dateline::ExtractOptions options;
  options.parse_time = absl::Now();
  options.rules = &*rules;
  std::cout << dateline::ExplainPage(*page, options) << std::flush;
  if (!std::cout) {
    return dateline::FailMain(
        kName, absl::UnavailableError("can't write to standard output"));
  }
  return 0;
}

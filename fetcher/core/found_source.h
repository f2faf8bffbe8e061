#ifndef DATELINE_FETCHER_CORE_FOUND_SOURCE_H_
#define DATELINE_FETCHER_CORE_FOUND_SOURCE_H_

#include <string>

#include "absl/strings/string_view.h"
#include "dateline/v1/frontier.pb.h"
#include "dateline/v1/page.pb.h"

namespace dateline::fetcher {

// A source leads to further URLs that are read as it is: where it redirects to
// another host. Their entries, of FETCH_PURPOSE_SOURCE, rest once the source is
// gone, rests, or has another URL. They carry its URL as the description of
// their hints, which nothing else uses there.

// `description` of a submission's hints for a URL that the source entry `from`
// led to.
inline std::string FoundMark(const v1::UrlEntry& from) {
  return from.hints().description().empty() ? from.url()
                                            : from.hints().description();
}

// The source's URL; empty where the entry is of the source itself.
inline absl::string_view FoundFrom(const v1::SourceHints& hints) {
  return hints.description();
}

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_FOUND_SOURCE_H_

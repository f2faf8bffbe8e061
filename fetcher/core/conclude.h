#ifndef DATELINE_FETCHER_CORE_CONCLUDE_H_
#define DATELINE_FETCHER_CORE_CONCLUDE_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/time/time.h"
#include "dateline/v1/fetch.pb.h"
#include "dateline/v1/frontier.pb.h"
#include "dateline/v1/page.pb.h"
#include "dateline/v1/source.pb.h"
#include "fetcher/core/fetch_result.h"
#include "fetcher/core/outcome.h"
#include "fetcher/core/schedule.h"

namespace dateline::fetcher {

// What follows from one fetch; written in one transaction.
struct Conclusion {
  Verdict verdict;
  v1::UrlEntry entry;               // as it stands from now on
  std::optional<v1::RawPage> page;  // to publish
  // What a source named, each URL once, in its order, or the URL on another
  // host that it redirects to. URLs that can't be fetched are left out.
  std::vector<v1::Submission> found;
  // How many of them the source had not named the time before.
  int64_t new_urls = 0;
};

// What follows from the answer to the URL of `before`. `source` is the source
// that a FETCH_PURPOSE_SOURCE entry was fetched for; may be null, and is only
// used for hints and its interval. A source that was read is FETCHED,
// "source_read"; one that can't be read is FAILED, "no_feed" or "no_source".
// `sitemaps` are those of the host's robots.txt, for a site; may be null.
Conclusion Conclude(const v1::UrlEntry& before, const FetchResult& result,
                    const v1::Source* source, const ScheduleRules& rules,
                    const std::vector<std::string>* sitemaps = nullptr);

// What follows where the `pages` topic does not take the page of `conclusion`,
// which was made of the same `before` and `result`.
Conclusion WithoutPage(const v1::UrlEntry& before, const FetchResult& result,
                       const Conclusion& conclusion,
                       const ScheduleRules& rules);

// For those who watch.
v1::FetchEvent EventOf(const Conclusion& conclusion, const FetchResult& result,
                       absl::string_view host);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_CONCLUDE_H_

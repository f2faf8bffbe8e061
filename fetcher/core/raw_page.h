#ifndef DATELINE_FETCHER_CORE_RAW_PAGE_H_
#define DATELINE_FETCHER_CORE_RAW_PAGE_H_

#include "dateline/v1/frontier.pb.h"
#include "dateline/v1/page.pb.h"
#include "fetcher/core/fetch_result.h"

namespace dateline::fetcher {

// The answer to the URL of `entry` as a page, without body_sha256 and warc.
v1::RawPage RawPageOf(const v1::UrlEntry& entry, FetchResult answer);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_RAW_PAGE_H_

#ifndef DATELINE_FETCHER_PAGE_RECORD_H_
#define DATELINE_FETCHER_PAGE_RECORD_H_

#include <string>

#include "common/kafka/record.h"
#include "dateline/v1/page.pb.h"

namespace dateline::fetcher {

// The record of `page` for `pages` or `pages.backfill`: keyed by uid, with
// CloudEvents' headers and a trace of its own. The same page fetched at the
// same time gives the same event.
kafka::OutgoingRecord PageRecord(const std::string& topic,
                                 const v1::RawPage& page);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_PAGE_RECORD_H_

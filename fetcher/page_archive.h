#ifndef DATELINE_FETCHER_PAGE_ARCHIVE_H_
#define DATELINE_FETCHER_PAGE_ARCHIVE_H_

#include "dateline/v1/frontier.pb.h"
#include "fetcher/core/fetch_result.h"

namespace dateline::fetcher {

// Keeps what was fetched.
class PageArchive {
 public:
  virtual ~PageArchive() = default;
  // Takes the answer that a page was published of, and the entry of the URL
  // that was asked for. Never fails.
  virtual void Add(const v1::UrlEntry& entry, FetchResult answer) = 0;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_PAGE_ARCHIVE_H_

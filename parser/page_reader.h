#ifndef DATELINE_PARSER_PAGE_READER_H_
#define DATELINE_PARSER_PAGE_READER_H_

#include <functional>

#include "parser/core/page_verdict.h"

namespace dateline {

// Reads pages several at a time. Thread-safe.
class PageReader {
 public:
  using Done = std::function<void(PageVerdict)>;

  virtual ~PageReader() = default;

  // Queues a page, behind all that wait and can't (PageTask::can_wait), and
  // behind those that can where it can, too. `done` is called once, on a thread
  // of the reader's, when the page was read; pages end in any order. It must
  // not block. Nothing bounds the queue but the caller.
  virtual void Read(PageTask task, Done done) = 0;

  // Forgets the pages that nobody has begun to read; their `done` is never
  // called.
  virtual void DropQueued() = 0;
};

// Waits for the verdict. Not for threads of the reader's.
PageVerdict ReadAndWait(PageReader& reader, PageTask task);

}  // namespace dateline

#endif  // DATELINE_PARSER_PAGE_READER_H_

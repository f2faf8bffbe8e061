#ifndef DATELINE_PARSER_ISOLATION_PAGE_WORKER_H_
#define DATELINE_PARSER_ISOLATION_PAGE_WORKER_H_

namespace dateline {

// The argument that makes a program a page worker.
inline constexpr char kPageWorkerArgument[] = "--page_worker";

// Whether a program was started as a page worker: this is its only argument.
bool IsPageWorker(int argc, char** argv);

// Reads pages from standard input, a socket of IsolatedReader's, and answers
// there, until it is closed. Returns the exit status.
int RunPageWorker();

}  // namespace dateline

#endif  // DATELINE_PARSER_ISOLATION_PAGE_WORKER_H_

#ifndef DATELINE_PARSER_ISOLATION_TEST_POISON_H_
#define DATELINE_PARSER_ISOLATION_TEST_POISON_H_

#include "parser/core/page_verdict.h"

namespace dateline {

// For tests, where --test_poison asks for it: a page with one of these in it
// does what no page that is known can do to the extractor.
//   dateline-test-poison:crash   dies of SIGSEGV
//   dateline-test-poison:hang    computes for ever
//   dateline-test-poison:sleep   waits for ever
//   dateline-test-poison:memory  takes more and more memory
//   dateline-test-poison:slow    waits for half a second, then is a page as
//                                others are
//   dateline-test-poison:socket  opens a socket
//   dateline-test-poison:file    opens a file, and crashes where it could
void ActOnPoison(const PageTask& task);

}  // namespace dateline

#endif  // DATELINE_PARSER_ISOLATION_TEST_POISON_H_

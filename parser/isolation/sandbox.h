#ifndef DATELINE_PARSER_ISOLATION_SANDBOX_H_
#define DATELINE_PARSER_ISOLATION_SANDBOX_H_

#include <cstdint>

#include "absl/status/status.h"

namespace dateline {

// Whether this build takes limits: not with sanitizers, which need the address
// space and calls of their own.
bool CanBeLimited();

// First thing in a worker: it ends with the thread that started it, gives up
// root, leaves no core, and can't be looked into.
void DetachFromParser();

// Memory: what the process has now and `memory_bytes` more of address space.
// kInternal where the system refuses.
absl::Status LimitMemory(int64_t memory_bytes);

// From here on the process can only use its memory and the descriptors that are
// open, and end: what starts a program or a thread, or reaches the network,
// ends the process; any other call fails with EPERM. kInternal where the kernel
// knows no filters.
absl::Status EnterSandbox();

}  // namespace dateline

#endif  // DATELINE_PARSER_ISOLATION_SANDBOX_H_

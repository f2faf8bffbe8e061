#ifndef DATELINE_STORE_CORE_INTERRUPT_H_
#define DATELINE_STORE_CORE_INTERRUPT_H_

#include <functional>

#include "absl/status/status.h"

namespace dateline::store {

// Why a call that may take long is to be given up: the error that it then
// returns. Asked every few milliseconds or so, on the call's thread; once it
// has said so it goes on saying so. Null: never.
using Interrupt = std::function<absl::Status()>;

inline absl::Status Interrupted(const Interrupt& interrupt) {
  return interrupt ? interrupt() : absl::OkStatus();
}

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_INTERRUPT_H_

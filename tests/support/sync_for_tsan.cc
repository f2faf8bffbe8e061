// Tells ThreadSanitizer what Abseil's mutexes and C's threads order, in builds
// for it.
//
// Debian's Abseil is built without ThreadSanitizer, which then sees none of its
// locks, nor those of gRPC, which uses them, and calls most that threads share
// a race. These definitions stand before those of the shared library, which
// also the library's own calls go through: each passes on to the library's, and
// says what came before what. The same for C's threads, which librdkafka uses.
#include <dlfcn.h>
#include <pthread.h>
#include <sanitizer/tsan_interface.h>
#include <threads.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <memory>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

extern "C" {

// Libraries that are built without ThreadSanitizer order by atomics, too, which
// it doesn't see there: what they copy and free themselves is theirs.
const char* __tsan_default_options();
const char* __tsan_default_options() {
  return "ignore_noninstrumented_modules=1";
}

const char* __tsan_default_suppressions();
const char* __tsan_default_suppressions() {
  return
      // gRPC hands a call's state from thread to thread by atomics.
      "race:grpc::internal::\n";
}

}  // extern "C"

namespace {

// The library's function of this mangled name, in the type of `own`.
template <typename Function>
Function Original(Function, const char* name) {
  void* const found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) abort();
  Function function;
  static_assert(sizeof(Function) == 2 * sizeof(found));
  // A pointer to a member that is not virtual: its address, and no offset.
  void* parts[2] = {found, nullptr};
  __builtin_memcpy(&function, parts, sizeof(function));
  return function;
}

// Conditions are evaluated under the mutex, by whoever is about to give it up.
thread_local void* evaluates_under = nullptr;

class Under {
 public:
  explicit Under(void* mutex) : before_(evaluates_under) {
    evaluates_under = mutex;
  }
  ~Under() { evaluates_under = before_; }

 private:
  void* const before_;
};

}  // namespace

#define DATELINE_ORIGINAL(member, name) \
  static const auto original = Original(&member, name)

namespace absl {
ABSL_NAMESPACE_BEGIN

void Mutex::Lock() {
  DATELINE_ORIGINAL(Mutex::Lock, "_ZN4absl7debian35Mutex4LockEv");
  (this->*original)();
  __tsan_acquire(this);
}

void Mutex::Unlock() {
  DATELINE_ORIGINAL(Mutex::Unlock, "_ZN4absl7debian35Mutex6UnlockEv");
  const Under under(this);
  __tsan_release(this);
  (this->*original)();
}

bool Mutex::TryLock() {
  DATELINE_ORIGINAL(Mutex::TryLock, "_ZN4absl7debian35Mutex7TryLockEv");
  const bool locked = (this->*original)();
  if (locked) __tsan_acquire(this);
  return locked;
}

void Mutex::ReaderLock() {
  DATELINE_ORIGINAL(Mutex::ReaderLock, "_ZN4absl7debian35Mutex10ReaderLockEv");
  (this->*original)();
  __tsan_acquire(this);
}

void Mutex::ReaderUnlock() {
  DATELINE_ORIGINAL(Mutex::ReaderUnlock,
                    "_ZN4absl7debian35Mutex12ReaderUnlockEv");
  const Under under(this);
  __tsan_release(this);
  (this->*original)();
}

bool Mutex::ReaderTryLock() {
  DATELINE_ORIGINAL(Mutex::ReaderTryLock,
                    "_ZN4absl7debian35Mutex13ReaderTryLockEv");
  const bool locked = (this->*original)();
  if (locked) __tsan_acquire(this);
  return locked;
}

void Mutex::LockWhen(const Condition& condition) {
  DATELINE_ORIGINAL(Mutex::LockWhen,
                    "_ZN4absl7debian35Mutex8LockWhenERKNS0_9ConditionE");
  const Under under(this);
  __tsan_release(this);  // the condition, for who evaluates it
  (this->*original)(condition);
  __tsan_acquire(this);
}

bool Mutex::LockWhenWithTimeout(const Condition& condition, Duration timeout) {
  DATELINE_ORIGINAL(Mutex::LockWhenWithTimeout,
                    "_ZN4absl7debian35Mutex19LockWhenWithTimeoutERKNS0_"
                    "9ConditionENS0_8DurationE");
  const Under under(this);
  __tsan_release(this);  // the condition, for who evaluates it
  const bool is_true = (this->*original)(condition, timeout);
  __tsan_acquire(this);
  return is_true;
}

bool Mutex::LockWhenWithDeadline(const Condition& condition, Time deadline) {
  DATELINE_ORIGINAL(Mutex::LockWhenWithDeadline,
                    "_ZN4absl7debian35Mutex20LockWhenWithDeadlineERKNS0_"
                    "9ConditionENS0_4TimeE");
  const Under under(this);
  __tsan_release(this);  // the condition, for who evaluates it
  const bool is_true = (this->*original)(condition, deadline);
  __tsan_acquire(this);
  return is_true;
}

void Mutex::Await(const Condition& condition) {
  DATELINE_ORIGINAL(Mutex::Await,
                    "_ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE");
  const Under under(this);
  __tsan_release(this);
  (this->*original)(condition);
  __tsan_acquire(this);
}

bool Mutex::AwaitWithTimeout(const Condition& condition, Duration timeout) {
  DATELINE_ORIGINAL(Mutex::AwaitWithTimeout,
                    "_ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_"
                    "9ConditionENS0_8DurationE");
  const Under under(this);
  __tsan_release(this);
  const bool is_true = (this->*original)(condition, timeout);
  __tsan_acquire(this);
  return is_true;
}

bool Mutex::AwaitWithDeadline(const Condition& condition, Time deadline) {
  DATELINE_ORIGINAL(Mutex::AwaitWithDeadline,
                    "_ZN4absl7debian35Mutex17AwaitWithDeadlineERKNS0_"
                    "9ConditionENS0_4TimeE");
  const Under under(this);
  __tsan_release(this);
  const bool is_true = (this->*original)(condition, deadline);
  __tsan_acquire(this);
  return is_true;
}

bool Condition::Eval() const {
  DATELINE_ORIGINAL(Condition::Eval, "_ZNK4absl7debian39Condition4EvalEv");
  void* const mutex = evaluates_under;
  if (mutex != nullptr) __tsan_acquire(mutex);
  const bool is_true = (this->*original)();
  if (mutex != nullptr) __tsan_release(mutex);
  return is_true;
}

void CondVar::Wait(Mutex* mutex) {
  DATELINE_ORIGINAL(CondVar::Wait,
                    "_ZN4absl7debian37CondVar4WaitEPNS0_5MutexE");
  const Under under(mutex);
  __tsan_release(mutex);
  (this->*original)(mutex);
  __tsan_acquire(mutex);
}

bool CondVar::WaitWithTimeout(Mutex* mutex, Duration timeout) {
  DATELINE_ORIGINAL(CondVar::WaitWithTimeout,
                    "_ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_"
                    "5MutexENS0_8DurationE");
  const Under under(mutex);
  __tsan_release(mutex);
  const bool is_over = (this->*original)(mutex, timeout);
  __tsan_acquire(mutex);
  return is_over;
}

bool CondVar::WaitWithDeadline(Mutex* mutex, Time deadline) {
  DATELINE_ORIGINAL(CondVar::WaitWithDeadline,
                    "_ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_"
                    "5MutexENS0_4TimeE");
  const Under under(mutex);
  __tsan_release(mutex);
  const bool is_over = (this->*original)(mutex, deadline);
  __tsan_acquire(mutex);
  return is_over;
}

// Whether it has been notified is asked without the mutex.
void Notification::Notify() {
  DATELINE_ORIGINAL(Notification::Notify,
                    "_ZN4absl7debian312Notification6NotifyEv");
  __tsan_release(&notified_yet_);
  (this->*original)();
}

// Counts by an atomic.
bool BlockingCounter::DecrementCount() {
  DATELINE_ORIGINAL(BlockingCounter::DecrementCount,
                    "_ZN4absl7debian315BlockingCounter14DecrementCountEv");
  __tsan_release(this);
  return (this->*original)();
}

void BlockingCounter::Wait() {
  DATELINE_ORIGINAL(BlockingCounter::Wait,
                    "_ZN4absl7debian315BlockingCounter4WaitEv");
  (this->*original)();
  __tsan_acquire(this);
}

ABSL_NAMESPACE_END
}  // namespace absl

namespace {

struct Start {
  thrd_start_t run;
  void* argument;
};

void* Run(void* start) {
  const std::unique_ptr<Start> taken(static_cast<Start*>(start));
  return reinterpret_cast<void*>(
      static_cast<intptr_t>(taken->run(taken->argument)));
}

template <typename Function>
Function OriginalOfC(Function, const char* name) {
  void* const found = dlsym(RTLD_NEXT, name);
  if (found == nullptr) abort();
  return reinterpret_cast<Function>(found);
}

}  // namespace

extern "C" {

// A thread that ThreadSanitizer doesn't know of ends the process.
int thrd_create(thrd_t* thread, thrd_start_t run, void* argument) {
  auto start = std::make_unique<Start>(Start{run, argument});
  const int error = pthread_create(thread, nullptr, &Run, start.get());
  if (error != 0) return error == EAGAIN ? thrd_nomem : thrd_error;
  start.release();
  return thrd_success;
}

int thrd_join(thrd_t thread, int* result) {
  void* returned = nullptr;
  if (pthread_join(thread, &returned) != 0) return thrd_error;
  if (result != nullptr) {
    *result = static_cast<int>(reinterpret_cast<intptr_t>(returned));
  }
  return thrd_success;
}

int mtx_lock(mtx_t* mutex) {
  static const auto original = OriginalOfC(&mtx_lock, "mtx_lock");
  const int result = original(mutex);
  __tsan_acquire(mutex);
  return result;
}

int mtx_trylock(mtx_t* mutex) {
  static const auto original = OriginalOfC(&mtx_trylock, "mtx_trylock");
  const int result = original(mutex);
  if (result == thrd_success) __tsan_acquire(mutex);
  return result;
}

int mtx_unlock(mtx_t* mutex) {
  static const auto original = OriginalOfC(&mtx_unlock, "mtx_unlock");
  __tsan_release(mutex);
  return original(mutex);
}

int cnd_wait(cnd_t* condition, mtx_t* mutex) {
  static const auto original = OriginalOfC(&cnd_wait, "cnd_wait");
  __tsan_release(mutex);
  const int result = original(condition, mutex);
  __tsan_acquire(mutex);
  return result;
}

int cnd_timedwait(cnd_t* condition, mtx_t* mutex, const timespec* deadline) {
  static const auto original = OriginalOfC(&cnd_timedwait, "cnd_timedwait");
  __tsan_release(mutex);
  const int result = original(condition, mutex, deadline);
  __tsan_acquire(mutex);
  return result;
}

}  // extern "C"

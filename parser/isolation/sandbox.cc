#include "parser/isolation/sandbox.h"

#include <errno.h>
#include <grp.h>
#include <seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <type_traits>

#include "absl/strings/str_cat.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define DATELINE_UNLIMITED
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define DATELINE_UNLIMITED
#endif

namespace dateline {
namespace {

constexpr uid_t kNobody = 65534;

absl::Status Refused(absl::string_view what, int error) {
  return absl::InternalError(absl::StrCat(what, ": ", strerror(error)));
}

// What reading a page needs.
constexpr int kAllowed[] = {
    // The parser's socket and standard error, open already.
    SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(recvfrom), SCMP_SYS(recvmsg),
    SCMP_SYS(write), SCMP_SYS(writev), SCMP_SYS(sendto), SCMP_SYS(sendmsg),
    SCMP_SYS(poll), SCMP_SYS(ppoll),
    // Memory.
    SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mremap),
    SCMP_SYS(madvise), SCMP_SYS(mprotect),
    // Time, locks, chance.
    SCMP_SYS(clock_gettime), SCMP_SYS(gettimeofday), SCMP_SYS(getrusage),
    SCMP_SYS(futex), SCMP_SYS(sched_yield), SCMP_SYS(getrandom),
    // The end, by abort() too.
    SCMP_SYS(exit), SCMP_SYS(exit_group), SCMP_SYS(rt_sigreturn),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction), SCMP_SYS(getpid),
    SCMP_SYS(gettid), SCMP_SYS(restart_syscall)};

// What no mistake would call.
constexpr int kFatal[] = {SCMP_SYS(execve),
                          SCMP_SYS(execveat),
                          SCMP_SYS(fork),
                          SCMP_SYS(vfork),
                          SCMP_SYS(clone),
                          SCMP_SYS(clone3),
                          SCMP_SYS(socket),
                          SCMP_SYS(connect),
                          SCMP_SYS(bind),
                          SCMP_SYS(ptrace),
                          SCMP_SYS(process_vm_writev),
                          SCMP_SYS(unlink),
                          SCMP_SYS(unlinkat),
                          SCMP_SYS(rename),
                          SCMP_SYS(renameat2)};

int AddRules(scmp_filter_ctx filter) {
  for (const int call : kAllowed) {
    const int error = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0);
    if (error != 0) return error;
  }
  for (const int call : kFatal) {
    const int error = seccomp_rule_add(filter, SCMP_ACT_KILL_PROCESS, call, 0);
    if (error != 0) return error;
  }
  // Signals to itself only.
  return seccomp_rule_add(
      filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
      SCMP_A0(SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid())));
}

void GiveUpRoot() {
  if (geteuid() != 0) return;
  // Where the system has no other users, the filter has to do.
  if (setgroups(0, nullptr) != 0 || setresgid(kNobody, kNobody, kNobody) != 0 ||
      setresuid(kNobody, kNobody, kNobody) != 0) {
    return;
  }
}

}  // namespace

bool CanBeLimited() {
#ifdef DATELINE_UNLIMITED
  return false;
#else
  return true;
#endif
}

void DetachFromParser() {
  // Changing users clears what follows.
  GiveUpRoot();
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  prctl(PR_SET_DUMPABLE, 0);
  prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  const rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

absl::Status LimitMemory(int64_t memory_bytes) {
  rlim_t pages = 0;
  if (!(std::ifstream("/proc/self/statm") >> pages)) {
    return absl::InternalError("can't read /proc/self/statm");
  }
  const rlim_t most = pages * static_cast<rlim_t>(sysconf(_SC_PAGESIZE)) +
                      static_cast<rlim_t>(memory_bytes);
  const rlimit limit = {most, most};
  if (setrlimit(RLIMIT_AS, &limit) != 0) {
    return Refused("can't limit memory", errno);
  }
  return absl::OkStatus();
}

absl::Status EnterSandbox() {
  // No more descriptors than standard input, output and error.
  const rlimit descriptors = {3, 3};
  if (setrlimit(RLIMIT_NOFILE, &descriptors) != 0) {
    return Refused("can't limit descriptors", errno);
  }
  const std::unique_ptr<std::remove_pointer_t<scmp_filter_ctx>,
                        decltype(&seccomp_release)>
      filter(seccomp_init(SCMP_ACT_ERRNO(EPERM)), &seccomp_release);
  if (filter == nullptr) return absl::InternalError("no filter of calls");
  int error = AddRules(filter.get());
  if (error == 0) error = seccomp_load(filter.get());
  return error == 0 ? absl::OkStatus()
                    : Refused("the kernel takes no filter of calls", -error);
}

}  // namespace dateline

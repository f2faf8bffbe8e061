#include "common/service_main.h"

#include <malloc.h>
#include <pthread.h>
#include <signal.h>

#include <cstdlib>
#include <cstring>
#include <iostream>
#include <map>

#include "absl/flags/commandlineflag.h"
#include "absl/flags/flag.h"
#include "absl/flags/parse.h"
#include "absl/flags/reflection.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/log.h"

ABSL_FLAG(std::string, log_level, "info",
          "Lowest level to log: debug, info, warning or error");

namespace dateline {
namespace {

sigset_t TerminationSignals() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGTERM);
  sigaddset(&signals, SIGINT);
  return signals;
}

// Dateline's own flags by name; Abseil brings some for itself.
std::map<std::string, absl::CommandLineFlag*> OwnFlags() {
  std::map<std::string, absl::CommandLineFlag*> own;
  for (const auto& [name, flag] : absl::GetAllFlags()) {
    if (!absl::StrContains(flag->Filename(), "absl/")) {
      own.emplace(std::string(name), flag);
    }
  }
  return own;
}

std::string EnvironmentName(absl::string_view flag) {
  return absl::StrCat("DATELINE_", absl::AsciiStrToUpper(flag));
}

[[noreturn]] void PrintHelp(absl::string_view usage) {
  std::cout << usage << "\n\nFlags, each also readable from the environment:\n";
  for (const auto& [name, flag] : OwnFlags()) {
    if (absl::StartsWith(name, "test_")) continue;
    std::cout << "  --" << name << " (" << EnvironmentName(name)
              << "; default: \"" << flag->DefaultValue() << "\")\n      "
              << flag->Help() << "\n";
  }
  std::cout << "  --help\n      Print this.\n"
            << "  --version\n      Print the version.\n";
  std::exit(0);
}

[[noreturn]] void Die(absl::string_view name, absl::string_view message) {
  std::cerr << name << ": " << message << "\n";
  std::exit(2);
}

absl::string_view BaseName(absl::string_view path) {
  return path.substr(path.rfind('/') + 1);
}

void HandleHelpAndVersion(int argc, char** argv, absl::string_view usage) {
  for (int i = 1; i < argc && std::strcmp(argv[i], "--") != 0; ++i) {
    const absl::string_view argument = argv[i];
    if (argument == "--help" || argument == "-h") PrintHelp(usage);
    if (argument == "--version") {
      std::cout << BaseName(argv[0]) << " " << DATELINE_VERSION << "\n";
      std::exit(0);
    }
  }
}

void ReadEnvironment(absl::string_view program) {
  for (const auto& [name, flag] : OwnFlags()) {
    const std::string variable = EnvironmentName(name);
    const char* value = std::getenv(variable.c_str());
    std::string error;
    if (value != nullptr && !flag->ParseFrom(value, &error)) {
      Die(program, absl::StrCat("environment variable ", variable,
                                " has a value that --", name,
                                " doesn't take: '", value, "' ", error));
    }
  }
}

}  // namespace

std::vector<std::string> InitMainWithArguments(int argc, char** argv,
                                               absl::string_view usage) {
  const sigset_t signals = TerminationSignals();
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  // A file that may grow no more is a full disk: an error, not the end.
  signal(SIGXFSZ, SIG_IGN);
  // Debian's Abseil, which gRPC uses too, else looks for cycles at each lock.
  // Tests, which don't come by here, keep that.
  absl::SetMutexDeadlockDetectionMode(absl::OnDeadlockCycle::kIgnore);
  HandleHelpAndVersion(argc, argv, usage);
  ReadEnvironment(BaseName(argv[0]));
  const std::vector<char*> rest = absl::ParseCommandLine(argc, argv);
  if (!SetLogLevel(absl::GetFlag(FLAGS_log_level))) {
    Die(BaseName(argv[0]),
        absl::StrCat("--log_level '", absl::GetFlag(FLAGS_log_level),
                     "' is none of debug, info, warning, error"));
  }
  return std::vector<std::string>(rest.begin() + 1, rest.end());
}

void InitMain(int argc, char** argv, absl::string_view usage) {
  const std::vector<std::string> arguments =
      InitMainWithArguments(argc, argv, usage);
  if (!arguments.empty()) {
    Die(BaseName(argv[0]),
        absl::StrCat("unexpected argument '", arguments[0], "'; see --help"));
  }
}

void BoundHeaps(const HeapBounds& bounds) {
  mallopt(M_ARENA_MAX, bounds.most_heaps);
  mallopt(M_MMAP_THRESHOLD, bounds.mapped_bytes);
  mallopt(M_TRIM_THRESHOLD, bounds.kept_bytes);
}

std::string WaitForTermination() {
  const sigset_t signals = TerminationSignals();
  int signal_number = 0;
  sigwait(&signals, &signal_number);
  return signal_number == SIGTERM ? "SIGTERM" : "SIGINT";
}

absl::Status RequireAtLeast(absl::string_view flag, int64_t value,
                            int64_t least) {
  if (value >= least) return absl::OkStatus();
  return absl::InvalidArgumentError(
      absl::StrCat("--", flag, " must be at least ", least, ", not ", value));
}

int FailMain(absl::string_view name, const absl::Status& status) {
  std::cerr << name << ": " << status.message() << "\n";
  return 1;
}

}  // namespace dateline

#include "tests/store/opensearch_node.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "store/opensearch/client.h"

namespace dateline::store {
namespace {

constexpr absl::Duration kStartTimeout = absl::Seconds(120);

int FreePort() {
  const int probe = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(probe, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(probe);
  return ntohs(address.sin_port);
}

// In the child: becomes the command, with its output in `log`.
[[noreturn]] void Become(const std::vector<std::string>& command,
                         const std::string& log) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int file = ::open(log.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  ::dup2(file, STDOUT_FILENO);
  ::dup2(file, STDERR_FILENO);
  std::vector<char*> arguments;
  for (const std::string& part : command) {
    arguments.push_back(const_cast<char*>(part.c_str()));
  }
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

}  // namespace

std::unique_ptr<OpenSearchNode> OpenSearchNode::Start() {
  std::unique_ptr<OpenSearchNode> node(new OpenSearchNode());
  const std::string deps =
      absl::StrCat(DATELINE_SOURCE_DIR, "/build/deps/opensearch");
  const std::string settings = node->directory_.File("log4j2.properties");
  std::ofstream(settings) << "rootLogger.level=warn\n"
                             "rootLogger.appenderRef.stdout.ref=stdout\n"
                             "appender.stdout.type=Console\n"
                             "appender.stdout.name=stdout\n";
  const int port = FreePort();
  node->url_ = absl::StrCat("http://127.0.0.1:", port);
  const std::vector<std::string> command = {
      "java",
      "-Xms128m",
      "-Xmx384m",
      "-XX:+UseSerialGC",
      "-cp",
      absl::StrCat(deps, "/classes:", deps, "/libs/*"),
      absl::StrCat("-Dlog4j2.configurationFile=", settings),
      "OpenSearchNode",
      "cluster.name=test",
      "node.name=test",
      "discovery.type=single-node",
      "network.host=127.0.0.1",
      absl::StrCat("http.port=", port),
      absl::StrCat("transport.port=", FreePort()),
      absl::StrCat("path.home=", node->directory_.path().string()),
      "cluster.routing.allocation.disk.threshold_enabled=false"};
  const std::string log = node->directory_.File("log");
  node->pid_ = ::fork();
  if (node->pid_ == 0) Become(command, log);
  const absl::Time deadline = absl::Now() + kStartTimeout;
  while (!node->Answers()) {
    if (absl::Now() > deadline ||
        ::waitpid(node->pid_, nullptr, WNOHANG) != 0) {
      std::fprintf(stderr, "OpenSearch did not start:\n");
      std::ifstream lines(log);
      for (std::string line; std::getline(lines, line);) {
        std::fprintf(stderr, "%s\n", line.c_str());
      }
      return nullptr;
    }
    absl::SleepFor(absl::Milliseconds(100));
  }
  return node;
}

OpenSearchNode::~OpenSearchNode() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool OpenSearchNode::Answers() const {
  const auto client = OpenSearchClient::Create({.http = {.urls = {url_}}});
  return (*client)->Read("GET", "/_cluster/health", nlohmann::json()).ok();
}

void OpenSearchNode::Pause() const {
  ::kill(pid_, SIGSTOP);
  // Until all of its threads stand still.
  ::waitpid(pid_, nullptr, WUNTRACED);
}

void OpenSearchNode::Resume() const { ::kill(pid_, SIGCONT); }

}  // namespace dateline::store

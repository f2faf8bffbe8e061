#include "tests/fetcher/loopback_http_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdlib>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace dateline::fetcher {
namespace {

std::string ReadHead(int socket) {
  std::string head;
  char buffer[4096];
  while (head.find("\r\n\r\n") == std::string::npos) {
    const ssize_t count = recv(socket, buffer, sizeof(buffer), 0);
    if (count <= 0) return "";
    head.append(buffer, static_cast<size_t>(count));
  }
  return head;
}

}  // namespace

bool LoopbackConnection::Send(const std::string& bytes) {
  size_t sent = 0;
  while (sent < bytes.size()) {
    const ssize_t count =
        send(socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (count <= 0) return false;
    sent += static_cast<size_t>(count);
  }
  return true;
}

bool LoopbackConnection::Answer(int status, const std::string& headers,
                                const std::string& body) {
  return Send(absl::StrCat("HTTP/1.1 ", status,
                           " x\r\nContent-Length: ", body.size(),
                           "\r\nConnection: close\r\n", headers, "\r\n", body));
}

void LoopbackConnection::WaitForClose() {
  char buffer[256];
  while (recv(socket_, buffer, sizeof(buffer), 0) > 0) {
  }
}

LoopbackHttpServer::LoopbackHttpServer() {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  if (bind(listener_, generic, size) != 0 || listen(listener_, 1024) != 0 ||
      getsockname(listener_, generic, &size) != 0) {
    std::abort();
  }
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { Run(); });
}

LoopbackHttpServer::~LoopbackHttpServer() {
  shutdown(listener_, SHUT_RDWR);
  thread_.join();
  close(listener_);
}

void LoopbackHttpServer::On(const std::string& path, Script script) {
  scripts_[path] = std::move(script);
}

std::string LoopbackHttpServer::Url(const std::string& path) const {
  return absl::StrCat("http://127.0.0.1:", port_, path);
}

std::vector<std::string> LoopbackHttpServer::Paths() const {
  absl::MutexLock lock(&mutex_);
  return paths_;
}

void LoopbackHttpServer::Run() {
  while (true) {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (connection < 0) break;
    connections_.emplace_back([this, connection] { Serve(connection); });
  }
  for (std::thread& connection : connections_) connection.join();
}

void LoopbackHttpServer::Serve(int socket) {
  const std::string head = ReadHead(socket);
  const std::vector<std::string> words = absl::StrSplit(head, ' ');
  if (words.size() > 1) {
    {
      absl::MutexLock lock(&mutex_);
      paths_.push_back(words[1]);
    }
    LoopbackConnection connection(socket, head);
    const auto script = scripts_.find(words[1]);
    if (script != scripts_.end()) {
      script->second(connection);
    } else {
      connection.Answer(404, "Content-Type: text/html\r\n", "not found");
    }
    shutdown(socket, SHUT_WR);
    connection.WaitForClose();
  }
  close(socket);
}

}  // namespace dateline::fetcher

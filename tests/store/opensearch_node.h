#ifndef DATELINE_TESTS_STORE_OPENSEARCH_NODE_H_
#define DATELINE_TESTS_STORE_OPENSEARCH_NODE_H_

#include <sys/types.h>

#include <memory>
#include <string>

#include "tests/store/temporary_directory.h"

namespace dateline::store {

// A real OpenSearch node in a process of its own, on a free port of loopback,
// with data of its own. It ends with this object, and with this process.
class OpenSearchNode {
 public:
  // Waits until the node answers; null, with the reason on stderr, where it
  // doesn't.
  static std::unique_ptr<OpenSearchNode> Start();
  ~OpenSearchNode();
  OpenSearchNode(const OpenSearchNode&) = delete;
  OpenSearchNode& operator=(const OpenSearchNode&) = delete;

  const std::string& url() const { return url_; }

  // Holds the process, so that it answers nothing, and lets it go on.
  void Pause() const;
  void Resume() const;

 private:
  OpenSearchNode() = default;
  bool Answers() const;

  TemporaryDirectory directory_;
  std::string url_;
  pid_t pid_ = -1;
};

}  // namespace dateline::store

#endif  // DATELINE_TESTS_STORE_OPENSEARCH_NODE_H_

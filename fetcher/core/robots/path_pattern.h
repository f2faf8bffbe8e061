#ifndef DATELINE_FETCHER_CORE_ROBOTS_PATH_PATTERN_H_
#define DATELINE_FETCHER_CORE_ROBOTS_PATH_PATTERN_H_

#include <cstddef>
#include <string>

#include "absl/strings/string_view.h"

namespace dateline::fetcher {

// The path and query of a URL, in the forms that patterns are compared with.
class RobotsPath {
 public:
  // `path_and_query` begins with "/"; an empty one stands for "/".
  explicit RobotsPath(absl::string_view path_and_query);

  absl::string_view plain() const { return plain_; }
  absl::string_view query_encoded() const { return query_encoded_; }

 private:
  std::string plain_;
  std::string query_encoded_;
};

// The pattern of an `Allow` or `Disallow` line (RFC 9309 §2.2.2 and §2.2.3):
// it matches from the start of the path, `*` stands for any octets, a closing
// `$` for the end.
//
// Both sides are compared percent-encoded: unreserved characters as themselves,
// reserved ones as they were written, everything else encoded. So "/a-%2A"
// names a star, and "/%7Efoo" is "/~foo". As in the RFC's table, a reserved
// character in a query matches its encoded form too.
class PathPattern {
 public:
  // `text` without surrounding white space.
  explicit PathPattern(absl::string_view text);

  // Never goes back in the path, however many stars there are.
  bool Matches(const RobotsPath& path) const;

  // What the RFC's longest match counts: the octets of the encoded pattern.
  size_t size() const { return plain_.size(); }
  const std::string& text() const { return plain_; }

 private:
  std::string plain_;
  std::string query_encoded_;  // empty where it is the same
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_ROBOTS_PATH_PATTERN_H_
